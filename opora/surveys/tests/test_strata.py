"""Quotas and sizes of samples: arithmetic that nobody has to believe."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.surveys.estimates import differ, raw, weighted, weights
from opora.surveys.strata import BANDS, CELLS, cell_of, margin, quotas, sample_size, stratum

TABLE = {  # the domain handbook 11 §5
    0.05: (385, 218, 323, 377, 385),
    0.03: (1_068, 341, 697, 1_014, 1_067),
    0.02: (2_401, 414, 1_092, 2_144, 2_400),
}
POPULATIONS = (None, 500, 2_000, 20_000, 3_246_424)
people = st.dictionaries(st.integers(1, 20), st.integers(0, 200_000), min_size=1)


@pytest.mark.parametrize("share", TABLE)
def test_sizes_of_the_table(share: float) -> None:
    assert tuple(sample_size(share, population) for population in POPULATIONS) == TABLE[share]


def test_margins_of_known_samples() -> None:
    assert round(margin(610) * 100, 2) == 3.97
    assert round(margin(18_293) * 100, 2) == 0.72
    assert round(margin(3_130) * 100, 2) == 1.75


@given(total=st.integers(0, 20_000), population=people)
def test_quotas_add_up_and_stay_within_a_place_of_the_share(total: int, population: dict[int, int]) -> None:
    planned = quotas(total, population)
    everybody = sum(population.values())
    assert sum(planned.values()) == min(total, everybody)
    assert planned.keys() == population.keys()
    for cell, count in planned.items():
        assert 0 <= count <= population[cell]
        if total <= everybody:
            exact = total * population[cell] / everybody if everybody else 0
            assert abs(count - exact) < 1 or count == population[cell]


@given(total=st.integers(1, 5_000), population=people)
def test_more_people_never_get_fewer_places(total: int, population: dict[int, int]) -> None:
    planned = quotas(total, population)
    order = sorted(population, key=lambda cell: population[cell])
    assert all(planned[less] <= planned[more] for less, more in pairwise(order) if population[less] < population[more])


def test_twenty_cells_are_twenty_kinds_of_people() -> None:
    found = {cell_of(one.settlement, one.sex, BANDS[one.band][0]) for one in map(stratum, CELLS)}
    assert found == set(CELLS)


@given(
    population=st.dictionaries(st.integers(1, 20), st.integers(1, 10_000), min_size=1),
    answered=st.dictionaries(st.integers(0, 20), st.integers(1, 500), min_size=1),
)
def test_weights_keep_the_number_of_answers(population: dict[int, int], answered: dict[int, int]) -> None:
    weight = weights(population, answered)
    assert sum(weight[cell] * number for cell, number in answered.items()) == pytest.approx(sum(answered.values()))


def test_a_weighted_share_gives_each_cell_its_people() -> None:
    share = weighted({1: 10}, {1: 10, 2: 10}, weights({1: 300, 2: 100}, {1: 10, 2: 10}))
    assert share.value == pytest.approx(0.75)
    assert share.effective == pytest.approx(16)
    assert share.low < 0.75 < share.high


def test_equal_cells_weigh_as_raw() -> None:
    equal = weighted({1: 3, 2: 5}, {1: 10, 2: 10}, weights({1: 50, 2: 50}, {1: 10, 2: 10}))
    plain = raw(8, 20)
    assert (equal.value, equal.low, equal.high) == pytest.approx((plain.value, plain.low, plain.high))


def test_a_difference_is_told_only_beyond_chance() -> None:
    assert differ(raw(900, 1_000), raw(800, 1_000))
    assert not differ(raw(9, 10), raw(8, 10))
    assert not differ(raw(0, 0), raw(8, 10))
