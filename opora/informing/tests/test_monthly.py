"""The monthly table: first and repeated by themes and ways, and each figure opens into its rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from opora.access.scope import enter
from opora.informing import exporting
from opora.informing.models import Export, Informed, MonthCount, Reported, Roll, Touch
from opora.informing.monthly import nightly
from opora.informing.tests.crowd import campaign, people
from opora.informing.words import MONTHS
from opora.insured.models import Person

SignIn = Callable[[str | None], Client]


def touch(place: SimpleNamespace, made: Any, person: Person, n: int, at: datetime, **fields: Any) -> None:
    given: dict[str, Any] = {
        "channel": "sms", "insurer": place.alfa, "measure": "screening", "purpose": "invite", "state": "delivered",
        "cost": Decimal("2.50"), "sent_at": at,
    }  # fmt: skip
    Touch.objects.create(
        year=2026, campaign_id=made.pk, wave_id=1, round=n, person_id=person.pk, territory="50000", lane="bulk",
        zone="Asia/Novosibirsk", not_before=at, **{**given, **fields},
    )  # fmt: skip


@pytest.fixture
def spring(place: SimpleNamespace) -> list[Person]:
    """March and April of Alfa: who was written to, phoned, written in vain, told before by a partner."""
    young, old, told, vain = people(place, 4)
    Person.objects.filter(pk=young.pk).update(birth_on=date(1993, 5, 5))
    roll = Roll.objects.create(territory=place.nsk, insurer=place.alfa, format="test", name="R.xml")
    Reported.objects.create(
        roll=roll, place=1, territory="50000", insurer=place.alfa, person=told, measure="screening",
        channel="at_clinic", purpose="invite", on=date(2026, 2, 20),
    )  # fmt: skip
    made = campaign(place)
    march, april = datetime(2026, 3, 10, 5, tzinfo=UTC), datetime(2026, 4, 10, 5, tzinfo=UTC)
    for n, person in enumerate((young, old, told), start=1):
        touch(place, made, person, n, march)
    touch(place, made, vain, 4, march, state="failed", outcome="undelivered")
    touch(place, made, old, 5, datetime(2026, 3, 31, 18, tzinfo=UTC), channel="call", state="done", cost=0)
    touch(place, made, old, 6, april, came_on=date(2026, 4, 20))
    touch(place, made, old, 7, april, channel="call", purpose="ask_why", state="done", outcome="answered", cost=0)
    touch(place, made, vain, 8, april, state="planned", sent_at=None)
    return [young, old, told, vain]


def figures(**where: Any) -> tuple[Any, ...]:
    names = ("first", "repeated", "people", "messages", "came", "cost")
    return MonthCount.objects.filter(**where).values_list(*names).get()


def test_first_and_repeated_by_theme_and_way(spring: list[Person], place: SimpleNamespace) -> None:
    assert nightly.fold_year(2026) == 7
    assert nightly.fold_year(2026) == 0
    assert figures(month=3, theme="screening_young", way="sms") == (1, 0, 1, 1, 0, Decimal("2.50"))
    assert figures(month=3, theme="screening_yearly", way="sms") == (1, 1, 2, 3, 0, Decimal("7.50"))
    # The call of 31 March at 18:00 UTC is 1 April by the person's own clock.
    assert figures(month=4, theme="screening_yearly", way="call") == (0, 1, 1, 1, 0, 0)
    assert figures(month=4, theme="screening_yearly", way="survey") == (1, 0, 1, 1, 0, 0)
    assert figures(month=4, theme="screening_yearly", way="") == (1, 1, 1, 3, 1, Decimal("2.50"))
    assert figures(month=3, theme="", way="") == (2, 1, 3, 4, 0, Decimal("10.00"))
    for one in MonthCount.objects.all():
        assert one.messages >= one.first + one.repeated
    Touch.objects.filter(person_id=spring[3].pk, state="failed").update(state="delivered", outcome="delivered")
    assert nightly.fold_year(2026) == 1
    assert figures(month=3, theme="screening_yearly", way="sms")[:2] == (2, 1)


def test_every_figure_opens_and_empty_months_are_zeros(
    signed_in: SignIn, cast: Any, spring: list[Person], settings: Any, tmp_path: Path
) -> None:
    nightly.fold_year(2026)
    page = signed_in("timur")
    year = page.get("/informing/monthly/?year=2026")
    shown = [(line.sums.first, line.sums.repeated, line.sums.messages) for line in year.context["months"]]
    assert shown == [(0, 0, 0)] * 2 + [(2, 1, 4), (1, 1, 3)] + [(0, 0, 0)] * 8
    month = page.get("/informing/monthly/?year=2026&month=4")
    assert "Нет стоимости" in month.content.decode()
    address = "/informing/monthly/rows/?year=2026&month=3&theme=screening_yearly&way=sms"
    assert len(page.get(address).context["rows"]) == 3
    first = page.get(f"{address}&only=first").context["rows"]
    assert [row.person_id for row, _ in first] == [spring[1].pk]
    assert len(page.get("/informing/monthly/rows/?year=2026").context["rows"]) == Informed.objects.count() == 7
    assert not signed_in("vera").get("/informing/monthly/rows/?year=2026").context["rows"]
    clinic = signed_in("clerk").get("/informing/monthly/?year=2026").context["whole"]
    assert clinic.messages == 0
    with enter(cast.vera.scope):
        assert not MonthCount.objects.exists()
        assert not Informed.objects.exists()
    settings.DATA_DIR = tmp_path
    signed_in("boris").post("/informing/exports/", {"what": "monthly", "query": "year=2026"})
    exporting.write((export := Export.objects.get()).pk)
    table = CalamineWorkbook.from_path(exporting.path_of(export)).get_sheet_by_index(0).to_python()
    march = [row for row in table if row[2] == "Март" and row[3] == "Д3" and row[5] == "П1"]
    assert [row[7:] for row in march] == [[1, 1, 2, 3, 0, 7.5]]
    assert {row[2] for row in table[1:]} == set(MONTHS)
