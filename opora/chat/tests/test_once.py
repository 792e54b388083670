"""Whatever is sent again, out of order or by both at once: every line is there once, and a reader misses none."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opora.chat import queries, services
from opora.chat.models import Line, Talk
from opora.chat.services._writing import NewLine
from opora.chat.tests.conftest import KEY
from opora.chat.views import _wire

# Each step: who does it, and which of his ten lines (the same one may come again and again) or, for a reader, nothing.
STEPS = st.lists(
    st.tuples(st.sampled_from(["citizen", "employee", "citizen_reads", "employee_reads"]), st.integers(0, 9)),
    min_size=5,
    max_size=40,
)


@pytest.fixture
def ids() -> dict[tuple[str, int], UUID]:
    return {(who, number): uuid4() for who in ("citizen", "employee") for number in range(10)}


@settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_every_line_once_and_every_reader_sees_all(
    places: SimpleNamespace, cast: SimpleNamespace, ids: dict[tuple[str, int], UUID], steps: list[tuple[str, int]]
) -> None:
    key = f"{uuid4().hex}{KEY[32:]}"
    services.say(places.alfa, key, NewLine(uuid4(), "начало"), address=key)
    talk = services.take(_talk(places, key).pk, by=cast.alina)
    sent: list[UUID] = []
    heard: dict[str, list[dict[str, Any]]] = {"citizen": [], "employee": []}
    reach = {"citizen": 0, "employee": 0}

    def read(who: str) -> None:
        fresh = _talk(places, key)
        heard[who] += queries.lines_after(fresh, reach[who], is_citizen=who == "citizen")
        reach[who] = queries.reach_of(fresh, reach[who])

    for what, number in steps:
        who, _, reads = what.partition("_")
        if reads:
            read(who)
            continue
        line = NewLine(ids[who, number], f"{who} {number}")
        if who == "citizen":
            services.say(places.alfa, key, line, address=key)
        else:
            services.answer(talk.pk, line, by=cast.alina)
        if line.client_id not in sent:
            sent.append(line.client_id)
    for who in ("citizen", "employee"):
        read(who)
        said = [UUID(line["id"]) for line in heard[who] if line["kind"] == "said"]
        assert said[1:] == sent, "in the order of their first coming, none twice, none missing"
        numbers = [line["number"] for line in heard[who]]
        assert numbers == list(range(1, len(numbers) + 1))
    assert Line.objects.filter(talk=talk, kind="said").count() == len(sent) + 1


def _talk(places: SimpleNamespace, key: str) -> Talk:
    return services.talk_of(places.alfa, key)


def test_a_line_that_came_between_two_questions_is_not_told_again(
    places: SimpleNamespace, cast: SimpleNamespace
) -> None:
    services.say(places.alfa, KEY, NewLine(uuid4(), "начало"), address="192.0.2.7")
    read = services.take(_talk(places, KEY).pk, by=cast.alina)
    services.say(places.alfa, KEY, NewLine(uuid4(), "и ещё"), address="192.0.2.7")
    told = json.loads(_wire.shown(read, 0, is_citizen=False).content)
    assert told["reach"] == told["lines"][-1]["number"] == read.last + 1
