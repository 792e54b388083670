"""Numbers in words: when they may be rounded, and how a share is said so that it stays true."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from opora.reports.narrative.grammar import POINT, THOUSAND, Noun, Verb
from opora.shared.typography import NBSP, thousands

TENTH = Decimal("0.1")
SMALL = 50  # below it one appeal weighs more than two per cent: such numbers are told as they are
ROUND_FROM, ROUND_UNTIL = 10_000, 1_000_000


def amount(value: Decimal | int) -> str:
    """Return a number without empty decimals.

    >>> amount(Decimal("5.80")), amount(Decimal("6.0")), amount(1985)
    ('5,8', '6', '1985')
    """
    if isinstance(value, int):
        return thousands(value)
    return thousands(value.normalize() if value % 1 else int(value))


def percent(value: Decimal) -> str:
    return f"{amount(value)}{NBSP}%"


def about(number: int, noun: Noun) -> str:
    """Return a large number rounded to thousands where that is true, else the number with its noun.

    «более 64 тысяч» — the rest is at most half a thousand; «почти 65 тысяч» — at most a tenth of it is missing. Numbers
    between, under ten thousand or from a million are told exactly.

    >>> from opora.reports.narrative.grammar import APPEAL
    >>> [about(n, APPEAL).replace(NBSP, " ") for n in (64_211, 64_950, 64_000, 21_003, 8_204, 1)]
    ['более 64 тысяч обращений', 'почти 65 тысяч обращений', '64 тысячи обращений', 'более 21 тысячи обращений', \
'8204 обращения', 'одно обращение']
    >>> about(64_700, APPEAL).replace(NBSP, " ").replace(chr(0x202F), " ")
    '64 700 обращений'
    """
    whole, rest = divmod(number, 1000)
    if not is_rounded(number):
        return noun.counted(number)
    if rest == 0:
        return f"{whole}{NBSP}{THOUSAND.form(whole)} {noun.many}"
    if rest <= 500:
        genitive = THOUSAND.few if THOUSAND.form(whole) == THOUSAND.one else THOUSAND.many
        return f"более {whole}{NBSP}{genitive} {noun.many}"
    return f"почти {whole + 1}{NBSP}{THOUSAND.form(whole + 1)} {noun.many}"


def is_rounded(number: int) -> bool:
    """Whether ``about`` rounds this number."""
    return ROUND_FROM <= number < ROUND_UNTIL and not 500 < number % 1000 < 900


def came(verb: Verb, number: int, noun: Noun) -> str:
    """Return the verb with the rounded number: «поступила 21 тысяча обращений», «поступило более 21 тысячи».

    >>> from opora.reports.narrative.grammar import APPEAL, CAME
    >>> [came(CAME, n, APPEAL).replace(NBSP, " ") for n in (21_000, 20_950, 21_003, 21)]
    ['поступила 21 тысяча обращений', 'поступила почти 21 тысяча обращений', 'поступило более 21 тысячи обращений', \
'поступило 21 обращение']
    """
    whole, rest = divmod(number, 1000)
    if not is_rounded(number):
        form = verb.before(number, noun)
    elif 0 < rest <= 500:
        form = verb.n
    else:
        form = verb.before(whole + bool(rest), THOUSAND)
    return f"{form} {about(number, noun)}"


def tenths(value: Fraction) -> Decimal:
    """Return a fraction to one decimal, halves upwards."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(TENTH, ROUND_HALF_UP)


def share(part: int, whole: int) -> Decimal:
    """Return per cents to one decimal; ``whole`` is not zero."""
    return tenths(Fraction(100 * part, whole))


def said(value: Decimal, part: int, whole: int) -> str:
    """Return a rounded share in words that stay true at its ends.

    >>> [said(share(*of), *of).replace(NBSP, " ") for of in ((1, 3), (1, 9000), (8999, 9000), (5, 5))]
    ['33,3 %', 'менее 0,1 %', 'более 99,9 %', '100 %']
    """
    if value == 0 and part:
        return f"менее {percent(TENTH)}"
    if value == 100 and part < whole:
        return f"более {percent(100 - TENTH)}"
    return percent(value)


def share_said(part: int, whole: int) -> str:
    return said(share(part, whole), part, whole)


def shares_said(parts: Sequence[int], whole: int) -> list[str]:
    """Return the share of each part; nothing at all where the whole is small.

    Each is rounded by itself, as in the table beside the text: a tenth given to one so that they add up to a hundred
    would be a second number for the same thing.

    >>> [text.replace(NBSP, " ") for text in shares_said([100, 100, 100], 300)]
    ['33,3 %', '33,3 %', '33,3 %']
    >>> shares_said([1, 2], 3)
    ['', '']
    """
    if whole < SMALL:
        return [""] * len(parts)
    return [share_said(part, whole) for part in parts]


def points(difference: Decimal) -> str:
    """Return percentage points; a share is compared by them, never by per cents of per cents.

    >>> [points(Decimal(n)).replace(NBSP, " ") for n in ("1.2", "1.0", "2.0", "11.0")]
    ['1,2 процентного пункта', '1 процентный пункт', '2 процентных пункта', '11 процентных пунктов']
    """
    size = abs(difference)
    noun = "процентного пункта" if size % 1 else POINT.form(int(size))
    return f"{amount(size)}{NBSP}{noun}"
