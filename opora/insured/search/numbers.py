"""What a string of digits may be: a policy, a СНИЛС, a telephone, a document — whole, its beginning or its end."""

from dataclasses import dataclass
from enum import StrEnum

from opora.shared import snils

SHORTEST = 4
LONGEST = 20


class Field(StrEnum):
    """Where a number is looked for. The words are what the screen says."""

    ENP = "ЕНП"
    SNILS = "СНИЛС"
    PHONE = "телефон"
    POLICY = "полис"
    DOCUMENT = "документ"


class How(StrEnum):
    WHOLE = "whole"
    BEGINS = "begins"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Guess:
    """Look for ``digits`` in ``field``; ``series`` narrows a document written as series and number."""

    field: Field
    how: How
    digits: str
    series: str = ""


def guesses(digits: str) -> list[Guess]:
    """Return what the digits may be, the whole numbers first; [] for fewer than 4 digits or more than 20.

    >>> [(guess.field.name, guess.how.value) for guess in guesses("5476410835001236")]
    [('ENP', 'whole'), ('POLICY', 'whole')]
    >>> [(guess.field.name, guess.digits) for guess in guesses("89131234567") if guess.how == How.WHOLE]
    [('PHONE', '79131234567'), ('SNILS', '89131234567'), ('POLICY', '89131234567')]
    """
    if not SHORTEST <= len(digits) <= LONGEST:
        return []
    return _whole(digits) + _parts(digits)


def _whole(digits: str) -> list[Guess]:
    length = len(digits)
    found = []
    if length == 16:
        found.append(Guess(Field.ENP, How.WHOLE, digits))
    if length == 11:
        found.append(Guess(Field.SNILS, How.WHOLE, digits))
        phone = [Guess(Field.PHONE, How.WHOLE, "7" + digits[1:])] if digits[0] in "78" else []
        found = found + phone if snils.is_valid(digits) else phone + found
    if length == 10:
        found.append(Guess(Field.PHONE, How.WHOLE, "7" + digits))
        found.append(Guess(Field.DOCUMENT, How.WHOLE, digits[4:], digits[:4]))
    if length in {9, 12, 13, 14, 15}:
        found.append(Guess(Field.PHONE, How.WHOLE, digits))
    if 6 <= length <= 9:
        found.append(Guess(Field.DOCUMENT, How.WHOLE, digits))
    if length >= 6:
        found.append(Guess(Field.POLICY, How.WHOLE, digits))
    return found


def _parts(digits: str) -> list[Guess]:
    length = len(digits)
    found = []
    if length < 16:
        found += [Guess(Field.ENP, How.ENDS, digits), Guess(Field.ENP, How.BEGINS, digits)]
    if length < 11:
        found += [Guess(Field.PHONE, How.ENDS, digits)]
        found += [Guess(Field.PHONE, How.BEGINS, beginning) for beginning in _phone_beginnings(digits)]
        found += [Guess(Field.SNILS, How.ENDS, digits), Guess(Field.SNILS, How.BEGINS, digits)]
    if length != 16:
        found += [Guess(Field.POLICY, How.ENDS, digits), Guess(Field.POLICY, How.BEGINS, digits)]
    return found


def _phone_beginnings(digits: str) -> list[str]:
    """Return how the number may begin once the country code is in front: 8913… and 913… are 7913….

    >>> _phone_beginnings("8913"), _phone_beginnings("9131")
    (['7913'], ['79131'])
    """
    if digits[0] == "8" and digits[1] != "0":
        return ["7" + digits[1:]]
    if digits[0] == "8":
        return ["7" + digits[1:], "7" + digits]
    return [digits] if digits[0] == "7" else ["7" + digits]
