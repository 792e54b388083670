"""What the wall says: sums by organisation and line, today by the clock of the territory; no appeal is read."""

import re
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opora.access.scope import enter
from opora.appeals.board import figures
from opora.appeals.board.tests.conftest import NOON, ZONE, seen
from opora.appeals.models import Appeal, Callback
from opora.appeals.summary import summary
from opora.organisations.models import Territory

COUNTERS = {"appeals_tally", "appeals_daytally", "appeals_queued", "appeals_promisetally", "organisations_territory"}


def numbers(found: figures.Figures) -> tuple[int, ...]:
    return tuple(getattr(found, name) for name in figures.COUNTED)


def lines(board: figures.Board) -> dict[str, tuple[int, ...]]:
    return {f"{place.total.title} {line.title}": numbers(line) for place in board.places for line in place.lines}


def test_an_insurer_sees_its_lines(place: SimpleNamespace, wall: SimpleNamespace) -> None:
    found = seen(place.alfa)
    # waiting, in work, late, due today, answered, in time
    assert lines(found) == {
        "СМО Альфа СП1": (2, 2, 1, 0, 1, 1),
        "СМО Альфа СП2": (0, 2, 0, 1, 1, 0),
        "СМО Альфа СП3": (0, 0, 0, 0, 0, 0),
    }
    assert numbers(found.total) == (2, 4, 1, 1, 2, 1)
    assert found.total.share == 50
    assert found.total.waits_since == NOON - timedelta(hours=1, minutes=18)


def test_a_fund_sees_its_territory_by_organisation(place: SimpleNamespace, wall: SimpleNamespace) -> None:
    found = seen(place.fund)
    assert [one.total.title for one in found.places] == ["ТФОМС Новосибирской области", "СМО Альфа", "СМО Бета"]
    assert [one.total.waiting for one in found.places] == [0, 2, 1]
    assert found.total.waiting == 3
    assert seen(place.other_fund).total.waiting == 0
    assert numbers(seen(place.clinic).total) == (0,) * 6


def test_a_branch_sees_its_territory_of_the_insurer(place: SimpleNamespace, wall: SimpleNamespace) -> None:
    assert numbers(seen(place.branch).total) == numbers(seen(place.alfa).total)
    place.branch.territory = place.alt
    place.branch.save()
    assert numbers(seen(place.branch).total) == (0,) * 6


def test_the_wall_agrees_with_the_summary(cast: SimpleNamespace, place: SimpleNamespace, wall: SimpleNamespace) -> None:
    for who in (cast.boris, cast.admin):
        with enter(who.scope):
            told = summary(who).total
            found = figures.board_of(who.assignment.organisation, datetime.now(ZONE)).total
        assert (told.overdue, told.today, told.open) == (found.late, found.due_today, found.waiting + found.in_work)


def test_today_begins_anew_at_midnight_of_the_territory(place: SimpleNamespace, wall: SimpleNamespace) -> None:
    eve = NOON.replace(hour=23, minute=59)
    before = seen(place.alfa, eve)
    assert before.changes_at == datetime(2031, 3, 6, tzinfo=ZONE)
    after = seen(place.alfa, before.changes_at)
    assert (before.total.answered, before.total.late, before.total.due_today) == (2, 1, 1)
    assert (after.total.answered, after.total.late, after.total.due_today) == (0, 2, 0)
    assert after.total.share is None
    Territory.objects.filter(pk=place.nsk.pk).update(time_zone="Europe/Kaliningrad")
    assert seen(place.alfa, before.changes_at).total.late == 1  # there it is yesterday still


def test_promised_calls_become_overdue_by_themselves(
    cast: SimpleNamespace, place: SimpleNamespace, wall: SimpleNamespace
) -> None:
    for hours in (-1, 2, 30):
        Callback.objects.create(appeal=wall.late, organisation=place.branch, due_at=NOON + timedelta(hours=hours))
    found = seen(place.alfa)
    assert (found.calls_due, found.calls_overdue) == (1, 1)
    assert found.changes_at == NOON + timedelta(hours=2)
    later = seen(place.alfa, found.changes_at)
    assert (later.calls_due, later.calls_overdue) == (0, 2)
    assert (seen(place.beta).calls_due, seen(place.beta).calls_overdue) == (0, 0)
    assert seen(place.fund).calls_due == 1


def test_who_is_taken_waits_no_longer(cast: SimpleNamespace, place: SimpleNamespace, wall: SimpleNamespace) -> None:
    Appeal.objects.filter(pk=wall.first.pk).update(owner=cast.alina)
    found = seen(place.alfa).total
    assert (found.waiting, found.in_work) == (1, 5)
    assert found.waits_since == NOON - timedelta(minutes=5)


def test_a_share_is_never_rounded_up_to_all() -> None:
    assert figures.Figures("", "", answered=1000, in_time=999).share == 99
    assert figures.Figures("", "", answered=3, in_time=3).share == 100


@pytest.mark.parametrize("who", ["alfa", "fund", "branch"])
def test_the_wall_reads_counters_alone(place: SimpleNamespace, wall: SimpleNamespace, who: str) -> None:
    """No table that grows with the journal stands in a plan, and there are four questions whatever there is."""
    organisation = getattr(place, who)
    scope = figures.scope_of(organisation)
    asked: dict[str, Any] = {"now": NOON, "territory": scope.territory or None, "handler": None}
    with enter(scope):
        for ask in (figures._lines, figures._promises):
            plan = "\n".join(ask(explain=True, **asked))
            read = set(re.findall(r"(?:Seq Scan|Heap Scan|Scan using \w+) on (\w+)", plan))
            assert read
            assert read <= COUNTERS, plan
    with (
        enter(scope),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        figures.board_of(organisation, NOON)
    assert len(queries) == 4


def test_zones_of_all_territories_move_the_day_of_a_federal_insurer(
    place: SimpleNamespace, wall: SimpleNamespace
) -> None:
    Territory.objects.create(code="77777", name="Восток", time_zone="Asia/Kamchatka")
    assert seen(place.alfa).changes_at == datetime(2031, 3, 6, tzinfo=ZoneInfo("Asia/Kamchatka"))
