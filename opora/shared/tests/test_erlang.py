"""Erlang's formulas: the printed tables, an article's figures, a simulated line, and what must hold everywhere."""

import heapq
import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opora.shared.erlang import MOST, blocked, calls_served, operators_needed, serve, service_level, waits

# Load in erlangs that N lines carry at 1 % and at 5 % lost: the tables of Erlang B printed in every handbook of
# teletraffic, e.g. «Telephone Traffic Theory. Tables and Charts», Siemens AG, 1970, table of full availability.
ERLANG_B = [(1, 0.0101, 0.0526), (5, 1.361, 2.219), (10, 4.461, 6.216), (20, 12.031, 15.249), (50, 37.901, 44.533)]


@pytest.mark.parametrize(("lines", "one", "five"), ERLANG_B)
def test_the_printed_tables_of_erlang_b(lines: int, one: float, five: float) -> None:
    assert blocked(lines, one) == pytest.approx(0.01, abs=1e-4)
    assert blocked(lines, five) == pytest.approx(0.05, abs=1e-4)


@pytest.mark.parametrize(("operators", "load"), [(1, 0.5), (2, 1.2), (5, 4.0), (10, 7.0), (40, 35.0), (120, 110.0)])
def test_waiting_is_the_definition_of_erlang_c(operators: int, load: float) -> None:
    rest = sum(load**state / math.factorial(state) for state in range(operators))
    all_talk = load**operators / math.factorial(operators) * operators / (operators - load)
    assert waits(operators, load) == pytest.approx(all_talk / (rest + all_talk), rel=1e-10)


def test_the_figures_of_garnett_mandelbaum_reiman() -> None:
    """50 agents, 48 calls a minute of a minute each, two minutes of patience (MSOM 4 (3), 2002, table 1): 3.1 % hang
    up, all wait 3.7 s on average, 93 % busy; without hanging up 20.8 s and 96 %."""
    patient, real = serve(50, 48 * 60, 60), serve(50, 48 * 60, 60, patience=120)
    assert patient.answer == pytest.approx(20.8, abs=0.1)
    assert patient.occupancy == pytest.approx(0.96)
    assert real.abandoned == pytest.approx(0.031, abs=0.0005)
    assert real.abandoned * 120 == pytest.approx(3.7, abs=0.1)  # all who wait, by Little: hung up × patience
    assert real.occupancy == pytest.approx(0.93, abs=0.002)


def simulated(operators: int, an_hour: float, talk: float, patience: float, calls: int) -> tuple[float, float, float]:
    """Play a line call by call; return shares answered in 20 s and hung up, and the wait of those answered."""
    chance = random.Random(7)
    free_at = [0.0] * operators
    now, in_time, gone, waited, answered = 0.0, 0, 0, 0.0, 0
    for _ in range(calls):
        now += chance.expovariate(an_hour / 3600)
        wait = max(0.0, free_at[0] - now)
        if wait > chance.expovariate(1 / patience):
            gone += 1
            continue
        heapq.heapreplace(free_at, now + wait + chance.expovariate(1 / talk))
        answered, waited, in_time = answered + 1, waited + wait, in_time + (wait <= 20)
    return in_time / calls, gone / calls, waited / answered


@pytest.mark.parametrize(
    ("operators", "an_hour", "talk", "patience"), [(3, 60, 180, 90), (12, 260, 180, 60), (8, 200, 200, 120)]
)
def test_a_simulated_line_agrees(operators: int, an_hour: float, talk: float, patience: float) -> None:
    """60 000 calls; the third line is overloaded. Tolerance: two of a hundred calls, 1.5 s or 5 % of waits."""
    in_time, gone, wait = simulated(operators, an_hour, talk, patience, 60_000)
    found = serve(operators, an_hour, talk, patience=patience)
    assert found.in_time == pytest.approx(in_time, abs=0.02)
    assert found.abandoned == pytest.approx(gone, abs=0.02)
    assert found.answer == pytest.approx(wait, rel=0.05, abs=1.5)


@given(
    operators=st.integers(1, MOST - 1),
    share=st.floats(0.01, 1.6),
    talk=st.integers(30, 900),
    patience=st.integers(5, 900),
)
@settings(max_examples=80, deadline=None)
def test_one_more_operator_never_worsens_service(operators: int, share: float, talk: int, patience: int) -> None:
    an_hour = share * operators * 3600 / talk
    now, then = (serve(number, an_hour, talk, patience=patience) for number in (operators, operators + 1))
    for one in (now, then):
        assert all(0 <= part <= 1 for part in (one.waits, one.in_time, one.abandoned, one.occupancy))
        assert math.isfinite(one.answer)
        assert one.answer >= 0
    assert then.in_time >= now.in_time - 1e-6
    assert then.abandoned <= now.abandoned + 1e-9
    assert then.answer <= now.answer * (1 + 1e-4) + 1e-6
    assert service_level(operators + 1, an_hour, talk) >= service_level(operators, an_hour, talk) - 1e-9


@given(operators=st.integers(2, 200), share=st.floats(0.2, 0.9), talk=st.integers(60, 600))
@settings(max_examples=40, deadline=None)
def test_endless_patience_is_erlang_c(operators: int, share: float, talk: int) -> None:
    an_hour = share * operators * 3600 / talk
    patient, almost = serve(operators, an_hour, talk), serve(operators, an_hour, talk, patience=3e7)
    assert almost.in_time == pytest.approx(patient.in_time, abs=1e-3)
    assert almost.waits == pytest.approx(patient.waits, abs=1e-3)


@given(calls=st.integers(1, 3000), talk=st.integers(30, 600), patience=st.sampled_from([None, 30, 120]))
@settings(max_examples=60, deadline=None)
def test_fewest_operators(calls: int, talk: int, patience: int | None) -> None:
    found = operators_needed(calls, talk, patience=patience)
    assert service_level(found, calls, talk, patience=patience) >= 0.8
    assert found == 1 or service_level(found - 1, calls, talk, patience=patience) < 0.8


def test_nobody_calls() -> None:
    assert operators_needed(0, 180) == 0
    assert serve(3, 0, 180).in_time == 1
    assert calls_served(1, 180) >= 1
