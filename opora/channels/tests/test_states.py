"""Receipts in any order."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.channels.states import FINAL, follow, of_parts
from opora.channels.words import State

S = State


@pytest.mark.parametrize(
    ("told", "end"),
    [
        ([S.ACCEPTED, S.ENROUTE, S.DELIVERED], S.DELIVERED),
        ([S.DELIVERED, S.DELIVERED, S.ACCEPTED], S.DELIVERED),
        ([S.EXPIRED, S.DELIVERED], S.DELIVERED),
        ([S.DELIVERED, S.READ, S.UNDELIVERABLE], S.READ),
        ([S.UNKNOWN, S.UNDELIVERABLE, S.ENROUTE], S.UNDELIVERABLE),
    ],
)
def test_the_order_does_not_matter(told: list[State], end: State) -> None:
    for order in permutations(told):
        state = None
        for one in order:
            state = follow(state, one)
        assert state == end


@given(st.lists(st.sampled_from(list(State)), min_size=1), st.sampled_from(list(State)))
def test_states_only_move_forward(told: list[State], last: State) -> None:
    state = None
    for one in told:
        state = follow(state, one)
    assert follow(state, state) == state
    if state in FINAL:
        assert follow(state, last) in FINAL


def test_a_message_in_parts_is_as_good_as_its_worst_part() -> None:
    assert of_parts([[S.DELIVERED], [S.DELIVERED]]) == S.DELIVERED
    assert of_parts([[S.DELIVERED], [S.ACCEPTED]]) == S.ACCEPTED
    assert of_parts([[S.DELIVERED], [S.EXPIRED]]) == S.EXPIRED
    assert of_parts([[S.READ], [S.DELIVERED]]) == S.DELIVERED
