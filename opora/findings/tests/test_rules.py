"""The test of bursts on invented weeks: quiet ones raise no more alarms than it promises, planted bursts are seen."""

import math
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from opora.findings import bursts, rules
from opora.findings.words import Trend

SERIES, WEEKS, TRIALS = 1500, 27, 150  # clinics × topics, weeks with the tested one, territories

type Spread = Any


def weeks(chance: np.random.Generator, spread: Spread = None, season: float = 0.0) -> Any:
    """Weekly counts with nothing happening: usual levels from once in months to several a day.

    ``spread`` — size of the negative binomial (None — pure chance), one for all or one for each series; ``season`` —
    how much weeks differ for everybody.
    """
    usual = np.exp(chance.normal(-1.0, 1.3, size=(SERIES, 1)))
    busy = np.exp(chance.normal(0, season, size=(1, WEEKS)))
    mean = usual * busy * np.ones((SERIES, WEEKS))
    if spread is not None:
        mean = mean * chance.gamma(spread, 1 / spread, size=mean.shape)
    return chance.poisson(mean)


MIXED = np.random.default_rng(5).choice([2, 5, 20, 1000], size=(SERIES, 1))


@pytest.mark.parametrize(("spread", "season"), [(None, 0.0), (None, 0.25), (10, 0.0), (5, 0.2), (2, 0.2), (MIXED, 0.2)])
def test_quiet_weeks_raise_no_more_alarms_than_promised(spread: Spread, season: float) -> None:
    chance = np.random.default_rng(20261122)
    alarmed = sum(bool(bursts.bursts(weeks(chance, spread, season)).is_burst.any()) for _ in range(TRIALS))
    # What the promised rate itself would give in so many trials, at most once in a thousand runs.
    allowed = rules.RATE * TRIALS + 3.1 * math.sqrt(rules.RATE * (1 - rules.RATE) * TRIALS)
    assert alarmed <= allowed, f"{alarmed} of {TRIALS} quiet weeks"


def seen(planted: Callable[[float], int], usual: float, spread: Spread = 10) -> float:
    """Return in what share of territories a burst planted at a clinic of this usual level is seen."""
    chance, found = np.random.default_rng(7), 0
    for _ in range(60):
        counts = weeks(chance, spread, 0.1)
        place = int(np.argmin(np.abs(counts[:, :-1].mean(axis=1) - usual)))
        counts[place, -1] = planted(usual)
        found += bool(bursts.bursts(counts).is_burst[place])
    return found / 60


@pytest.mark.parametrize(("usual", "now", "least"), [(0.3, 8, 0.9), (2.0, 18, 0.9), (10.0, 50, 0.9), (0.3, 4, 0.0)])
def test_planted_bursts_are_seen(usual: float, now: int, least: float) -> None:
    assert seen(lambda _: now, usual) >= least


def test_false_ones_among_alarms_stay_rare() -> None:
    chance, true, false = np.random.default_rng(11), 0, 0
    for _ in range(60):
        counts = weeks(chance, 10, 0.1)
        planted = chance.choice(SERIES, size=20, replace=False)
        counts[planted, -1] += 25
        found = set(np.flatnonzero(bursts.bursts(counts).is_burst))
        true += len(found & set(planted))
        false += len(found - set(planted))
    assert true > 900
    assert false / (true + false) <= rules.RATE


def test_a_busy_week_for_everybody_is_no_burst() -> None:
    counts = np.random.default_rng(3).poisson(4.0, size=(300, 27))
    counts[:, -1] = np.random.default_rng(4).poisson(7.0, size=300)
    assert not bursts.bursts(counts).is_burst.any()


@pytest.mark.parametrize(
    "counts",
    [
        np.zeros((0, 27)),
        np.zeros((5, 27)),
        np.full((5, 4), 100),
        np.array([[0] * 26 + [2]]),
        np.array([[0, 1] * 13 + [10_000]]),
        np.array([[1_000_000] * 27]),
    ],
)
def test_degenerate_weeks_are_no_fault(counts: Any) -> None:
    tested = bursts.bursts(counts)
    assert np.isfinite(tested.chance).all()
    assert ((tested.chance >= 0) & (tested.chance <= 1)).all()


def test_tails_are_those_of_the_distribution() -> None:
    draws = np.random.default_rng(2).negative_binomial(4, 4 / (4 + 6), size=400_000)  # mean 6, variance 15
    for number in (0, 6, 12, 20):
        assert bursts.tail(number, 6.0, 15.0) == pytest.approx(float((draws >= number).mean()), abs=0.004)


@pytest.mark.parametrize(
    ("counted", "trend"),
    [
        ((40, 28, 2, 28), Trend.STOPPED),
        ((40, 28, 35, 28), Trend.CONTINUES),
        ((12, 7, 0, 30), Trend.STOPPED),
        ((3, 28, 0, 7), Trend.UNCLEAR),
        ((0, 28, 0, 28), Trend.UNCLEAR),
        ((5, 0, 5, 5), Trend.UNCLEAR),
        ((0, 7, 9, 7), Trend.CONTINUES),
    ],
)
def test_whether_it_stopped(counted: tuple[int, int, int, int], trend: Trend) -> None:
    assert rules.change(*counted).trend is trend


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    chance = np.random.default_rng(9)
    held = 0
    for _ in range(500):
        before, after = int(chance.poisson(30)), int(chance.poisson(15))
        found = rules.change(before, 28, after, 28)
        held += found.low <= 0.5 <= found.high
    assert held / 500 >= 0.93


DONE = date(2026, 3, 2)
STAGES = [
    ({}, "opened"),
    ({"decision": "none"}, "opened"),
    ({"decision": "violation"}, "letter"),
    ({"decision": "violation", "letter_on": DONE}, "reply"),
    ({"decision": "violation", "letter_on": DONE, "replied_on": DONE}, "measures"),
    ({"decision": "violation", "letter_on": DONE, "measures_on": DONE}, "watched"),
    ({"decision": "violation", "is_closed": True}, "closed"),
]


@pytest.mark.parametrize(("done", "stage"), STAGES)
def test_what_a_finding_waits_for(done: dict[str, Any], stage: str) -> None:
    given: dict[str, Any] = {"decision": "", "letter_on": None, "replied_on": None, "measures_on": None}
    assert rules.stage(**{**given, "is_closed": False, **done}) == stage
