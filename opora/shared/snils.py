"""СНИЛС — the number of the pension account: nine digits and two that check them, printed 112-233-445 95.

Source: rule of the Social Fund as in 1С and the federal schemas; numbers up to 001-001-998 were issued before it.
"""

import re

LENGTH = 11
LAST_UNCHECKED = 1_001_998
SEPARATORS = re.compile(r"[\s.\-‐‑–—−]+")


class SnilsNotUnderstood(ValueError):
    """The text is no СНИЛС; the sentence says why."""


def control(number: str) -> str:
    """Return the two control digits of the first nine.

    >>> [control(number) for number in ("112233445", "087654303", "123456789")]
    ['95', '00', '64']
    """
    if len(number) != LENGTH - 2 or not (number.isascii() and number.isdigit()):
        raise SnilsNotUnderstood("Контрольное число считают по первым 9 цифрам СНИЛС")
    total = sum(int(digit) * weight for digit, weight in zip(number, range(9, 0, -1), strict=True))
    return f"{total % 101 % 100:02d}"


def is_valid(snils: str) -> bool:
    """Tell whether these are 11 bare digits whose control number holds; the oldest numbers carry none.

    >>> is_valid("11223344595"), is_valid("11223344594"), is_valid("00100199800"), is_valid("112-233-445 95")
    (True, False, True, False)
    """
    if len(snils) != LENGTH or not (snils.isascii() and snils.isdigit()):
        return False
    number = snils[:9]
    return int(number) <= LAST_UNCHECKED or snils[9:] == control(number)


def normalise(text: str) -> str:
    """Return the 11 digits of a СНИЛС in any writing; the control number is not looked at.

    >>> normalise("112-233-445 95")
    '11223344595'

    Raises SnilsNotUnderstood.
    """
    digits = SEPARATORS.sub("", text[:200])
    if not (digits.isascii() and digits.isdigit()):
        raise SnilsNotUnderstood("В СНИЛС бывают только цифры")
    if len(digits) != LENGTH:
        raise SnilsNotUnderstood(f"В СНИЛС 11 цифр, а здесь {len(digits)}")
    return digits


def show(snils: str) -> str:
    """Return the number as it is printed.

    >>> show("11223344595")
    '112-233-445 95'
    """
    return f"{snils[:3]}-{snils[3:6]}-{snils[6:9]} {snils[9:]}" if len(snils) == LENGTH else snils


def mask(snils: str) -> str:
    """Return the number as lists show it.

    >>> mask("11223344595")
    '•••-•••-445 95'
    """
    return f"•••-•••-{snils[6:9]} {snils[9:]}" if len(snils) == LENGTH else snils
