"""Who locks a case and a row of it locks the case first: nobody waits for each other in a ring."""

import re
from collections.abc import Callable
from datetime import datetime, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opora.complaints import services
from opora.complaints.models import Claim
from opora.complaints.tests.conftest import Play
from opora.complaints.tests.test_path import LATE_CARE

ROWS = {"case", "recordsrequest", "control", "claim"}
CLAIM = {"number": "7", "grounds": "Не согласны"}


def locked(do: Callable[[], object]) -> list[str]:
    """Return the tables of a case whose rows were locked or changed, in order."""
    with CaptureQueriesContext(connection) as asked:
        do()
    words = [one["sql"] for one in asked.captured_queries]
    found = [re.search(r'FOR UPDATE OF "complaints_(\w+)"|^UPDATE "complaints_(\w+)"', one) for one in words]
    tables = [one[1] or one[2] for one in found if one]
    return [one for one in tables if one in ROWS]


def answer(play: Play) -> list[str]:
    row = play.asked()
    return locked(lambda: play.as_(play.clerk, services.answer, row.pk, text="Вот"))


def settle(play: Play) -> list[str]:
    row = play.asked()
    play.as_(play.clerk, services.answer, row.pk, text="Вот")
    return locked(lambda: play.as_(play.expert, services.accept, row.pk))


def sign(play: Play) -> list[str]:
    row = play.handed(LATE_CARE)
    return locked(lambda: play.as_(play.clerk, services.sign, row.pk, disagreement="Нет"))


def finish(play: Play) -> list[str]:
    row = play.handed(LATE_CARE)
    play.as_(play.clerk, services.sign, row.pk)
    return locked(lambda: play.as_(play.expert, services.finish, row.pk))


def claim(play: Play) -> list[str]:
    row = play.handed(LATE_CARE)
    return locked(lambda: play.as_(play.clerk, services.claim, row.pk, **CLAIM))


def review(play: Play) -> list[str]:
    play.as_(play.clerk, services.claim, play.handed(LATE_CARE).pk, **CLAIM)
    return locked(lambda: play.as_(play.fund, services.review, Claim.objects.get().pk, expert=play.experts.second))


def decide(play: Play) -> list[str]:
    play.as_(play.clerk, services.claim, play.handed(LATE_CARE).pk, **CLAIM)
    given = {"decision": "justified", "answer": "Клиника права"}
    return locked(lambda: play.as_(play.fund, services.decide_claim, Claim.objects.get().pk, **given))


@pytest.mark.parametrize("step", [answer, settle, sign, finish, claim, review, decide])
def test_the_case_is_locked_first(play: Play, step: Callable[[Play], list[str]]) -> None:
    order = step(play)
    assert order[0] == "case"
    assert set(order) & (ROWS - {"case"}), "the row itself is locked too"


def test_reminders_wait_for_nobody(play: Play) -> None:
    """A long transaction over many cases takes those nobody changes just now."""
    row = play.asked()
    assert row.remind_on is not None
    noon = datetime.combine(row.remind_on, time(12), play.place.clinic.zone)
    with CaptureQueriesContext(connection) as asked:
        assert services.remind(noon) == 1
    words = [one["sql"] for one in asked.captured_queries]
    first = next(one for one in words if "FOR UPDATE" in one or one.startswith("INSERT"))
    assert 'FOR UPDATE OF "complaints_case" SKIP LOCKED' in first
