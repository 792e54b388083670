"""Visits that last for days, that a partner corrects, and that are told of people nobody has found."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from opora.informing.incoming import Batch, IncomingContact, IncomingEntry, IncomingVisit, Named
from opora.informing.loading import Loaded, load
from opora.informing.models import Entry, PlanEntry, Reported, Touch, TouchTally, Visit
from opora.informing.queries import listed
from opora.informing.services import dismiss, launch, settle
from opora.informing.tests.crowd import campaign, people, planned
from opora.informing.words import Channel, Measure, Outcome, Purpose
from opora.insured.models import Person

SignIn = Callable[[str | None], Client]
NOBODY = Named(surname="Саловьева", given_name="Полина", birth_on=date(1985, 3, 14))
HOW = {"channel": Channel.AT_CLINIC, "purpose": Purpose.OTHER, "outcome": Outcome.REFUSED}


@pytest.fixture
def person(place: SimpleNamespace) -> Person:
    """Somebody of the plan to whom a message went on the first of March and another one is still to go."""
    (found,) = people(place, 1, clinics=[place.clinic])
    planned(place, [found])
    sent(place, found, "Первая", datetime(2026, 3, 1, 10, tzinfo=UTC))
    return found


def sent(place: SimpleNamespace, person: Person, title: str, at: datetime) -> Touch:
    made = campaign(place, title=title, limits={"cap_days": 0})
    launch(made.pk, by=None)
    touches = Touch.objects.filter(campaign_id=made.pk, person_id=person.pk)
    for state in ("claimed", "sending", "sent"):
        touches.update(state=state)
    touches.update(sent_at=at)
    return touches.get()


def named(person: Person) -> Named:
    return Named(surname=person.surname, given_name=person.given_name, birth_on=person.birth_on)


def came(who: Named, on: date, **fields: Any) -> IncomingVisit:
    return IncomingVisit(place=1, key="1", who=who, measure=Measure.CHECKUP, on=on, provider_code="540001", **fields)


def refused(who: Named, on: date, **fields: Any) -> IncomingContact:
    given: dict[str, Any] = {**HOW, "provider_code": "540001", **fields}
    return IncomingContact(place=1, key="1", who=who, measure=Measure.CHECKUP, on=on, **given)


def take(place: SimpleNamespace, *told: Any, format: str = "accounts-checkups", name: str = "account.zip") -> Loaded:
    visits = [one for one in told if isinstance(one, IncomingVisit)]
    contacts = [one for one in told if isinstance(one, IncomingContact)]
    batch = Batch(visits=visits, contacts=contacts)
    return load(batch, organisation=place.alfa, format=format, name=name)


def came_count(made: int) -> int:
    return sum(TouchTally.objects.filter(campaign_id=made, came=True).values_list("change", flat=True))


def test_who_came_for_days_was_brought_by_what_reached_him_before_the_first(
    place: SimpleNamespace, person: Person
) -> None:
    meanwhile = sent(place, person, "Вторая", datetime(2026, 3, 10, 10, tzinfo=UTC))
    take(place, came(named(person), date(2026, 3, 12), began_on=date(2026, 3, 9)))
    first = Touch.objects.exclude(pk=meanwhile.pk).get()
    assert (first.came_on, first.days_until_came) == (date(2026, 3, 9), 8)
    assert Touch.objects.get(pk=meanwhile.pk).came_on is None
    assert PlanEntry.objects.get().passed_on == date(2026, 3, 12)


def test_a_visit_does_not_end_before_it_begins(place: SimpleNamespace, person: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        take(place, came(named(person), date(2026, 3, 9), began_on=date(2026, 3, 12)))


def test_a_correction_takes_the_place_of_what_was_told(place: SimpleNamespace, person: Person) -> None:
    take(place, came(named(person), date(2026, 3, 12), began_on=date(2026, 3, 9)))
    closed = take(place, came(named(person), date(2026, 3, 22), began_on=date(2026, 3, 15), replaces=True)).closed
    assert (closed.closed, closed.answered) == (1, 1)
    assert [one.on for one in Visit.objects.filter(corrected_by=None)] == [date(2026, 3, 22)]
    (former,) = Visit.objects.exclude(corrected_by=None)
    assert (former.on, former.corrected_by) == (date(2026, 3, 12), Visit.objects.get(corrected_by=None).roll_id)
    assert PlanEntry.objects.get().passed_on == date(2026, 3, 22)
    assert Touch.objects.get().came_on == date(2026, 3, 15)
    assert came_count(Touch.objects.get().campaign_id) == 1


def test_a_visit_corrected_into_a_refusal_is_none(place: SimpleNamespace, person: Person) -> None:
    take(place, came(named(person), date(2026, 3, 12)))
    take(place, refused(named(person), date(2026, 3, 12), replaces=True))
    assert not Visit.objects.filter(corrected_by=None).exists()
    assert (PlanEntry.objects.get().state, PlanEntry.objects.get().passed_on) == ("open", None)
    assert Touch.objects.get().came_on is None
    assert came_count(Touch.objects.get().campaign_id) == 0
    assert Reported.objects.get().outcome == "refused"


def test_a_refusal_corrected_into_a_visit_falls_away(place: SimpleNamespace, person: Person) -> None:
    take(place, refused(named(person), date(2026, 3, 12)))
    take(place, came(named(person), date(2026, 3, 12), replaces=True))
    assert Reported.objects.get().outcome == "withdrawn"
    assert PlanEntry.objects.get().state == "passed"


def test_a_fact_taken_back_and_told_again_stands(place: SimpleNamespace, person: Person) -> None:
    take(place, came(named(person), date(2026, 3, 12)))
    take(place, refused(named(person), date(2026, 3, 12), replaces=True))
    again = take(place, came(named(person), date(2026, 3, 12), replaces=True))
    visit = Visit.objects.get()
    assert (visit.corrected_by, visit.roll_id) == (None, again.roll.pk)
    assert PlanEntry.objects.get().state == "passed"


OTHERS = [
    ("another partner's word", {"format": "opora-informing-csv"}, {}),
    ("another clinic", {}, {"provider_code": "540002"}),
    ("another year", {}, {"on": date(2025, 12, 12)}),
    ("no correction", {}, {"replaces": False}),
]


@pytest.mark.parametrize(("how", "fields"), [one[1:] for one in OTHERS], ids=[one[0] for one in OTHERS])
def test_a_correction_touches_nothing_else(
    place: SimpleNamespace, person: Person, how: dict[str, str], fields: dict[str, Any]
) -> None:
    take(place, came(named(person), date(2026, 3, 12)), **how)
    told = came(named(person), date(2026, 3, 22), replaces=True)
    for name, value in fields.items():
        setattr(told, name, value)
    take(place, told)
    assert Visit.objects.filter(corrected_by=None).count() == 2
    assert PlanEntry.objects.get().passed_on == date(2026, 3, 12)


def test_what_another_partner_tells_of_keeps_the_plan_closed(place: SimpleNamespace, person: Person) -> None:
    take(place, came(named(person), date(2026, 3, 12)))
    take(place, came(named(person), date(2026, 3, 14)), format="opora-informing-csv")
    take(place, refused(named(person), date(2026, 3, 12), replaces=True))
    assert (PlanEntry.objects.get().state, PlanEntry.objects.get().passed_on) == ("passed", date(2026, 3, 14))


def test_a_visit_of_observation_is_corrected_under_its_key(place: SimpleNamespace, person: Person) -> None:
    def visit(key: str, on: date, **fields: Any) -> IncomingVisit:
        told = came(named(person), on, **fields)
        told.key, told.measure = key, Measure.OBSERVATION
        return told

    take(place, visit("1", date(2026, 3, 2)), visit("2", date(2026, 4, 2)))
    take(place, visit("2", date(2026, 4, 5), replaces=True))
    assert list(Visit.objects.filter(corrected_by=None).order_by("on").values_list("on", flat=True)) == [
        date(2026, 3, 2), date(2026, 4, 5)
    ]  # fmt: skip


def test_a_visit_of_nobody_we_know_waits_and_closes_when_settled(
    place: SimpleNamespace, cast: SimpleNamespace, polina: Person
) -> None:
    planned(place, [polina])
    touch = sent(place, polina, "Первая", datetime(2026, 3, 1, 10, tzinfo=UTC))
    loaded = take(place, came(NOBODY, date(2026, 3, 12), began_on=date(2026, 3, 9), result="II"))
    line = Entry.objects.get()
    assert (loaded.unmatched, line.told, line.told_on, line.given["surname"]) == (
        1, "visit", date(2026, 3, 12), "Саловьева",
    )  # fmt: skip
    settle(line.pk, person=polina, by=cast.sp2)
    line.refresh_from_db()
    visit = Visit.objects.get()
    assert (line.state, line.person, line.given) == ("noted", polina, None)
    assert (visit.on, visit.began_on, visit.result, visit.roll) == (
        date(2026, 3, 12), date(2026, 3, 9), "II", loaded.roll,
    )  # fmt: skip
    assert (PlanEntry.objects.get().state, Touch.objects.get(pk=touch.pk).came_on) == ("passed", date(2026, 3, 9))


def test_a_refusal_of_nobody_we_know_waits_too(place: SimpleNamespace, cast: SimpleNamespace, polina: Person) -> None:
    planned(place, [polina])
    launch(campaign(place).pk, by=None)
    take(place, refused(NOBODY, date(2026, 3, 12)))
    settle(Entry.objects.get().pk, person=polina, by=cast.sp2)
    told = Reported.objects.get()
    assert (told.outcome, told.channel, told.on) == ("refused", "at_clinic", date(2026, 3, 12))
    assert Touch.objects.get().state == "cancelled"


def test_a_visit_that_is_known_already_is_settled_all_the_same(
    place: SimpleNamespace, cast: SimpleNamespace, polina: Person
) -> None:
    take(place, came(NOBODY, date(2026, 3, 12)))
    take(place, came(named(polina), date(2026, 3, 12)), name="other.zip")
    settle(Entry.objects.get().pk, person=polina, by=cast.sp2)
    assert (Visit.objects.count(), Entry.objects.get().state) == (1, "noted")


def test_such_lines_are_nobody_listed(place: SimpleNamespace, cast: SimpleNamespace, polina: Person) -> None:
    made = campaign(place)
    entry = IncomingEntry(place=1, key="1", who=NOBODY, measure=Measure.CHECKUP, year=2026)
    load(Batch(entries=[entry]), organisation=place.alfa, format="test", name="list.xml")
    take(place, came(NOBODY, date(2026, 3, 12)))
    assert Entry.objects.count() == 2
    assert listed(made) == (1, 0)
    line = Entry.objects.exclude(told="listed").get()
    dismiss(line.pk, why="живёт в другом регионе", by=cast.sp2)
    assert not Visit.objects.exists()


def test_a_stranger_of_another_insurer_is_no_work_of_ours(place: SimpleNamespace, polina: Person) -> None:
    batch = Batch(visits=[came(named(polina), date(2026, 3, 12))])
    load(batch, organisation=place.beta, format="accounts-checkups", name="account.zip")
    assert not Entry.objects.exists()
    assert not Visit.objects.exists()


def test_the_page_says_what_the_line_is_about(signed_in: SignIn, place: SimpleNamespace, polina: Person) -> None:
    take(place, came(NOBODY, date(2026, 3, 12)))
    page = signed_in("sp2")
    waits = words(page.get("/informing/lists/to-settle/"))
    assert "Профилактический осмотр: посещение 12.03.2026" in waits
    assert "14.03.1985" in waits
    line = Entry.objects.get()
    address = f"/informing/lists/entries/{line.pk}/"
    assert "Профилактический осмотр, посещение 12.03.2026" in words(page.get(address))
    answer = page.post(address, {"person": polina.pk}, follow=True)
    assert "Посещение записано." in words(answer)
    assert "Записано" not in words(page.get("/informing/lists/to-settle/"))


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_page_of_touches_says_in_how_many_days_they_came(
    signed_in: SignIn, place: SimpleNamespace, person: Person
) -> None:
    take(place, came(named(person), date(2026, 3, 12), began_on=date(2026, 3, 9)))
    made = Touch.objects.get().campaign_id
    assert "09.03.2026, через 8 дней" in words(signed_in("sp2").get(f"/informing/{made}/touches/?came=1"))
