"""What the year holds beside informing comes to the published shares, keeps every promise and looks lived."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.chain.verify import verify
from opora.complaints import rules
from opora.complaints.models import Case, Claim
from opora.complaints.services._step import facts_of
from opora.insured.models import Person, PersonCategory
from opora.organisations.models import Employee
from opora.policies import services as deliveries
from opora.policies.models import Delivery, DeliveryEvent, HandOver, Route, Visit
from opora.policies.services import Address, Report
from opora.policies.tests.conftest import PNG
from opora.policies.words import Source, VisitState
from opora.simulation.akbars.printed import sentences
from opora.simulation.akbars.rest import Counted, live_rest
from opora.simulation.akbars.targets import targets
from opora.simulation.akbars.world import World, found, populate
from opora.simulation.printed import share
from opora.surveys import services as surveys
from opora.surveys.models import Cell, Invitee, Round, Sheet, Survey

SCALE = 0.001
pytestmark = pytest.mark.django_db
type Lived = tuple[World, Counted]


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[Lived]:
    """The people and the rest of their year, once for all tests of this file; nothing of it stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        with enter(Scope.system("test")):
            world = found(targets(SCALE), 1)
            populate(world)
            yield world, live_rest(world)
        transaction.set_rollback(True)


@pytest.fixture
def lasting(lived: Lived) -> Iterator[Lived]:
    """The same for a test that adds rows: they go with it."""
    with transaction.atomic():
        yield lived
        transaction.set_rollback(True)


def rows(question: str, **given: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        return cursor.fetchall()


def one(question: str, **given: Any) -> Any:
    return rows(question, **given)[0][0]


def test_the_chosen_numbers_give_the_published_shares() -> None:
    whole = targets(1)
    rest = whole.rest
    assert rest.surveyed == 18_293
    assert round(share(rest.surveyed, whole.insured), 1) == Decimal("0.6")
    assert share(rest.satisfied, rest.centre) == 99
    assert rest.centre < rest.surveyed
    assert round(share(rest.claims_justified, rest.claims), 1) == Decimal("0.2")
    assert rest.on_insurer == 3
    assert sum(rest.verdicts.values()) == rest.complaints
    assert set(rest.verdicts) == {"pretrial", "unjustified"}


@pytest.mark.parametrize("scale", [0.01, 0.1])
def test_shares_hold_at_the_scales_of_everyday(scale: float) -> None:
    part = targets(scale)
    assert round(share(part.rest.surveyed, part.insured), 1) == Decimal("0.6")
    assert share(part.rest.satisfied, part.rest.centre) == 99


def test_rows_come_to_the_shares(lived: Lived) -> None:
    world, _ = lived
    rest = world.targets.rest
    asked = "SELECT count(*) FROM surveys_sheet"
    assert one(asked) == rest.surveyed == sum(Cell.objects.values_list("done", flat=True))
    centre = f"{asked} s JOIN surveys_round r ON r.id = s.round_id WHERE r.title LIKE 'Контакт-центр%%'"
    assert (one(centre), one(f'{centre} AND s.answers @> \'{{"helped": ["yes"]}}\'')) == (rest.centre, rest.satisfied)
    whose = "SELECT count(*) FROM appeals_appeal WHERE organisation_id = %(insurer)s"
    insurer = world.insurer.pk
    assert one(whose, insurer=insurer) == rest.appeals
    justified = f"{whose} AND kind = 'complaint' AND verdict <> 'unjustified'"
    assert one(justified, insurer=insurer) == one(f"{whose} AND verdict = 'pretrial'", insurer=insurer) == 171
    claims = rows("SELECT decision, count(*) FROM complaints_claim GROUP BY 1 ORDER BY 2")
    assert dict(claims) == {"justified": 1, "unjustified": 499}
    assert one("SELECT count(*) FROM policies_handover") == rest.delivered


def test_complaints_on_the_insurer_went_to_the_fund(lived: Lived) -> None:
    _, counted = lived
    handled = rows("SELECT h.kind, a.verdict, c.insurer_id FROM appeals_appeal a"
                      " JOIN organisations_organisation h ON h.id = a.handler_id"
                      " JOIN complaints_case c ON c.appeal_id = a.id"
                      " WHERE a.topic_code = '13.6' AND a.kind = 'complaint'")  # fmt: skip
    assert handled == [("fund", "pretrial", None)] * 3
    assert counted.on_insurer == 3


def test_the_line_answers_round_the_clock_and_lifts_talks_to_the_second_level(lived: Lived) -> None:
    _, counted = lived
    assert counted.hours == 24
    assert counted.on_the_call > 0
    assert one("SELECT count(*) FROM organisations_hotline WHERE is_round_the_clock") == 1


def test_every_right_that_was_broken_is_restored_before_court(lived: Lived) -> None:
    broken = "SELECT id FROM appeals_appeal WHERE verdict = 'pretrial'"
    assert not rows(f"{broken} EXCEPT SELECT case_id FROM complaints_restoration")
    assert not rows(f"{broken} EXCEPT SELECT case_id FROM complaints_dispute WHERE track = 'pretrial'"
                    " AND outcome = 'satisfied'")  # fmt: skip


def test_cases_stand_where_their_rows_say(lived: Lived) -> None:
    for case in Case.objects.order_by("appeal")[::20]:
        assert case.stage == str(rules.stage(facts_of(case)))
    assert not Claim.objects.filter(decided_at__year__gt=2024).exists()
    assert not rows("SELECT 1 FROM complaints_caseevent WHERE at >= '2025-01-01 00:00+03'")


def test_everything_lies_in_the_year_and_the_proof_holds(lived: Lived) -> None:
    outside = "SELECT 1 FROM appeals_appeal WHERE extract(year FROM registered_at AT TIME ZONE 'Europe/Moscow') <> 2024"
    assert not rows(outside)
    assert not rows("SELECT 1 FROM appeals_unchained")
    assert not verify().findings
    assert not rows(
        "SELECT 1 FROM policies_delivery WHERE extract(year FROM closed_at) <> 2024 OR closed_at <= asked_at"
    )


def test_a_second_run_adds_nothing(lived: Lived) -> None:
    world, counted = lived
    tables = ("appeals_event", "complaints_caseevent", "surveys_sheet", "policies_deliveryevent")
    before = [one(f"SELECT count(*) FROM {table}") for table in tables]
    assert live_rest(world) == counted
    assert before == [one(f"SELECT count(*) FROM {table}") for table in tables]


def test_what_is_printed_names_the_indicators(lived: Lived) -> None:
    world, counted = lived
    told = "\n".join(sentences(world, [], counted))
    assert "Претензий клиник на ЭКМП 500, обоснованных 1, 0,20 %" in told
    assert "до суда удовлетворено 100,00 %" in told


def test_a_round_is_filled_as_one_that_was_asked_and_closed(lasting: Lived) -> None:
    world, _ = lasting
    leader = Employee.objects.get(login=f"supervisor.{world.insurer.code}.1")
    survey = Survey.objects.get(code="contact_centre", insurer=None, territory="")
    with enter(leader.scope):
        asked = surveys.draft_round(
            survey, title="После разговора", since=date(2024, 1, 1), until=date(2024, 1, 31), modes=["phone"], wanted=6,
            by=leader,
        )  # fmt: skip
        asked = surveys.launch_round(asked.pk, lock=asked.lock, by=leader)
    for cell in Cell.objects.filter(round=asked):
        for _ in range(cell.planned or 0):
            surveys.take_sheet(asked, asked.version_id, {"helped": ["yes"], "clear": ["yes"]}, cell=cell.number)
    Invitee.objects.filter(round=asked).update(state="done")
    with enter(leader.scope):
        asked.refresh_from_db()
        surveys.close_round(asked.pk, lock=asked.lock, by=leader)
    ours = Round.objects.filter(survey=survey).exclude(pk=asked.pk).order_by("pk").first()
    assert ours is not None
    assert _filled(Round.objects.filter(pk=ours.pk)) == _filled(Round.objects.filter(pk=asked.pk))
    for model in (Cell, Sheet):
        assert _names(model.objects.filter(round=ours)) == _names(model.objects.filter(round=asked))
    asked.refresh_from_db()
    assert {key: set(value) for key, value in ours.tally.items()} == {
        key: set(value) for key, value in asked.tally.items()
    }


def test_a_delivery_is_filled_as_one_that_a_courier_reported(lasting: Lived, settings: Any, tmp_path: Any) -> None:
    world, _ = lasting
    settings.DATA_DIR = tmp_path
    operator = Employee.objects.get(pk=world.operators[0])
    courier = Employee.objects.get(login=f"courier.{world.insurer.code}.1")
    person = Person.objects.filter(insurer=world.insurer, died_on=None).exclude(
        pk__in=Delivery.objects.values("person")).order_by("pk").first()  # fmt: skip
    assert person is not None
    PersonCategory.objects.get_or_create(person=person, code="limited_mobility")
    with enter(operator.scope):
        theirs = deliveries.ask(person, category="limited_mobility", source=Source.PHONE, phone="+78430000001",
                                address=Address("г. Казань", "ул. Ленина", "1", "2"), by=operator)  # fmt: skip
    now = timezone.now()
    day = now.astimezone(world.insurer.zone).date()
    route = Route.objects.create(territory=theirs.territory, insurer=world.insurer, employee=courier, day=day, metres=1)
    visit = Visit.objects.create(route=route, delivery=theirs, position=1, planned_at=now - timedelta(minutes=1))
    with enter(courier.scope):
        taken = deliveries.report(Report(uuid4(), visit.pk, VisitState.DELIVERED, now, now, PNG), by=courier)
    assert taken.state == "accepted"
    ours = Delivery.objects.exclude(pk=theirs.pk).filter(state="delivered").first()
    assert ours is not None
    chosen = {"category_proof", "flat", "street", "documents", "version"}
    assert (
        _filled(Delivery.objects.filter(pk=ours.pk)) - chosen == _filled(Delivery.objects.filter(pk=theirs.pk)) - chosen
    )
    assert _names(Visit.objects.filter(delivery=ours)) == _names(Visit.objects.filter(delivery=theirs))
    signed = _filled(HandOver.objects.filter(delivery=theirs)) - {"signature"}
    assert _filled(HandOver.objects.filter(delivery=ours)) == signed
    ends = {row.delivery_id: row for row in DeliveryEvent.objects.filter(kind="delivered")}
    assert ends[ours.pk].text == ends[theirs.pk].text
    assert _filled(DeliveryEvent.objects.filter(pk=ends[ours.pk].pk)) == _filled(
        DeliveryEvent.objects.filter(pk=ends[theirs.pk].pk)
    )
    assert set(ends[ours.pk].details) == set(ends[theirs.pk].details)


def _filled(rows_of: Any) -> set[str]:
    """The names of the columns that hold something, in one row."""
    (row,) = rows_of.values()
    return {name for name, value in row.items() if value not in (None, "", [], {})}


def _names(rows_of: Any) -> set[str]:
    return {name for row in rows_of.values() for name, value in row.items() if value not in (None, "", [])}
