"""The desk: her own by deadline, the queue of her line, promises, sums, drafts."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals.intake import NewAppeal, Registered, register
from opora.appeals.models import Appeal, Callback, Draft
from opora.audit.services import uuid7
from opora.shared.tests.axe import findings

type SignIn = Callable[[str | None], Client]


def registered(by: Any, topics: SimpleNamespace, **fields: Any) -> Registered:
    new = {"kind": "consultation", "topic": topics.policy, "channel": "hot_line", "text": "?", **fields}
    with enter(by.scope):
        return register(NewAppeal(**new), by=by)


@pytest.fixture
def queued(cast: SimpleNamespace, topics: SimpleNamespace) -> Registered:
    return registered(cast.alina, topics)


@pytest.fixture
def mine(cast: SimpleNamespace, topics: SimpleNamespace) -> Registered:
    return registered(cast.alina, topics, mine=True)


def test_the_desk_shows_hers_and_the_queue(signed_in: SignIn, queued: Registered, mine: Registered) -> None:
    response = signed_in("alina").get("/")

    work = response.context["work"]
    assert [row.appeal_id for row in work.mine] == [mine.id]
    assert [row.appeal_id for row in work.queue] == [queued.id]
    assert (work.counters.mine, work.counters.queue, work.counters.overdue) == (1, 1, 0)


def test_another_insurer_sees_nothing_of_it(signed_in: SignIn, queued: Registered, mine: Registered) -> None:
    work = signed_in("vera").get("/").context["work"]
    assert (work.mine, work.queue, work.counters.queue) == ([], [], 0)


def test_what_is_late_is_red_and_counted(signed_in: SignIn, mine: Registered) -> None:
    late = timezone.now() - timedelta(days=2)
    Appeal.objects.filter(pk=mine.id).update(due_at=late, due_on=timezone.localdate(late))

    page = signed_in("alina").get("/").content.decode()
    assert "просрочено" in page
    assert re.search(r'<div data-state="late">\s*<dt>', page)


def test_taking_moves_it_from_the_queue_to_her(signed_in: SignIn, cast: SimpleNamespace, queued: Registered) -> None:
    alina = signed_in("alina")
    answer = alina.post(f"/desk/taking/{queued.id}/", headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert Appeal.objects.get(pk=queued.id).owner == cast.alina
    assert (len(answer.context["work"].mine), answer.context["work"].queue) == (1, [])


def test_who_may_take(signed_in: SignIn, queued: Registered) -> None:
    taken = {who: signed_in(who).post(f"/desk/taking/{queued.id}/").status_code for who in ("timur", "vera")}
    assert taken == {"timur": 403, "vera": 404}


def test_promises_of_today_and_unfinished_drafts_are_on_the_desk(
    signed_in: SignIn, cast: SimpleNamespace, place: SimpleNamespace, mine: Registered
) -> None:
    Callback.objects.create(
        appeal_id=mine.id, organisation=place.alfa, owner=cast.alina, due_at=timezone.now(), phone="+79000000007"
    )
    draft = Draft.objects.create(pk=uuid7(), employee=cast.alina, organisation=place.alfa, body={"text": ["Начато"]})
    alina = signed_in("alina")

    page = alina.get("/").content.decode()
    assert "Обещали перезвонить" in page
    assert f"?draft={draft.pk}" in page
    alina.post(f"/appeals/new/{draft.pk}/draft/removal/")
    assert f"?draft={draft.pk}" not in alina.get("/").content.decode()
    alina.post(f"/appeals/new/{draft.pk}/draft/removal/?undo=1")
    assert f"?draft={draft.pk}" in alina.get("/").content.decode()


def test_the_desk_costs_the_same_however_much_waits(
    signed_in: SignIn, cast: SimpleNamespace, topics: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        registered(cast.alina, topics, mine=True)
        registered(cast.alina, topics)
    alina = signed_in("alina")
    alina.get("/desk/work/")
    with django_assert_max_num_queries(16):
        alina.get("/desk/work/")


@pytest.mark.browser
def test_the_queue_is_taken_by_keyboard(
    signed_in_browser: Any, site: str, queued: Registered, cast: SimpleNamespace
) -> None:
    page = signed_in_browser("alina")
    page.goto(f"{site}/")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.get_by_label("Мои обращения").get_by_role("link", name=queued.number).wait_for()
    assert Appeal.objects.get(pk=queued.id).owner == cast.alina
    assert findings(page) == []


def test_a_clinic_has_one_queue_for_all_and_no_key_it_may_not_use(signed_in: SignIn, cast: SimpleNamespace) -> None:
    page = signed_in("clerk").get("/").content.decode()
    assert "Общая очередь" in page
    assert "Иной сотрудник" not in page
    assert "клавишей N" not in page
