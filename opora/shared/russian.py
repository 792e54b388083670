"""Russian words as a search sees them: taken out of a text, brought to their stems. Pure."""

import re
import threading
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")
LONGEST = 40  # a longer run of letters is no word
# Words that say nothing by themselves. «Где», «сколько», «когда» are not here: they tell a term from an address.
STOP = frozenset(
    """
    а без бы в во вот вы да для до его ее ему если еще же за и из или им их к ко ли мне мной мой моя мое мои мою моего
    моей мы на над но ну о об он она они от по под при про с со та так такое то тот тут у уж уже что чтобы чтоб это
    этот эта эту эти этого этом я надо нужно есть был была были быть будет будут меня нам нас вас вам вами ваш ваша
    ваши хочу подскажите скажите здравствуйте пожалуйста какой какая какие какое каком то ой а э ага алло девушка
    """.split()  # noqa: SIM905
)
# Words that tell little: they count, but less than those that name the matter.
WEAK = frozenset(
    """
    где как когда куда откуда кто какого зачем почему сколько можно нельзя не нет ни нету теперь сейчас делать сделать
    говорят сказали сказал сказала хотим могу может дают дать дадут мой своего свой свою свои один одна два другой
    другую другая очень вообще просто только тоже опять
    """.split()  # noqa: SIM905
)

_mine = threading.local()  # a stemmer holds the word it is at: two threads in one spoil both words


def words(text: str) -> list[str]:
    """Return the words of a text in small letters, ё as е.

    >>> words("Ребёнок — 2 года, полис?")
    ['ребенок', '2', 'года', 'полис']
    """
    return [word for word in WORD.findall(text.lower().replace("ё", "е")) if len(word) <= LONGEST]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of one word in small letters by the Snowball algorithm.

    >>> stem("поликлинику"), stem("поликлиникам"), stem("прикрепиться"), stem("прикрепить"), stem("мрт")
    ('поликлиник', 'поликлиник', 'прикреп', 'прикреп', 'мрт')
    """
    if not hasattr(_mine, "stemmer"):
        import snowballstemmer  # stemmers of forty languages: only who searches pays for them

        _mine.stemmer = snowballstemmer.stemmer("russian")
    return str(_mine.stemmer.stemWord(word))


def stems(text: str) -> list[str]:
    """Return stems of the words that say something, in their order."""
    return [stem(word) for word in words(text) if word not in STOP]


def one_slip(first: str, second: str) -> bool:
    """Return whether one letter is wrong, missing, extra or swapped with its neighbour.

    >>> one_slip("полеклиник", "поликлиник"), one_slip("поилс", "полис"), one_slip("рак", "тромб")
    (True, True, False)
    """
    if abs(len(first) - len(second)) > 1 or first == second:
        return False
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    rest, other = first[start:], second[start:]
    if len(rest) == len(other):
        return rest[1:] == other[1:] or (rest[:2] == other[1::-1] and rest[2:] == other[2:])
    longer, shorter = (rest, other) if len(rest) > len(other) else (other, rest)
    return longer[1:] == shorter
