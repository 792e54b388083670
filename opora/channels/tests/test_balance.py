"""Through whom the next messages go."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.channels import queries, services
from opora.channels.balance import LEAST_TRIES, Candidate, Mood, Recent, mood, split, weights
from opora.channels.models import Given, Health, Provider
from opora.channels.ports import Figures

QUICK = Recent(accepted=500, answered=500, seconds=25)
SLOW = Recent(accepted=100, answered=100, seconds=900)
GONE = Recent(unavailable=1)
FAILING = Recent(accepted=9, refused=11, answered=20, seconds=1)


@pytest.mark.parametrize(
    ("recent", "best", "expected"),
    [
        (Recent(), None, Mood.WELL),
        (QUICK, 0.05, Mood.WELL),
        (SLOW, 0.05, Mood.SLOW),
        (SLOW, None, Mood.SLOW),
        (SLOW, 8.0, Mood.WELL),  # all are slow: it is not him
        (GONE, None, Mood.DOWN),
        (Recent(accepted=5, unavailable=1), None, Mood.WELL),  # he is back
        (FAILING, 0.05, Mood.DOWN),
        (Recent(unanswered=LEAST_TRIES), None, Mood.DOWN),
        (Recent(refused=3), None, Mood.WELL),  # too few to tell
        (Recent(unanswered=4), None, Mood.DOWN),  # asked once a minute, he has said nothing
        (Recent(accepted=1, unanswered=4), None, Mood.WELL),
        (Recent(accepted=3, answered=3, seconds=60), 0.05, Mood.WELL),
    ],
)
def test_how_a_provider_is_doing(recent: Recent, best: float | None, expected: Mood) -> None:
    assert mood(recent, best) == expected


WEIGHTS = [
    ([(70, QUICK), (30, QUICK)], {1: 70, 2: 30}),
    ([(70, SLOW), (30, QUICK)], {1: 17.5, 2: 30}),
    ([(70, GONE), (30, QUICK)], {2: 30}),
    ([(70, GONE), (30, FAILING)], {1: 70, 2: 30}),  # nowhere to shift to
    ([(100, QUICK), (0, QUICK)], {1: 100}),  # a reserve waits
    ([(100, GONE), (0, QUICK)], {2: 1}),  # and comes in
    ([(0, GONE)], {1: 1}),
]


@pytest.mark.parametrize(("given_", "expected"), WEIGHTS)
def test_shares_shift_away_from_trouble(given_: list[tuple[int, Recent]], expected: dict[int, float]) -> None:
    assert weights([Candidate(number, share, recent) for number, (share, recent) in enumerate(given_, 1)]) == expected


@given(st.integers(0, 5000), st.lists(st.integers(1, 1000), min_size=1, max_size=6))
def test_nothing_is_left_over_and_nobody_is_a_whole_message_off(count: int, shares: list[int]) -> None:
    given = split(count, dict(enumerate(shares)))
    assert sum(given.values()) == count
    assert all(abs(given[number] - count * share / sum(shares)) < 1 for number, share in enumerate(shares))


NOW = datetime(2026, 11, 22, 9, 0, 30, tzinfo=UTC)


@pytest.fixture
def two(place: SimpleNamespace) -> list[Provider]:
    return [
        Provider.objects.create(
            organisation=place.alfa, slug=slug, title=slug, kind="standin", channel="sms", share=share
        )
        for slug, share in (("first", 70), ("second", 30))
    ]


def test_figures_of_all_processes_add_up_and_grow_old(two: list[Provider]) -> None:
    link = two[0].link()
    for _ in range(2):
        services.note_figures(link, Figures(accepted=10, answered=10, seconds=1.5), NOW)
    services.note_figures(link, Figures(), NOW)
    services.note_figures(link, Figures(unavailable=1), NOW - timedelta(minutes=6))
    assert queries.recent([link.provider], NOW)[link.provider] == Recent(accepted=20, answered=20, seconds=3.0)
    assert Health.objects.count() == 2


def test_a_provider_that_is_down_gives_his_part_to_the_other(two: list[Provider]) -> None:
    first, second = two
    assert queries.shares(two, 10, NOW) == [(first, 7), (second, 3)]
    services.note_figures(first.link(), Figures(unavailable=1), NOW)
    assert queries.shares(two, 10, NOW) == [(second, 10)]
    assert queries.shares(two, 10, NOW + timedelta(minutes=6)) == [(first, 7), (second, 3)]
    assert queries.shares([], 10, NOW) == []


def test_old_health_and_old_copies_are_forgotten(two: list[Provider]) -> None:
    link = two[0].link()
    services.note_figures(link, Figures(accepted=1), datetime.now(UTC) - timedelta(days=8))
    services.note_figures(link, Figures(accepted=1), datetime.now(UTC))
    given = {"provider": two[0], "organisation_id": link.organisation, "reference": "0" * 32, "to": "1", "text": "x"}
    Given.objects.create(at=datetime.now(UTC) - timedelta(days=31), state="accepted", **given)
    assert services.forget_old() == 2
    assert Health.objects.count() == 1
