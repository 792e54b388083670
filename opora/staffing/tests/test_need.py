"""Gaps in words, shifts as they are typed, sets of shifts that cover."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opora.staffing.need import Promise, gaps, served, spare
from opora.staffing.suggesting import FIVE_TWO, HALVES, suggest
from opora.staffing.writing import Span, parse

ROW = st.lists(st.integers(0, 4), min_size=48, max_size=48).map(tuple)


@given(need=ROW, there=ROW)
@settings(max_examples=60, deadline=None)
def test_gaps_add_up_to_what_lacks(need: tuple[int, ...], there: tuple[int, ...]) -> None:
    lacking = sum(max(0, a - b) for a, b in zip(need, there, strict=True))
    assert sum(gap.people * (gap.until - gap.since) for gap in gaps([need], [there])) == lacking
    assert all(gap.people < -1 for gap in spare([need], [there]))


def test_the_sentence_of_a_gap() -> None:
    need = (0,) * 20 + (5, 5) + (0,) * 26
    [gap] = gaps([need], [(0,) * 20 + (3, 3) + (0,) * 26])
    assert gap.words == "не хватает 2 человек с 10 до 11"


def test_a_call_in_many_nights_seats_nobody() -> None:
    assert Promise().people(0.25) == 0


@pytest.mark.parametrize("calls", [0.5, 4, 40, 400])
def test_people_needed_keep_the_promise(calls: float) -> None:
    promise = Promise(shrinkage=0.15)
    people = promise.people(calls)
    assert promise.service(people, calls).in_time >= 0.8
    assert promise.operators(calls) <= people
    assert Promise(patience=None).operators(calls) >= Promise().operators(calls)


def test_a_day_with_nobody_on_shift_answers_nobody() -> None:
    day = served(Promise(), (0, 2), (5.0, 5.0))
    assert day is not None
    assert 0 < day.in_time < 0.6
    assert day.abandoned > 0.5
    assert served(Promise(), (1,), (0.0,)) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("9-18, обед 13-14", Span(540, 1080, 780, 840)),
        ("с 9 до 18", Span(540, 1080)),
        ("8:30–17:00 перерыв 12:30-13", Span(510, 1020, 750, 780)),
        ("20-8, обед 1-2", Span(1200, 1920, 1500, 1560)),
        ("0-24", Span(0, 1440)),
        ("выходной", None),
        (" ", None),
    ],
)
def test_a_shift_is_read_as_it_is_typed(text: str, found: Span | None) -> None:
    assert parse(text) == found
    assert found is None or parse(str(found)) == found


@pytest.mark.parametrize("text", ["девять", "9-9", "25-8", "9-18, обед 19-20", "9-18:03", "9-18,12-13", "-" * 5, ","])
def test_a_fault_is_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"[А-я]"):
        parse(text)


def test_suggested_shifts_cover_the_need() -> None:
    need = [[3 if 18 <= half < 36 else 1 if 16 <= half < 42 else 0 for half in range(HALVES)] for _ in range(7)]
    found = suggest(need, seconds=1.0)
    assert found is not None
    assert not gaps([tuple(day) for day in need], found.there)
    assert found.hours == sum(map(sum, found.there)) / 2


def test_the_suggestion_takes_the_fewest_hours() -> None:
    """Five people each day from nine to five: seven people of 5/2, each with other days off, and not an hour more."""
    plain = replace(FIVE_TWO, span=16, rest=0, breaks=(0,))
    found = suggest([[5 if 18 <= half < 34 else 0 for half in range(HALVES)]] * 7, [plain])
    assert found is not None
    assert (found.people, found.hours, found.is_best) == (7, 280, True)


def test_nobody_is_needed() -> None:
    found = suggest([[0] * HALVES] * 7)
    assert found is not None
    assert (found.people, found.rosters) == (0, ())
