"""The search itself: a Query in, at most one screen of people out, the best first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from opora.insured.models import Person
from opora.insured.search import candidates, words
from opora.insured.search.candidates import Ask
from opora.insured.search.numbers import Guess, How, guesses
from opora.insured.search.parse import Query, Word
from opora.insured.search.rank import Candidate, Verdict, judge
from opora.shared.dates import Days

if TYPE_CHECKING:
    from opora.organisations.models import Employee

SCREEN = 20
EACH = SCREEN + 1
MOST = 4 * SCREEN
FEW, LEAST_TO_BE_SURE = 3, 2  # so few good hits of so few words that likenesses are shown below them
MOST_ASKS = 240
MOST_NUMBERED = 300
LEAST_BEGINNING_BESIDE_WORDS = 6
PATRONYMIC_ENDS = ("вич", "вна", "чна", "ична", "оглы", "кызы", "ьич", "мич", "тич")


@dataclass(slots=True)
class Hit:
    """A person found and why: the verdict on the names, the numbers that fit, whether the birth date asked fits."""

    person: Person
    verdict: Verdict
    numbers: list[tuple[Guess, str]]
    birth_fits: bool | None


@dataclass(slots=True)
class Found:
    """``has_more``: people were left off; ``notice``: what the search did that was not asked."""

    hits: list[Hit] = field(default_factory=list)
    has_more: bool = False
    notice: str = ""


@dataclass(slots=True)
class _Pool:
    """Candidates judged so far, each person once, at the least cost."""

    query: Query
    best: dict[int, tuple[Candidate, Verdict]] = field(default_factory=dict)
    _readings: "_Readings | None" = None

    @property
    def readings(self) -> "_Readings":
        """The words of the query against the dictionaries, looked up once however many ways are tried."""
        self._readings = self._readings or _Readings(self.query.words)
        return self._readings

    def add(self, people: Iterable[Candidate], *, spare: int = 0, alike: bool = True) -> None:
        for person in people:
            verdict = judge(self.query.words, person, spare=spare, alike=alike)
            if verdict and (person.id not in self.best or verdict.cost < self.best[person.id][1].cost):
                self.best[person.id] = (person, verdict)

    @property
    def is_full(self) -> bool:
        return len(self.best) > SCREEN

    def __len__(self) -> int:
        return len(self.best)


def find(query: Query, employee: "Employee") -> Found:
    """Return people she may see who fit the query; call inside her scope. Two to eight queries.

    Where the first reading of the text finds nobody, the next one is tried and ``notice`` says so.
    """
    pool = _Pool(query)
    notice = ""
    if query.numbers:
        _by_numbers(query, pool)
    elif query.birth and query.birth.is_one_day:
        _by_birth(query.birth, pool)
    elif query.words:
        _by_names(query.birth, pool)
    if not pool:
        notice = _second_readings(query, pool)
    return _screen(query, pool, employee, notice)


def _second_readings(query: Query, pool: _Pool) -> str:
    if query.maybe_numbers:
        _by_numbers(Query(query.words, numbers=query.maybe_numbers), pool)
        if pool:
            return ""
    if query.maybe_birth:
        _by_birth(query.maybe_birth, pool)
        if pool:
            return ""
    if len(query.words) > 1 and (query.birth or query.numbers):
        _by_names(None, pool)
        if pool and query.birth:
            return "С такой датой рождения никого нет. Ниже — люди с таким именем и другой датой"
        if pool:
            return "По этому номеру никого нет. Ниже — люди с таким именем"
    return ""


def _by_numbers(query: Query, pool: _Pool) -> None:
    """Whole numbers first, parts of numbers only when no whole one is found; words and a date narrow what was found.

    A whole number whose holder is called otherwise is shown all the same, and what does not fit is told.
    """
    stems = sorted({key[:2] for word in query.words for key in word.keys})
    for number in query.numbers:
        options = guesses(number)
        whole = [guess for guess in options if guess.how is How.WHOLE]
        people = candidates.numbered(whole, [], each=EACH)
        pool.add(people)
        if not pool:
            pool.add(people, spare=len(query.words))
        if not pool:
            # Beside a name people give the end of a number; a short beginning would only bring strangers.
            parts = [
                guess
                for guess in options
                if guess.how is How.ENDS or (guess.how is How.BEGINS and _may_begin(query, guess))
            ]
            each = MOST_NUMBERED if stems or query.birth else EACH
            people = candidates.numbered(parts, stems, each=each)
            pool.add(person for person in people if not query.birth or _is_within(person, query.birth))
        if pool:
            return


def _may_begin(query: Query, guess: Guess) -> bool:
    return len(guess.digits) >= LEAST_BEGINNING_BESIDE_WORDS or not query.words


def _by_birth(days: Days, pool: _Pool) -> None:
    people = candidates.born_on(days.first)
    pool.add(people, alike=False)
    if len(pool) == 0:
        pool.add(people)
    if len(pool) == 0 and len(pool.query.words) > 1:
        pool.add(people, spare=1)


def _by_names(birth: Days | None, pool: _Pool) -> None:
    readings = pool.readings
    asks = readings.asks()
    pool.add(candidates.named(asks, birth, each=EACH, most=MOST))
    if not pool.is_full:
        pool.add(candidates.formerly_named(asks, birth, each=EACH, most=MOST))
    if not pool.is_full:
        for surname, given in readings.beginnings():
            pool.add(candidates.beginning_with(surname, given, birth, most=EACH))
    if len(pool) > FEW or (pool and (birth or len(pool.query.words) > LEAST_TO_BE_SURE)):
        return
    _by_like_names(birth, pool)
    if not pool and len(pool.query.words) > 2:
        asks = [Ask(ask.surname, ask.given, ask.is_whole) for ask in readings.asks()]
        pool.add(candidates.named(asks, birth, each=EACH, most=MOST), spare=1)


def _by_like_names(birth: Days | None, pool: _Pool) -> None:
    """One slip first; two only when one was not enough to find anybody."""
    for likeness in ("alike", "far"):
        asks = pool.readings.asks(getattr(pool.readings, likeness))
        pool.add(candidates.named(asks, birth, each=MOST, most=4 * MOST))
        if not pool.is_full:
            pool.add(candidates.formerly_named(asks, birth, each=EACH, most=MOST))
        if pool:
            return


class _Readings:
    """Which word is the surname and which the given name: every order that the dictionaries do not rule out."""

    def __init__(self, query_words: Sequence[Word]) -> None:
        self.words = list(query_words)
        self.joined = [one + other for one, other in zip(self.words, self.words[1:], strict=False)]
        self.keys = [key for word in chain(self.words, self.joined) for key in word.keys]

    @cached_property
    def known(self) -> words.Known:
        return words.known(self.keys)

    @cached_property
    def alike(self) -> words.Known:
        return words.alike(self.keys)

    @cached_property
    def far(self) -> words.Known:
        return words.far(key for word in self.words for key in word.keys)

    def _splits(self) -> Iterable[tuple[Word, list[Word]]]:
        """Yield (surname, other words) for every word and every two neighbours taken as one."""
        for place, word in enumerate(self.words):
            yield word, self.words[:place] + self.words[place + 1 :]
        for place, word in enumerate(self.joined):
            yield word, self.words[:place] + self.words[place + 2 :]

    def asks(self, alike: words.Known | None = None) -> list[Ask]:
        """Return asks, the likelier first: exact surnames, then beginnings and parts; ``alike`` adds likenesses."""
        ranked: list[tuple[int, int, Ask]] = []
        for surname, others in self._splits():
            for reading in surname.keys:
                names = _surnames(reading, self.known, alike) if len(reading) > 1 or not others else []
                for order, name in enumerate(names):
                    ranked += [
                        (int(name != reading), order + rank, ask) for rank, ask in self._with_given(name, others, alike)
                    ]
        ranked.sort(key=lambda one: one[:2])
        return list(dict.fromkeys(ask for _, _, ask in ranked))[:MOST_ASKS]

    def _with_given(self, surname: str, others: list[Word], alike: words.Known | None) -> Iterable[tuple[int, Ask]]:
        if not others:
            yield 0, Ask(surname)
            return
        for place, given in enumerate(others):
            rest = others[:place] + others[place + 1 :]
            stem = rest[0].keys[0][:3] if rest and not alike else ""
            for key in given.keys:
                if self.known.given.get(key):
                    yield place, Ask(surname, key, patronymic=stem)
                for name in alike.given.get(key, []) if alike else []:
                    yield place + 1, Ask(surname, name, is_whole=True)
            if len(others) == 1 and given.keys[0].endswith(PATRONYMIC_ENDS):
                yield place + 2, Ask(surname, patronymic=given.keys[0])

    def beginnings(self) -> Iterable[tuple[str, str]]:
        """Yield (surname, given name) beginnings for surnames the dictionary has too many of."""
        for surname, others in self._splits():
            for reading in surname.keys:
                if reading not in self.known.overflown or len(others) > 1:
                    continue
                if not others:
                    yield reading, ""
                for key in others[0].keys if others else ():
                    if self.known.given.get(key):
                        yield reading, key


def _surnames(reading: str, known: words.Known, alike: words.Known | None) -> list[str]:
    names = known.surnames.get(reading, [])
    if alike is None:
        return names
    return list(dict.fromkeys([*(name for name in names if name == reading), *alike.surnames.get(reading, [])]))


def shown(employee: "Employee") -> QuerySet[Person]:
    """People she may see with what a line of the list shows, and nothing else."""
    places = Person.objects.accessible_to(employee).select_related("insurer", "provider")
    return places.only("surname", "given_name", "patronymic", "birth_on", "enp", "insurer__name", "provider__name")


def _is_within(person: Candidate, days: Days) -> bool:
    return days.first <= person.birth_on <= days.last


def _screen(query: Query, pool: _Pool, employee: "Employee", notice: str) -> Found:
    ranked = sorted(pool.best.values(), key=lambda one: (round(one[1].cost, 2), one[0].order))
    chosen = ranked[:SCREEN]
    ids = [candidate.id for candidate, _ in chosen]
    people = shown(employee).in_bulk(ids)
    birth = query.birth or query.maybe_birth
    hits = [
        Hit(people[one.id], verdict, one.numbers, _is_within(one, birth) if birth else None)
        for one, verdict in chosen
        if one.id in people
    ]
    return Found(hits, has_more=len(ranked) > SCREEN, notice=notice if hits else "")
