"""A number of informing opens into exactly its people or contacts, a page at a time, by the rights of whoever asks."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.test import Client

from opora.access.scope import Scope, enter
from opora.audit.models import AuditLine
from opora.informing.models import PlanEntry, Touch
from opora.informing.models import Seal as PlanSeal
from opora.informing.monthly import nightly
from opora.informing.tests.crowd import campaign, people
from opora.insured.models import Person, Policy
from opora.reports import asking
from opora.reports import people as behind
from opora.reports.counting import Report
from opora.reports.measures.opened import of_measure
from opora.reports.models import DisputeFact
from opora.reports.places import Place
from opora.reports.tests import desk

pytestmark = pytest.mark.django_db
type SignIn = Callable[[str | None], Client]


@pytest.fixture
def year(place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A year of Alfa in all ways: told once, told again, told in vain, told of two measures, came; pages are short."""
    monkeypatch.setattr(behind, "SIZE", 2)
    with enter(Scope.system("a year of a test")):
        some = people(place, 8)
        once = campaign(place, year=2025)
        made = 0

        def touch(who: int, month: int, **fields: Any) -> None:
            nonlocal made
            made += 1
            at = datetime(2025, month, 10, 5, tzinfo=UTC)
            given: dict[str, Any] = {
                "channel": "sms", "measure": "screening", "purpose": "invite", "state": "delivered", "round": made,
                "cost": Decimal("2.50"), "sent_at": at, "not_before": at,
            }  # fmt: skip
            Touch.objects.create(
                year=2025, campaign_id=once.pk, wave_id=1, person_id=some[who].pk, territory=place.nsk.pk,
                insurer=place.alfa, lane="bulk", zone="Asia/Novosibirsk", **{**given, **fields},
            )  # fmt: skip

        for who in range(5):
            touch(who, 3)
        touch(0, 3, measure="checkup", channel="call", state="done", outcome="answered", cost=0)
        touch(1, 4, came_on=date(2025, 4, 20))
        touch(2, 4, channel="call", purpose="ask_why", state="done", outcome="answered", cost=0)
        touch(3, 4, measure="observation", channel="letter", state="sent")
        touch(3, 5, measure="observation")
        touch(5, 3, state="failed", outcome="undelivered")
        touch(6, 5, measure="observation", state="sent")
        for measure, count in (("screening", 4), ("checkup", 1), ("observation", 3)):
            seal = PlanSeal.objects.create(
                territory=place.nsk.pk, insurer=place.alfa, measure=measure, year=2025, count=count, digest="-"
            )
            PlanEntry.objects.bulk_create(
                PlanEntry(year=2025, measure=measure, person=one, insurer=place.alfa, territory=place.nsk.pk,
                          seal_id=seal.pk) for one in some[:count]
            )  # fmt: skip
        PlanEntry.objects.create(  # came after the seal: not of the number
            year=2025, measure="observation", person=some[6], insurer=place.alfa, territory=place.nsk.pk
        )
        for number, (who, insurer) in enumerate([(0, "alfa"), (1, "alfa"), (1, "alfa"), (2, "alfa"), (7, "beta")]):
            Policy.objects.create(
                person=some[who], insurer=getattr(place, insurer), since=date(2020, 1, number + 1), until=None,
                kind=Policy.Kind.UNIFORM, number=str(number),
            )  # fmt: skip
        nightly.fold_year(2025)
    return SimpleNamespace(people=some, campaign=once)


def cells(asked: Report) -> dict[Place, Any]:
    """Cells that a measure counts, with what is shown in them."""
    return {
        Place(table.table.code, row.code, column.code): table.value(row.code, column.code)
        for table in (asked.table(one.code) for one in asked.pack.tables)
        for row in table.rows
        for column in table.columns
        if row.measure and not (column.pair or column.part_of or table.table.is_empty(row.code, column.code))
    }


def rows(asked: Report, place: Place, employee: Any) -> list[behind.Shown]:
    """All rows behind a cell, walked page by page."""
    table = asked.table(place.table)
    row = next(one for one in table.rows if one.code == place.row)
    column = next(one for one in table.columns if one.code == place.column)
    opened = of_measure(row.measure, table.asked_of(row, column))
    assert opened, place
    found, after = [], ""
    while after is not None:
        page = behind.page(opened, employee, after=after)
        assert len(page) <= behind.SIZE
        found, after = [*found, *page], page.next
    return found


REPORTS = [
    ("smo-indicators", "2025", 7),
    ("smo-indicators", "2025-Q1", 4),
    ("informing-month", "2025-03", 18),
    ("informing-month", "2025-04", 28),
    ("zpz-informing", "2025", 12),
    ("informing-funnel", "2025", 12),
    ("pg-b", "2025-Q2", 3),
]
WORDS = {"1", "1.1", "2"}  # of smo-indicators: yes or no, hours of the day


@pytest.mark.parametrize(("name", "period", "least"), REPORTS)
def test_every_number_opens_into_as_many_rows(cast: Any, year: Any, name: str, period: str, least: int) -> None:
    told = 0
    with enter(cast.timur.scope):
        asked = asking.ask(cast.timur, name, "54001", period)
        for place, value in cells(asked).items():
            if not value or (name == "smo-indicators" and place.row in WORDS):
                continue
            found = rows(asked, place, cast.timur)
            number = sum(row.cost or 0 for row in found) if place.column == "cost" else len(found)
            assert number == value, str(place)
            assert all(row.name and row.card for row in found), str(place)
            told += 1
    assert told >= least


def test_a_number_of_nobody_says_so(signed_in: SignIn, year: Any) -> None:
    page = signed_in("timur").get("/reports/informing-month/rows/?of=54001&period=2025-07&cell=1/all/people")
    assert "Строк нет" in page.content.decode()


def test_a_person_leads_to_the_card_and_to_the_campaign(signed_in: SignIn, year: Any, place: Any) -> None:
    address = "/reports/smo-indicators/rows/?of=54001&period=2025&cell=1/3b/value"
    page = signed_in("timur").get(address)
    [first, second] = page.context["people"]
    assert (first.name, first.card) == (year.people[3].full_name, f"/insured/{year.people[3].pk}/")
    assert (first.day, first.contacts, first.way, first.mark) == (date(2025, 4, 10), 2, "Письмо", "впервые")
    assert (first.campaign, first.link) == ("Осмотры", f"/informing/{year.campaign.pk}/")
    assert second.contacts == 1
    [line] = AuditLine.objects.filter(action="reports.people")
    assert (line.subject_id, line.details["cell"], line.details["rows"]) == ("smo-indicators", "1/3b/value", 2)
    with enter(Scope.system("she is insured elsewhere now")):
        Person.objects.filter(pk=year.people[3].pk).update(insurer=place.beta)
    page = signed_in("timur").get(address)
    assert [row.name for row in page.context["people"]] == ["", year.people[6].full_name]
    assert "сейчас не у вас" in page.content.decode()


def test_pages_of_people_are_walked_both_ways(signed_in: SignIn, year: Any) -> None:
    page, address = signed_in("timur"), "/reports/smo-indicators/rows/?of=54001&period=2025&cell=1/3a/value&after="
    first = page.get(address).context["people"]
    second = page.get(address + quote(first.next)).context["people"]
    assert list(page.get(address + quote(second.previous)).context["people"]) == list(first)
    for garbage in ("x", "%2B1~2", "%2Bx", "-99999999999999999999", "%00"):
        assert list(page.get(address + garbage).context["people"]) == list(first)


def test_a_number_may_be_open_where_its_people_are_not(signed_in: SignIn, year: Any, cast: Any) -> None:
    role = cast.timur.assignment.role
    role.rights = [one for one in role.rights if one != "informing:view"]
    role.save(update_fields=["rights"])
    page = signed_in("timur").get("/reports/smo-indicators/rows/?of=54001&period=2025&cell=1/3a/value")
    text = page.content.decode()
    assert page.context["text"] == "5"
    assert "Видеть кампании и списки информирования" in text
    assert not any(one.full_name in text for one in year.people)
    assert not AuditLine.objects.filter(action="reports.people").exists()
    assert (
        signed_in("timur").get("/reports/smo-indicators/rows/?of=54001&period=2025&cell=1/4.2/value").context["people"]
    )


def test_suits_that_waited_open_into_their_complaints(
    signed_in: SignIn, place: SimpleNamespace, topics: SimpleNamespace, cast: Any
) -> None:
    hers = desk.appeal(cast.alina, topics.policy)
    for number, (appeal, insurer) in enumerate([(hers.pk, "alfa"), (UUID(int=5), "alfa"), (UUID(int=6), "beta")]):
        DisputeFact.objects.create(
            dispute_id=UUID(int=number), appeal_id=appeal, territory=place.nsk.pk, track="court",
            insurer_id=getattr(place, insurer).pk, filed_on=date(2023, 6, 1),
        )  # fmt: skip
    with enter(cast.timur.scope):
        asked = asking.ask(cast.timur, "pg-b", "54001", "2024-Q1")
        [cell] = [place for place, value in cells(asked).items() if place.row == "3.1" and value]
    page = signed_in("timur").get(f"/reports/pg-b/rows/?of=54001&period=2024-Q1&cell={cell}")
    assert page.context["text"] == "2"
    assert [(row.number, row.is_hidden) for row in page.context["page"]] == [(hers.number, False), ("", True)]
    assert "ведёт другая организация" in page.content.decode()
    DisputeFact.objects.filter(appeal_id=hers.pk).delete()
    page = signed_in("timur").get(f"/reports/pg-b/rows/?of=54001&period=2024-Q1&cell={cell}")
    assert "ведёт другая организация" in page.content.decode()
