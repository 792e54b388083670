"""A wall: some appeals of Alfa and Beta at a fixed noon of Novosibirsk, whatever day the tests run on."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from opora.access.scope import enter
from opora.appeals.board.figures import Board, board_of, scope_of
from opora.appeals.models import Appeal, Queued
from opora.appeals.tests.test_register import question, registered

ZONE = ZoneInfo("Asia/Novosibirsk")
NOON = datetime(2031, 3, 5, 12, tzinfo=ZONE)


def seen(organisation: Any, now: datetime = NOON) -> Board:
    """Return the board as a screen of the organisation gets it: within its scope."""
    with enter(scope_of(organisation)):
        return board_of(organisation, now)


@pytest.fixture
def wall(cast: SimpleNamespace, place: SimpleNamespace, topics: SimpleNamespace) -> SimpleNamespace:
    """Of Alfa: two wait on SP1, one is hers and late, one is due today, two were answered today, one of them late.

    Of Beta: one waits.
    """

    def new(by: Any, *, due: timedelta = timedelta(days=3), **fields: Any) -> Appeal:
        done = registered(by, question(topics, **fields))
        at = NOON + due
        Appeal.objects.filter(pk=done.id).update(due_at=at, due_on=at.date())
        return Appeal.objects.get(pk=done.id)

    found = SimpleNamespace(
        first=new(cast.alina),
        second=new(cast.alina),
        late=new(cast.alina, mine=True, due=-timedelta(days=2)),
        today=new(cast.sp2, mine=True, due=timedelta(hours=1)),
        answered=new(cast.alina, mine=True),
        answered_late=new(cast.sp2, mine=True),
        betas=new(cast.vera),
    )
    Queued.objects.filter(appeal_id=found.first.pk).update(since=NOON - timedelta(hours=1, minutes=18))
    Queued.objects.filter(appeal_id=found.second.pk).update(since=NOON - timedelta(minutes=5))
    Appeal.objects.filter(pk=found.answered.pk).update(answered_at=NOON - timedelta(hours=2))
    late = {"due_at": NOON - timedelta(hours=3), "answered_at": NOON - timedelta(hours=2)}
    Appeal.objects.filter(pk=found.answered_late.pk).update(**late)
    return found
