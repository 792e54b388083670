"""Against the same days of the year before: which word the figures allow, and how the change is said.

========== ==================================================== ==========================================
trend      when                                                  said
========== ==================================================== ==========================================
UNKNOWN    the year before is not known                          nothing
SAME       equal                                                 «столько же»
APPEARED   it was zero                                           «годом раньше не было»; «впервые» if known
GONE       it has become zero                                    «не было, годом раньше — 9»
FEW        either number is under 50                             «12 против 9», no per cents
STEADY     within ±0.5 %                                         «осталось на том же уровне»
UP, DOWN   the rest                                              «на 5,8 %»
TIMES_UP   twice as many or more                                 «вдвое», «в 2,3 раза»
TIMES_DOWN twice as few or fewer                                 the same
========== ==================================================== ==========================================
"""

from enum import StrEnum
from fractions import Fraction

from opora.reports.narrative.analysis import Count
from opora.reports.narrative.dates import Called
from opora.reports.narrative.grammar import FALLEN, GROWN, STAYED, TIME, Gender, Noun, Voice
from opora.reports.narrative.numbers import SMALL, percent, tenths
from opora.reports.narrative.numbers import amount as number
from opora.shared.typography import NBSP


class Trend(StrEnum):
    UNKNOWN = "unknown"
    SAME = "same"
    APPEARED = "appeared"
    GONE = "gone"
    FEW = "few"
    STEADY = "steady"
    UP = "up"
    DOWN = "down"
    TIMES_UP = "times up"
    TIMES_DOWN = "times down"


MOVES = frozenset({Trend.UP, Trend.DOWN, Trend.TIMES_UP, Trend.TIMES_DOWN})
MORE = frozenset({Trend.UP, Trend.TIMES_UP})


def trend(count: Count) -> Trend:
    """Return the trend; the first that fits.

    >>> [str(trend(Count(now, former))) for now, former in ((3, 1), (1058, 1000), (1005, 1000), (2300, 1000), (0, 4))]
    ['few', 'up', 'steady', 'times up', 'gone']
    """
    now, former = count.now, count.former
    if former is None:
        return Trend.UNKNOWN
    if now == former:
        return Trend.SAME
    if not former:
        return Trend.APPEARED
    if not now:
        return Trend.GONE
    return _moved(now, former)


def _moved(now: int, former: int) -> Trend:
    if min(now, former) < SMALL:
        return Trend.FEW
    if abs(now - former) * 200 <= former:
        return Trend.STEADY
    if now > former:
        return Trend.TIMES_UP if now >= 2 * former else Trend.UP
    return Trend.TIMES_DOWN if former >= 2 * now else Trend.DOWN


def size(count: Count, *, loose: bool = False) -> str:
    """Return how large the change is; the trend is one of ``MOVES``.

    ``loose`` is for running text: «почти на 2 %» when at most a tenth of a per cent is missing. «почти вдвое» — 99.95 %
    and more, «более чем вдвое» — under 2.05 times.

    >>> [size(Count(*pair)).replace(NBSP, " ") for pair in ((1058, 1000), (1060, 1000), (2040, 1000), (5000, 1000))]
    ['на 5,8 %', 'на 6 %', 'более чем вдвое', 'в 5 раз']
    >>> size(Count(981, 1000), loose=True).replace(NBSP, " "), size(Count(10195, 10000), loose=True).replace(NBSP, " ")
    ('почти на 2 %', 'почти на 2 %')
    """
    former = count.former or 0
    larger, smaller = max(count.now, former), min(count.now, former)
    if larger >= 2 * smaller:
        return _times(Fraction(larger, smaller))
    exact = Fraction(100 * (larger - smaller), former)
    if exact >= Fraction(9995, 100):
        return "почти вдвое"
    whole, rest = divmod(exact, 1)
    if loose and Fraction(9, 10) <= rest:
        return f"почти на {whole + 1}{NBSP}%"
    return f"на {percent(tenths(exact))}"


def _times(ratio: Fraction) -> str:
    rounded = tenths(ratio)
    if rounded == 2:
        return "вдвое" if ratio == 2 else "более чем вдвое"
    if rounded % 1 and rounded < 10:
        return f"в {number(rounded)}{NBSP}раза"
    times = int(tenths(ratio)) if rounded < 10 else round(ratio)
    return f"в {number(times)}{NBSP}{TIME.form(times)}"


def more_or_less(count: Count) -> str:
    return "больше" if trend(count) in MORE else "меньше"


def tail(count: Count, noun: Noun, former: Called) -> str:
    """Return what follows «поступило 8204 обращения»: « — на 5,8 % больше, чем в августе 2024 года (7754)»."""
    before = number(count.former or 0)
    match trend(count):
        case Trend.UNKNOWN:
            return ""
        case Trend.SAME:
            return f" — столько же, сколько {former.when}"
        case Trend.APPEARED:
            return "; раньше таких обращений не было" if count.is_first else f"; {former.when} {noun.many} не было"
        case Trend.GONE | Trend.FEW:
            return f" против {before} {former.when}"
        case Trend.STEADY:
            return f" — почти столько же, сколько {former.when} ({before})"
        case _:
            return f" — {size(count, loose=True)} {more_or_less(count)}, чем {former.when} ({before})"


def short(count: Count) -> str:
    """Return the change in a list: «на 5,8 % больше», «годом раньше — 9»; nothing where it is not known."""
    match trend(count):
        case Trend.UNKNOWN:
            return ""
        case Trend.SAME:
            return "столько же"
        case Trend.APPEARED:
            return "впервые" if count.is_first else "годом раньше не было"
        case Trend.GONE | Trend.FEW:
            return f"годом раньше{NBSP}— {number(count.former or 0)}"
        case Trend.STEADY:
            return "почти столько же"
        case _:
            return f"{size(count)} {more_or_less(count)}"


def changed(subject: str, gender: Gender, count: Count, voice: Voice) -> str:
    """Return a clause about a moved or steady number: «число жалоб выросло на 5,8 %, с 7754 до 8204»."""
    before, now = number(count.former or 0), number(count.now)
    if trend(count) not in MOVES:
        return f"{subject} {STAYED.form(gender)} на том же уровне: {now} против {before}"
    verb = voice.verb(GROWN if trend(count) in MORE else FALLEN, gender)
    return f"{subject} {verb} {size(count, loose=True)}, с{NBSP}{before} до{NBSP}{now}"
