"""Numbers of people: policy, СНИЛС, phone, passport. Whole arrays at a time; every check digit is right."""

from datetime import date

import numpy as np

FIRST_SERIAL = 99_000  # 99000–99999: serials of invented policies; a territory that needs more goes on downwards
SLOTS = 8  # serials one block may give to one (region, birth date, sex)
AT_THE_TOP = 125  # so many blocks share the serials from the first on
SNILS_FIRST, SNILS_COUNT = 900_000_000, 90_000_000  # 900-000-000 … 989-999-999; 999-… stays with hand-made samples
MOBILE_FIRST, MOBILE_COUNT = 9_720_000_000, 50_000_000  # +7 972 … +7 976
LAND_COUNT = 1_000_000  # «0» and six digits after the area code
_STRIDE = 31_622_777  # has no common factor with the three counts above


def scattered(place: np.ndarray, count: int, seed: int) -> np.ndarray:
    """Return ``place`` (0 ≤ place < count) carried one-to-one over 0…count−1, without visible order."""
    return (place.astype(np.int64) * _STRIDE + seed * 7_368_787) % count


def luhn(payload: np.ndarray) -> np.ndarray:
    """Return the check digit of numbers of 15 digits (int64).

    >>> int(luhn(np.array([547641083500123]))[0])
    6
    """
    total = np.zeros(len(payload), dtype=np.int64)
    rest = payload.copy()
    for place in range(15):
        digit = rest % 10
        rest //= 10
        if place % 2 == 0:
            digit = digit * 2
            digit -= 9 * (digit > 9)
        total += digit
    return (10 - total % 10) % 10


def birth_code(born: np.ndarray, sex: np.ndarray) -> np.ndarray:
    """Return the eight digits (as int64) a policy number hides the birth date and the sex in.

    Month (+20 up to 1950, +40 in 1951–2000), year reversed, day (+50 for men), each digit taken from 9.

    >>> int(birth_code(np.array(["1985-03-14"], dtype="datetime64[D]"), np.array([1]))[0])
    56410835
    """
    year = born.astype("datetime64[Y]").astype(np.int64) + 1970
    month = born.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (born - born.astype("datetime64[M]")).astype(np.int64) + 1
    month = month + np.where(year > 2000, 0, np.where(year > 1950, 40, 20))
    day = day + np.where(sex == 1, 50, 0)
    turned = year % 10 * 1000 + year // 10 % 10 * 100 + year // 100 % 10 * 10 + year // 1000
    return 99_999_999 - (month * 1_000_000 + turned * 100 + day)


def policy_numbers(region: np.ndarray, code: np.ndarray, ordinal: int) -> np.ndarray:
    """Return 16-digit policy numbers (int64), different within the block and from all other blocks of its territory.

    ``region`` is two digits, ``code`` the birth code, ``ordinal`` the place of the block in its territory (0–499).
    A number is −1 where all serials of its cell are taken: move the birth date and ask again.
    """
    cell = region.astype(np.int64) * 100_000_000 + code
    order = np.argsort(cell, kind="stable")
    in_order = cell[order]
    starts = np.flatnonzero(np.r_[True, in_order[1:] != in_order[:-1]])
    rank = np.empty(len(cell), dtype=np.int64)
    rank[order] = np.arange(len(cell)) - np.repeat(starts, np.diff(np.r_[starts, len(cell)]))
    place = ordinal if ordinal < AT_THE_TOP else AT_THE_TOP - ordinal - 1
    payload = cell * 100_000 + FIRST_SERIAL + place * SLOTS + rank
    return np.where(rank < SLOTS, payload * 10 + luhn(payload), -1)


def snils(place: np.ndarray, seed: int) -> np.ndarray:
    """Return СНИЛС (int64, 11 digits) for people by their place in the whole population.

    Source of the control number: ``docs`` of identifiers; Σ digit × weight, mod 101, where 100 is written 00.
    """
    return with_control(SNILS_FIRST + scattered(place, SNILS_COUNT, seed))


def with_control(number: np.ndarray) -> np.ndarray:
    """Append the two control digits to the nine of a СНИЛС.

    >>> with_control(np.array([112233445, 87654303, 123456789])).tolist()
    [11223344595, 8765430300, 12345678964]
    """
    total = np.zeros(len(number), dtype=np.int64)
    rest = number.astype(np.int64)
    for weight in range(1, 10):
        total += rest % 10 * weight
        rest = rest // 10
    return number * 100 + total % 101 % 100


def digits(number: np.ndarray, width: int) -> np.ndarray:
    """Return numbers as an array of texts with leading zeros."""
    array = np.empty(len(number), dtype=object)
    array[:] = [f"{value:0{width}d}" for value in number.tolist()]
    return array


def day(moment: date) -> np.datetime64:
    return np.datetime64(moment, "D")
