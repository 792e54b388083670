"""ЕНП — the single number of the policy: 16 digits, the last one checks the others (Luhn).

What the digits inside mean (region, birth date, sex) is a hint only and is never checked: the number outlives
a move and a corrected birth date.
"""

import re

LENGTH = 16
SEPARATORS = re.compile(r"[\s.\-‐‑–—−]+")


class EnpNotUnderstood(ValueError):
    """The text is no ЕНП; the sentence says why."""


def check_digit(payload: str) -> int:
    """Return the digit that must follow the first 15 digits.

    >>> check_digit("547641083500123")
    6
    """
    if len(payload) != LENGTH - 1 or not (payload.isascii() and payload.isdigit()):
        raise EnpNotUnderstood("Контрольную цифру считают по первым 15 цифрам ЕНП")
    doubled = [int(digit) * 2 for digit in payload[::2]]
    total = sum(digit // 10 + digit % 10 for digit in doubled) + sum(map(int, payload[1::2]))
    return -total % 10


def is_valid(enp: str) -> bool:
    """Tell whether these are 16 digits whose check digit holds; the writing must be bare (see ``normalise``).

    >>> is_valid("5476410835001236"), is_valid("5476410835001237"), is_valid("5476 4108 3500 1236")
    (True, False, False)
    """
    if len(enp) != LENGTH or not (enp.isascii() and enp.isdigit()):
        return False
    return int(enp[-1]) == check_digit(enp[:-1])


def normalise(text: str) -> str:
    """Return the 16 digits of an ЕНП in any writing; the check digit is not looked at.

    >>> normalise(" 5476 4108-3500 1236 ")
    '5476410835001236'

    Raises EnpNotUnderstood.
    """
    digits = SEPARATORS.sub("", text[:200])
    if not (digits.isascii() and digits.isdigit()):
        raise EnpNotUnderstood("В ЕНП бывают только цифры")
    if len(digits) != LENGTH:
        raise EnpNotUnderstood(f"В ЕНП 16 цифр, а здесь {len(digits)}")
    return digits


def show(enp: str) -> str:
    """Return the number in groups of four, as it is printed.

    >>> show("5476410835001236")
    '5476 4108 3500 1236'
    """
    return " ".join(enp[start : start + 4] for start in range(0, len(enp), 4))


def mask(enp: str) -> str:
    """Return the number as lists show it: only the end that a person reads out.

    >>> mask("5476410835001236")
    '•••• 1236'
    """
    return f"•••• {enp[-4:]}" if enp else ""
