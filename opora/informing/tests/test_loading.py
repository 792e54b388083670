"""A list of people into the plan; who came closes it."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from opora.informing.errors import NothingToPlan
from opora.informing.incoming import (
    Batch,
    IncomingContact,
    IncomingEntry,
    IncomingObservation,
    IncomingVisit,
    IncomingVolume,
    Named,
)
from opora.informing.loading import load
from opora.informing.models import (
    Entry,
    Observation,
    PlanEntry,
    PlannedVisit,
    Reported,
    Roll,
    Touch,
    Visit,
    Volume,
)
from opora.informing.services import launch
from opora.informing.tests.crowd import campaign, people, planned
from opora.informing.words import Channel, Measure
from opora.insured.models import Person


def take(place: SimpleNamespace, batch: Batch, by: str = "alfa", name: str = "list.xml") -> Any:
    return load(batch, organisation=getattr(place, by), format="test", name=name)


def entries(*who: Named, **fields: Any) -> Batch:
    given = {"measure": Measure.CHECKUP, "year": 2026, "month": 3, **fields}
    return Batch(entries=[IncomingEntry(place=n, key=str(n), who=one, **given) for n, one in enumerate(who, start=1)])


POLINA = Named(enp="5476410835001236", surname="Соловьёва-Седая", given_name="Полина", birth_on=date(1985, 3, 14))


def test_by_number_and_by_name(place: SimpleNamespace, polina: Any) -> None:
    by_name = Named(surname="СОЛОВЬЕВА СЕДАЯ", given_name="Полина", birth_on=date(1985, 3, 14))
    loaded = take(place, entries(POLINA, by_name))
    assert (loaded.records, loaded.matched, loaded.unmatched) == (2, 2, 0)
    assert list(Entry.objects.order_by("place").values_list("why", flat=True)) == ["ЕНП", "имя и дата рождения"]
    row = PlanEntry.objects.get()
    assert (row.person, row.insurer, row.provider, row.month) == (polina, place.alfa, place.clinic, 3)
    assert loaded.repeated == 1


def test_a_number_of_somebody_else_is_no_match(place: SimpleNamespace, polina: Any) -> None:
    stranger = Named(enp=polina.enp, surname="Чужая", given_name="Анна", birth_on=date(1990, 1, 1))
    loaded = take(place, entries(stranger))
    assert (loaded.matched, loaded.unmatched) == (0, 1)
    assert Entry.objects.get().given["surname"] == "Чужая"
    assert not PlanEntry.objects.exists()


def test_two_namesakes_wait_for_a_person(place: SimpleNamespace) -> None:
    people(place, 2)
    Person.objects.update(surname="Планова")
    loaded = take(place, entries(Named(surname="Планова", given_name="Анна", birth_on=date(1980, 1, 1))))
    row = Entry.objects.get()
    assert (loaded.unmatched, row.state, row.person) == (1, "ambiguous", None)


def test_another_insurers_person_does_not_exist_for_us(place: SimpleNamespace, polina: Any) -> None:
    loaded = take(place, entries(POLINA), by="beta")
    row = Entry.objects.get()
    assert (loaded.matched, row.state, row.person, row.given) == (0, "dismissed", None, None)
    assert not PlanEntry.objects.exists()
    assert take(place, entries(POLINA), by="fund").matched == 1
    assert PlanEntry.objects.get().insurer == place.alfa


def test_the_same_list_twice_and_two_clinics(place: SimpleNamespace, polina: Any) -> None:
    take(place, entries(POLINA, provider_code="540001"))
    again = take(place, entries(POLINA, provider_code="540002"), name="other.xml")
    assert again.repeated == 1
    assert PlanEntry.objects.get().provider == place.clinic
    assert Roll.objects.count() == 2


def test_a_list_of_last_year_plans_nobody_for_this_one(place: SimpleNamespace, polina: Any) -> None:
    take(place, entries(POLINA, year=2025))
    assert list(PlanEntry.objects.values_list("year", flat=True)) == [2025]
    with pytest.raises(NothingToPlan):
        launch(campaign(place).pk, by=None)
    assert take(place, entries(POLINA), name="this.xml").repeated == 0
    assert sorted(PlanEntry.objects.values_list("year", flat=True)) == [2025, 2026]


def test_listed_but_not_due(place: SimpleNamespace, polina: Any) -> None:
    dead = people(place, 1, died_on=date(2025, 5, 5))[0]
    loaded = take(place, entries(Named(surname=dead.surname, given_name="Анна", birth_on=dead.birth_on)))
    assert loaded.not_due == 1
    assert Entry.objects.get().critique


def test_a_visit_closes_the_loop(place: SimpleNamespace) -> None:
    first, second, third = people(place, 3)
    planned(place, [first, second, third])
    launch(campaign(place).pk, by=None)
    sent = Touch.objects.filter(person_id=first.pk)
    for state in ("claimed", "sending", "sent"):
        sent.update(state=state)
    sent.update(sent_at=datetime(2026, 3, 1, 10, tzinfo=UTC))
    batch = Batch(
        visits=[
            IncomingVisit(place=n, key=str(n), who=_named(one), measure=Measure.CHECKUP, on=date(2026, 3, 9))
            for n, one in enumerate((first, second), start=1)
        ]
    )
    loaded = take(place, batch)
    assert (loaded.closed.closed, loaded.closed.answered, loaded.closed.spared) == (2, 1, 1)
    assert Touch.objects.get(person_id=first.pk).came_on == date(2026, 3, 9)
    assert Touch.objects.get(person_id=second.pk).state == "cancelled"
    assert Touch.objects.get(person_id=third.pk).state == "planned"
    assert PlanEntry.objects.get(person=first).passed_on == date(2026, 3, 9)
    assert take(place, batch, name="again.xml").closed.closed == 0
    assert Visit.objects.count() == 2


def test_what_a_partner_reports_is_kept_as_said(place: SimpleNamespace, polina: Any) -> None:
    told = IncomingContact(
        place=1, key="1", who=POLINA, measure=Measure.CHECKUP, channel=Channel.SMS, on=date(2026, 2, 2)
    )
    take(place, Batch(contacts=[told]))
    take(place, Batch(contacts=[told]), name="again.xml")
    row = Reported.objects.get()
    assert (row.channel, row.on, row.person) == ("sms", date(2026, 2, 2), polina)
    assert not Touch.objects.exists()


def test_observation_stands_apart_and_is_planned(place: SimpleNamespace, polina: Any) -> None:
    told = IncomingObservation(
        place=1,
        key="1",
        who=POLINA,
        diagnosis="I10",
        since=date(2024, 5, 5),
        visit_from=date(2026, 4, 20),
        visit_to=date(2026, 5, 10),
        inform_by=date(2026, 3, 20),
    )
    take(place, Batch(observations=[told]))
    assert Observation.objects.get().diagnosis == "I10"
    assert PlannedVisit.objects.get().visit_to == date(2026, 5, 10)
    row = PlanEntry.objects.get()
    assert (row.measure, row.month, row.inform_by) == ("observation", 4, date(2026, 3, 20))


@pytest.mark.parametrize(
    ("since", "until", "month"),
    [
        (date(2026, 12, 20), date(2027, 1, 20), (2026, 12)),
        (None, date(2027, 1, 20), (2027, 1)),
        (date(2026, 12, 20), None, (2026, 12)),
    ],
)
def test_a_visit_belongs_to_the_month_in_which_it_may_begin(
    place: SimpleNamespace, polina: Any, since: date | None, until: date | None, month: tuple[int, int]
) -> None:
    told = IncomingObservation(place=1, key="1", who=POLINA, diagnosis="I10", visit_from=since, visit_to=until)
    take(place, Batch(observations=[told]))
    assert PlanEntry.objects.values_list("year", "month").get() == month


def test_one_record_is_counted_once_whatever_it_tells(place: SimpleNamespace, polina: Any) -> None:
    """A record of DSPN: the visit to be told of, two facts of informing, the observation itself."""
    about: dict[str, Any] = {"place": 1, "key": "1", "who": POLINA}
    stranger: dict[str, Any] = {"place": 2, "key": "2", "who": Named(surname="Чужая", birth_on=date(1990, 1, 1))}
    days: dict[str, Any] = {"visit_from": date(2026, 4, 20), "visit_to": date(2026, 5, 10)}
    batch = Batch(
        entries=[
            IncomingEntry(**one, measure=Measure.OBSERVATION, year=2026, month=4, **days) for one in (about, stranger)
        ],
        contacts=[
            IncomingContact(**about, measure=Measure.OBSERVATION, channel=channel, on=date(2026, 4, 1))
            for channel in (Channel.SMS, Channel.CALL)
        ],
        observations=[IncomingObservation(**one, diagnosis="I10", **days) for one in (about, stranger)],
    )
    loaded = take(place, batch)
    assert (loaded.records, loaded.matched, loaded.unmatched, loaded.repeated) == (2, 1, 1, 0)
    again = take(place, batch, name="again.xml")
    assert (again.records, again.repeated) == (2, 1)
    assert PlanEntry.objects.count() == 1


def test_volumes_of_a_clinic(place: SimpleNamespace) -> None:
    volume = IncomingVolume(
        place=1, key="1", measure=Measure.CHECKUP, provider_code="540001", year=2026, month=2, quantity=310
    )
    take(place, Batch(volumes=[volume, volume]), by="fund")
    assert Volume.objects.get().quantity == 310


def _named(person: Person) -> Named:
    return Named(surname=person.surname, given_name=person.given_name, birth_on=person.birth_on)
