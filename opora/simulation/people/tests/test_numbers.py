"""Numbers of invented people: right check digits, no two alike, and none that could be anybody's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.shared import enp as policy_number
from opora.shared import snils as insurance_number
from opora.simulation.people import numbers
from opora.simulation.people.families import full_years

DAYS = st.dates().map(lambda day: np.datetime64(day, "D"))


@given(st.integers(0, 10**15 - 1))
def test_policy_numbers_pass_the_control_of_the_house(payload):
    whole = payload * 10 + int(numbers.luhn(np.array([payload]))[0])

    assert policy_number.is_valid(f"{whole:016d}")


@given(st.integers(1_001_999, 999_999_999))
def test_snils_passes_the_control_of_the_house(number):
    whole = int(numbers.with_control(np.array([number]))[0])

    assert insurance_number.is_valid(f"{whole:011d}")


@pytest.mark.parametrize("count", [numbers.SNILS_COUNT, numbers.MOBILE_COUNT, numbers.LAND_COUNT])
def test_scattering_is_one_to_one(count):
    assert np.gcd(numbers._STRIDE, count) == 1


@given(born=DAYS, on=DAYS)
def test_full_years_count_birthdays(born, on):
    born_on, today = born.item(), on.item()
    expected = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))

    assert full_years(np.array([born]), on).tolist() == [expected]


def test_men_and_women_of_one_day_never_share_a_code():
    born = np.arange(np.datetime64("1920-01-01"), np.datetime64("2026-10-01"))
    codes = [numbers.birth_code(born, np.full(len(born), sex)) for sex in (1, 2)]

    assert len(np.unique(np.concatenate(codes))) == 2 * len(born)


def test_a_ninth_person_of_one_cell_gets_no_number():
    same = np.zeros(9, dtype=np.int64)

    assert (numbers.policy_numbers(same + 54, same, ordinal=0) < 0).tolist() == [False] * 8 + [True]
