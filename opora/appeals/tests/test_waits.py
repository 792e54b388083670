"""A wait somebody told of: typed at intake, mended on the card, held against the limit that was in force."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals import services, waits
from opora.appeals.errors import NotComplete
from opora.appeals.intake import NewAppeal, register
from opora.appeals.models import Appeal, Event, Wait
from opora.appeals.tests.test_intake_page import sheet
from opora.appeals.waits import NewWait

type SignIn = Callable[[str | None], Client]
NSK = ZoneInfo("Asia/Novosibirsk")


def judged(days: int, *, service: str = "SPEC", suspicion: str = "", on: date = date(2026, 3, 2)) -> waits.Judged:
    new = NewWait(service=service, days=days, suspicion=suspicion)
    return waits.judge(new, on=on, territory="50000", zone=NSK)


@pytest.mark.parametrize(
    ("days", "suspicion", "is_over"),
    [(20, "", False), (22, "", True), (3, "oncology", False), (4, "oncology", True), (4, "cardiovascular", True)],
)
def test_a_wait_is_held_against_the_limit_in_force(system: None, days: int, suspicion: str, is_over: bool) -> None:
    assert judged(days, suspicion=suspicion).is_over is is_over


def test_the_day_of_referral_chooses_the_law(system: None) -> None:
    before = judged(10, suspicion="cardiovascular", on=date(2025, 3, 3))
    assert (before.is_over, before.limit) == (False, "14 рабочих дней")


def test_a_limit_in_hours_is_over_after_its_days(system: None) -> None:
    assert [judged(days, service="GP").is_over for days in (1, 2)] == [False, True]


@pytest.mark.parametrize(
    "new",
    [
        NewWait(service="NONE", days=5),
        NewWait(service="SPEC", days=-1),
        NewWait(service="SPEC", days=5, started_on=date(2026, 3, 3)),
        NewWait(service="SPEC", days=5, suspicion="x"),
    ],
)
def test_what_cannot_be_is_refused(system: None, new: NewWait) -> None:
    with pytest.raises(NotComplete):
        waits.judge(new, on=date(2026, 3, 2), territory="50000", zone=NSK)


def test_intake_writes_a_wait_beside_a_consultation(
    signed_in: SignIn, topics: SimpleNamespace, place: SimpleNamespace
) -> None:
    page = signed_in("alina")
    assert "Какой услуги ждёт" in page.get("/appeals/new/").content.decode()
    waited = {"wait_service": "CT_MRI", "wait_days": "60", "wait_provider_name": "№ 1"}
    page.post("/appeals/new/", sheet(**waited, wait_provider=place.clinic.pk))

    wait = Wait.objects.get()
    assert (wait.service, wait.days, wait.provider, wait.is_over) == ("CT_MRI", 60, place.clinic, True)
    assert wait.started_on == timezone.localdate(timezone=NSK)
    assert "дольше предела" in page.get(f"/appeals/{Appeal.objects.get().number}/").content.decode()


def test_half_a_wait_is_asked_for_the_other_half(signed_in: SignIn, topics: SimpleNamespace) -> None:
    page = signed_in("alina")
    for half in ({"wait_service": "SPEC"}, {"wait_days": "5"}, {"wait_service": "NO", "wait_days": "5"}):
        assert page.post("/appeals/new/", sheet(**half)).status_code == 422
    assert not Appeal.objects.exists()


@pytest.fixture
def open_one(cast: SimpleNamespace, topics: SimpleNamespace) -> Appeal:
    with enter(cast.alina.scope):
        new = NewAppeal(kind="consultation", topic=topics.waiting, channel="hot_line", text="Ждёт", mine=True)
        done = register(new, by=cast.alina)
    return Appeal.objects.get(pk=done.id)


def test_a_wait_is_mended_with_a_line_in_the_history(open_one: Appeal, cast: SimpleNamespace) -> None:
    with enter(cast.alina.scope):
        for days in (10, 40, 40):
            services.amend(open_one.pk, changes={"wait": NewWait(service="DIAG", days=days)}, by=cast.alina)

    told = [event.details["amended"]["wait"] for event in Event.objects.filter(kind="amended").order_by("at")]
    assert [[side and side["over"] for side in pair] for pair in told] == [[None, False], [False, True]]


def test_the_card_mends_a_wait(signed_in: SignIn, open_one: Appeal, place: SimpleNamespace) -> None:
    address = f"/appeals/{open_one.number}/acts/amend/"
    page = signed_in("alina")
    form = page.get(address).context["form"]
    given = {name: form[name].value() or "" for name in form.fields}
    given |= {"wait_service": "SPEC", "wait_days": "30", "wait_provider": place.clinic.pk, "version": open_one.version}
    given |= {"flags": open_one.flags, "opened": form["opened"].value()}
    assert page.post(address, given).status_code == 302
    assert Wait.objects.get().is_over


def test_a_wait_is_as_deep_as_reasons(open_one: Appeal, cast: SimpleNamespace) -> None:
    with enter(cast.alina.scope):
        services.amend(open_one.pk, changes={"wait": NewWait(service="DIAG", days=10)}, by=cast.alina)
        assert Wait.objects.exists()
    with enter(cast.vera.scope):
        assert not Wait.objects.exists()


def test_a_wait_may_have_begun_before(system: None) -> None:
    since = date(2026, 3, 2) - timedelta(days=30)
    new = NewWait(service="HOSP", days=30, started_on=since)
    assert waits.judge(new, on=date(2026, 3, 2), territory="50000", zone=NSK).is_over
