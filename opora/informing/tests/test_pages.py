"""Pages of informing: drafts, dry run, launch, rows behind numbers, lines that wait for a person, seals."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from opora.informing.incoming import Batch, IncomingEntry, Named
from opora.informing.loading import load
from opora.informing.models import Campaign, Entry, PlanEntry, Seal, Touch
from opora.informing.services import launch
from opora.informing.tests.crowd import campaign, people, planned
from opora.informing.words import Measure

SignIn = Callable[[str | None], Client]
DRAFT = {
    "title": "Осмотры весной",
    "measure": "checkup",
    "year": "2026",
    "lane": "bulk",
    "months": ["3", "4"],
    "per_day": "100",
    "channel1": "sms",
    "purpose1": "invite",
    "channel2": "call",
    "purpose2": "remind",
    "wait2": "14",
    "channel3": "",
    "purpose3": "remind",
    "channel4": "",
    "purpose4": "remind",
    "channel5": "",
    "purpose5": "remind",
}


def test_a_ladder_has_a_rung_for_each_way_to_reach_somebody(signed_in: SignIn, place: SimpleNamespace) -> None:
    """A message, a messenger, a call, a letter and, when nothing has helped, a visit."""
    ladder = ["sms", "messenger", "call", "letter", "visit"]
    rungs = {f"channel{step}": channel for step, channel in enumerate(ladder, start=1)}
    answer = signed_in("boris").post("/informing/new/", {**DRAFT, **rungs, "insurer": place.alfa.pk})
    assert answer.status_code == 302
    assert [rung.channel for rung in Campaign.objects.get(title="Осмотры весной").rungs.all()] == ladder


def test_from_a_draft_to_a_wave(signed_in: SignIn, place: SimpleNamespace) -> None:
    planned(place, people(place, 3))
    campaign(place, title="Чтобы был текст")
    page = signed_in("boris")
    chosen = {"clinics": [place.clinic.pk, place.clinic2.pk], "sequence": ""}
    answer = page.post("/informing/new/", {**DRAFT, **chosen, "insurer": place.alfa.pk})
    made = Campaign.objects.get(title="Осмотры весной")
    assert answer.headers["Location"] == f"/informing/{made.pk}/"
    assert (made.audience["months"], made.limits["per_day"]) == ([3, 4], 100)
    assert (made.audience["providers"], made.audience["late_months"]) == ([place.clinic.pk, place.clinic2.pk], True)
    assert [rung.channel for rung in made.rungs.all()] == ["sms", "call"]
    shown = page.post(f"/informing/{made.pk}/dry-run/").content.decode()
    assert "Запустить волну" in shown
    assert not Touch.objects.exists()
    page.post(f"/informing/{made.pk}/launch/")
    assert Touch.objects.count() == 3
    again = page.post(f"/informing/{made.pk}/launch/")
    assert again.status_code == 409
    assert "ещё идёт" in again.content.decode()
    rows = page.get(f"/informing/{made.pk}/waves/1/touches/?state=planned").content.decode()
    assert rows.count("Планова") == 3


def test_a_second_campaign_of_the_same_name_is_refused_in_words(signed_in: SignIn, place: SimpleNamespace) -> None:
    page = signed_in("boris")
    page.post("/informing/new/", {**DRAFT, "insurer": place.alfa.pk})
    answer = page.post("/informing/new/", {**DRAFT, "insurer": place.alfa.pk})
    assert answer.status_code == 422
    assert "уже есть" in answer.content.decode()


def test_pause_resume_stop(signed_in: SignIn, place: SimpleNamespace) -> None:
    planned(place, people(place, 2))
    made = campaign(place)
    launch(made.pk, by=None)
    page = signed_in("boris")
    states = []
    for verb in ("pause", "resume"):
        page.post(f"/informing/{made.pk}/{verb}/")
        made.refresh_from_db()
        states.append(made.state)
    assert states == ["paused", "running"]
    assert page.post(f"/informing/{made.pk}/stop/", {"why": " "}).status_code == 422
    page.post(f"/informing/{made.pk}/stop/", {"why": "Список отозван"})
    assert set(Touch.objects.values_list("state", flat=True)) == {"cancelled"}


@pytest.mark.parametrize("who", ["vera", "far"])
def test_a_stranger_finds_nothing(signed_in: SignIn, place: SimpleNamespace, who: str) -> None:
    made = campaign(place)
    assert signed_in(who).get(f"/informing/{made.pk}/").status_code in {403, 404}


@pytest.mark.parametrize("address", ["launch/", "pause/", "stop/", "dry-run/"])
def test_an_operator_does_not_launch(signed_in: SignIn, place: SimpleNamespace, address: str) -> None:
    made = campaign(place)
    assert signed_in("alina").post(f"/informing/{made.pk}/{address}").status_code == 403


def test_a_line_that_waits_for_a_person(signed_in: SignIn, place: SimpleNamespace, polina: Any) -> None:
    who = Named(surname="Саловьева", given_name="Полина", birth_on=date(1985, 3, 14))
    batch = Batch(
        entries=[IncomingEntry(place=n, key=str(n), who=who, measure=Measure.CHECKUP, year=2026) for n in (1, 2)]
    )
    load(batch, organisation=place.alfa, format="test", name="list.csv")
    first, second = Entry.objects.order_by("pk")
    page = signed_in("sp2")
    assert "Саловьева" in page.get("/informing/lists/to-settle/").content.decode()
    assert "Соловьёва-Седая" in page.get(f"/informing/lists/entries/{first.pk}/").content.decode()
    answer = page.post(f"/informing/lists/entries/{first.pk}/", {"person": polina.pk})
    assert answer.headers["Location"] == f"/informing/lists/entries/{second.pk}/"
    assert PlanEntry.objects.get().person == polina
    page.post(f"/informing/lists/entries/{second.pk}/", {"why": "Повтор"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.given, second.state, second.given) == ("matched", None, "dismissed", None)
    assert page.get(f"/informing/lists/entries/{second.pk}/").status_code == 404


def test_a_seal_and_those_who_came_later(signed_in: SignIn, place: SimpleNamespace) -> None:
    planned(place, people(place, 4))
    page = signed_in("boris")
    given = {"insurer": place.alfa.pk, "measure": "checkup", "year": "2026"}
    page.post("/informing/plan/seal/", given)
    assert Seal.objects.get().count == 4
    planned(place, people(place, 1))
    assert "позже добавлены 1" in page.get("/informing/plan/?year=2026").content.decode()
    page.post("/informing/plan/seal/", given)
    assert Seal.objects.count() == 1


def test_the_page_of_a_person_tells_what_was_said(signed_in: SignIn, place: SimpleNamespace) -> None:
    person = people(place, 1)[0]
    planned(place, [person])
    launch(campaign(place).pk, by=None)
    told = signed_in("alina").get(f"/insured/{person.pk}/panels/informing/").content.decode()
    assert "профилактический осмотр" in told
    Touch.objects.update(state="sending")
    Touch.objects.update(state="delivered", outcome="delivered", sent_at=timezone.now())
    told = signed_in("alina").get(f"/insured/{person.pk}/panels/informing/").content.decode()
    assert told.count("доставлено") == 1


@pytest.mark.parametrize("address", ["", "new/", "plan/", "lists/", "lists/to-settle/"])
def test_empty(signed_in: SignIn, address: str) -> None:
    assert signed_in("boris").get(f"/informing/{address}").status_code == 200
