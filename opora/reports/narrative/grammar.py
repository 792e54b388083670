"""Russian as far as we need it: nouns by number, verbs by gender, both from small tables of known words."""

from dataclasses import dataclass
from enum import StrEnum

from opora.shared.typography import counted, plural


class Gender(StrEnum):
    MASCULINE = "m"
    FEMININE = "f"
    NEUTER = "n"
    PLURAL = "pl"


M, F, N, PL = Gender.MASCULINE, Gender.FEMININE, Gender.NEUTER, Gender.PLURAL
ONE = {M: "один", F: "одна", N: "одно"}


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun as numbers want it: 1 жалоба, 2 жалобы, 5 жалоб; ``plural`` is the nominative of many."""

    one: str
    few: str
    many: str
    gender: Gender
    plural: str

    def form(self, number: int) -> str:
        return plural(number, self.one, self.few, self.many)

    def counted(self, number: int) -> str:
        """Return the number with the noun; one is written in words.

        >>> from opora.shared.typography import NBSP
        >>> APPEAL.counted(1), APPEAL.counted(21).replace(NBSP, " ")
        ('одно обращение', '21 обращение')
        """
        if number == 1:
            return f"{ONE[self.gender]} {self.one}"
        return counted(number, self.one, self.few, self.many)


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb in the past, or a short participle, by gender."""

    m: str
    f: str
    n: str
    pl: str

    def form(self, gender: Gender) -> str:
        return {M: self.m, F: self.f, N: self.n, PL: self.pl}[gender]

    def before(self, number: int, noun: Noun) -> str:
        """Return the form before a counted noun: «поступила 21 жалоба», «поступило 22 жалобы».

        >>> came = Verb("поступил", "поступила", "поступило", "поступили")
        >>> [came.before(n, COMPLAINT) for n in (1, 2, 11, 21)]
        ['поступила', 'поступило', 'поступило', 'поступила']
        """
        return self.form(noun.gender if plural(number, "1", "2", "5") == "1" else N)


APPEAL = Noun("обращение", "обращения", "обращений", N, "обращения")
COMPLAINT = Noun("жалоба", "жалобы", "жалоб", F, "жалобы")
JUSTIFIED = Noun("обоснованная жалоба", "обоснованные жалобы", "обоснованных жалоб", F, "обоснованные жалобы")
ANSWER = Noun("ответ", "ответа", "ответов", M, "ответы")
THOUSAND = Noun("тысяча", "тысячи", "тысяч", F, "тысячи")
POINT = Noun("процентный пункт", "процентных пункта", "процентных пунктов", M, "процентные пункты")
TIME = Noun("раз", "раза", "раз", M, "разы")

CAME = Verb("поступил", "поступила", "поступило", "поступили")
GIVEN = Verb("дан", "дана", "дано", "даны")
CONSIDERED = Verb("рассмотрен", "рассмотрена", "рассмотрено", "рассмотрены")
SETTLED = Verb("урегулирован", "урегулирована", "урегулировано", "урегулированы")
SATISFIED = Verb("удовлетворён", "удовлетворена", "удовлетворено", "удовлетворены")
GROWN = (
    Verb("вырос", "выросла", "выросло", "выросли"),
    Verb("увеличился", "увеличилась", "увеличилось", "увеличились"),
)
FALLEN = (
    Verb("снизился", "снизилась", "снизилось", "снизились"),
    Verb("уменьшился", "уменьшилась", "уменьшилось", "уменьшились"),
    Verb("сократился", "сократилась", "сократилось", "сократились"),
)
STAYED = Verb("остался", "осталась", "осталось", "остались")


class Voice:
    """Chooses among words of one meaning in turn, so that neighbours differ and the same figures read the same."""

    def __init__(self) -> None:
        self._said: dict[tuple[Verb, ...], int] = {}

    def verb(self, words: tuple[Verb, ...], gender: Gender) -> str:
        turn = self._said.get(words, 0)
        self._said[words] = turn + 1
        return words[turn % len(words)].form(gender)


def sentence(text: str) -> str:
    """Return the text as a sentence: a capital letter at its head, a full stop at its end.

    >>> sentence("жалоб не было"), sentence("«Полис» — 3")
    ('Жалоб не было.', '«Полис» — 3.')
    """
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", ":")) else f"{text}."


def tidy(name: str) -> str:
    """Return a name without stray blanks and the full stop at its end.

    >>> tidy("  Выбор  врача. ")
    'Выбор врача'
    """
    return " ".join(name.split()).rstrip(". ")
