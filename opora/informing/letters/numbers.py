"""The number of a letter: eleven digits of its row and a check digit, so that it fits a barcode of pairs and a slip of
the hand is noticed. Pure.
"""

from __future__ import annotations

DIGITS = 12


def number_of(pk: int) -> str:
    """Return the number of a letter.

    >>> number_of(1204)
    '000000012041'
    """
    body = f"{pk:0{DIGITS - 1}d}"
    return body + str(_check(body))


def row_of(number: str) -> int | None:
    """Return the row a typed or scanned number means; None when the check digit says that it is none.

    >>> row_of("0000 0001 2041"), row_of("12041"), row_of("000000012014")
    (1204, 1204, None)
    """
    digits = "".join(sign for sign in number if not sign.isspace() and sign != "-")
    if not (digits.isascii() and digits.isdigit()) or not 2 <= len(digits) <= DIGITS:
        return None
    digits = digits.zfill(DIGITS)
    pk = int(digits[:-1])
    return pk if pk and _check(digits[:-1]) == int(digits[-1]) else None


def shown(number: str) -> str:
    """Return the number in groups of four, as it stands under the barcode.

    >>> shown("000000012041")
    '0000 0001 2041'
    """
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def _check(body: str) -> int:
    """Weights 3 and 1 from the right. Source: GS1 General Specifications, 7.9.1."""
    weighted = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(body)))
    return -weighted % 10
