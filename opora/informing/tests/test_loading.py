"""A list of people into the plan; who came closes it."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

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
from opora.informing.words import Channel, Exclude, Measure, Outcome
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


def test_whoever_is_not_found_has_the_reason(place: SimpleNamespace, polina: Any) -> None:
    named = {"surname": "Незнакомцев", "given_name": "Пётр"}
    take(place, entries(
        Named(enp="5400000000000001", birth_on=date(1970, 1, 2), **named), Named(birth_on=date(1970, 1, 2), **named),
        Named(**named),
    ))  # fmt: skip
    assert list(Entry.objects.order_by("place").values_list("why", flat=True)) == [
        "номер, имя и дата рождения ни с кем не сходятся",
        "номера в строке нет, с таким именем и датой рождения никого нет",
        "в строке нет ни номера, ни полного имени с датой рождения",
    ]


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


def reported(person: Person, **fields: Any) -> Batch:
    given = {"measure": Measure.CHECKUP, "channel": Channel.OTHER, "on": date(2026, 2, 2), **fields}
    return Batch(contacts=[IncomingContact(place=1, key="1", who=_named(person), **given)])


@pytest.mark.parametrize("said", [Outcome.REFUSED, Outcome.PASSED])
def test_what_a_partner_heard_stops_what_waits(place: SimpleNamespace, said: Outcome) -> None:
    """NSK code 7, or a refusal of our own format: the touch that waits is not sent, and no wave plans another."""
    first, second = people(place, 2)
    planned(place, [first, second])
    launch(campaign(place).pk, by=None)
    assert take(place, reported(first, outcome=said)).closed.spared == 1
    touch = Touch.objects.get(person_id=first.pk)
    assert (touch.state, touch.outcome) == ("cancelled", said)
    assert Touch.objects.get(person_id=second.pk).state == "planned"
    _, found = launch(campaign(place, title="Ещё раз", lane="urgent").pk, by=None)
    assert found.excluded == {Exclude(said): 1}


@pytest.mark.parametrize("fields", [{"on": date(2025, 2, 2)}, {"measure": Measure.SCREENING}])
def test_a_refusal_of_another_year_or_measure_stops_nothing(place: SimpleNamespace, fields: dict[str, Any]) -> None:
    some = people(place, 1)
    planned(place, some)
    launch(campaign(place).pk, by=None)
    assert take(place, reported(some[0], outcome=Outcome.REFUSED, **fields)).closed.spared == 0
    assert launch(campaign(place, title="Ещё раз", lane="urgent").pk, by=None)[0].planned == 1


def test_a_contact_that_a_partner_reports_counts_for_the_cap(place: SimpleNamespace) -> None:
    told, silent, old = people(place, 3)
    planned(place, [told, silent, old])
    today = timezone.localdate()
    take(place, reported(told, measure=Measure.SCREENING, channel=Channel.SMS, on=today))
    take(place, reported(silent, measure=Measure.SCREENING, on=today, outcome=Outcome.NO_ANSWER), name="2.xml")
    take(place, reported(old, measure=Measure.SCREENING, on=today - timedelta(days=40)), name="3.xml")
    wave, found = launch(campaign(place, limits={"cap_days": 7}).pk, by=None)
    assert (wave.planned, found.excluded) == (2, {Exclude.TOO_OFTEN: 1})


def test_who_came_before_he_was_listed_is_listed_as_such(place: SimpleNamespace, polina: Any) -> None:
    visit = IncomingVisit(place=1, key="1", who=POLINA, measure=Measure.CHECKUP, on=date(2026, 2, 9))
    take(place, Batch(visits=[visit]))
    take(place, entries(POLINA), name="list.xml")
    assert PlanEntry.objects.values_list("state", "passed_on").get() == ("passed", date(2026, 2, 9))


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


MARCH, APRIL = (date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 4, 30))
JUNE = (date(2026, 6, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("windows", "visits", "came"),
    [
        ([MARCH, JUNE], [date(2026, 3, 12), date(2026, 6, 11)], [date(2026, 3, 12), date(2026, 6, 11)]),
        ([MARCH, APRIL], [date(2026, 3, 12)], [date(2026, 3, 12), None]),
        ([MARCH, APRIL], [date(2026, 3, 12), date(2026, 3, 26)], [date(2026, 3, 12), None]),
        ([MARCH, APRIL], [date(2026, 3, 12), date(2026, 5, 4)], [date(2026, 3, 12), date(2026, 5, 4)]),
        ([MARCH, APRIL], [date(2026, 5, 4)], [None, date(2026, 5, 4)]),
        ([APRIL], [date(2026, 3, 1)], [None]),  # thirty-one days before
        ([APRIL], [date(2026, 3, 2)], [date(2026, 3, 2)]),
        (
            [(date(2026, 3, 10), date(2026, 3, 10)), (date(2026, 3, 20), date(2026, 3, 20))],
            [date(2026, 3, 11), date(2026, 3, 14)],
            [date(2026, 3, 11), date(2026, 3, 14)],
        ),
    ],
)
@pytest.mark.parametrize("files", [1, 2])
def test_each_visit_closes_the_nearest_one_that_is_open(
    place: SimpleNamespace, polina: Any, windows: list[Any], visits: list[date], came: list[date | None], files: int
) -> None:
    plan = [
        IncomingObservation(place=n, key=str(n), who=POLINA, diagnosis="I10", visit_from=since, visit_to=until)
        for n, (since, until) in enumerate(windows, start=1)
    ]
    take(place, Batch(observations=plan))
    told = [
        IncomingVisit(place=n, key=str(n), who=POLINA, measure=Measure.OBSERVATION, on=on)
        for n, on in enumerate(visits, start=1)
    ]
    parts = [told] if files == 1 else [[one] for one in told]
    closed = [take(place, Batch(visits=part), name=f"{n}.xml").closed.visited for n, part in enumerate(parts)]
    assert list(PlannedVisit.objects.order_by("visit_from").values_list("came_on", flat=True)) == came
    assert sum(closed) == len([one for one in came if one])


def test_a_visit_counts_for_each_diagnosis(place: SimpleNamespace, polina: Any) -> None:
    """A file of visits names no diagnosis: who came was seen for all that was planned for that time."""
    plan = [
        IncomingObservation(place=n, key=str(n), who=POLINA, diagnosis=code, visit_from=since, visit_to=until)
        for n, (code, (since, until)) in enumerate([("I10", MARCH), ("E11.9", MARCH), ("I10", APRIL)], start=1)
    ]
    take(place, Batch(observations=plan))
    visit = IncomingVisit(place=1, key="1", who=POLINA, measure=Measure.OBSERVATION, on=date(2026, 3, 12))
    assert take(place, Batch(visits=[visit])).closed.visited == 2
    assert PlannedVisit.objects.get(came_on=None).visit_from == APRIL[0]


@pytest.mark.parametrize(
    ("code", "on", "came"),
    [
        ("I10", date(2026, 3, 12), date(2026, 3, 12)),
        ("I10", date(2026, 4, 20), date(2026, 4, 20)),  # late
        ("I10", date(2026, 2, 20), None),  # before: he was ill, the visit is still to come
        ("I10", date(2026, 5, 20), None),
        ("E11.9", date(2026, 3, 12), None),
    ],
)
def test_a_case_of_care_is_a_visit_where_one_was_planned_for_it(
    place: SimpleNamespace, polina: Any, code: str, on: date, came: date | None
) -> None:
    plan = IncomingObservation(
        place=1, key="1", who=POLINA, diagnosis="I10", visit_from=MARCH[0], visit_to=MARCH[1], since=date(2024, 1, 9)
    )
    take(place, Batch(observations=[plan]))
    case = IncomingVisit(place=1, key="1", who=POLINA, measure=Measure.OBSERVATION, on=on, diagnosis=code)
    loaded = take(place, Batch(visits=[case]), name="GST.xml")
    assert loaded.matched == 1
    assert PlannedVisit.objects.get().came_on == came
    assert PlanEntry.objects.get().state == ("passed" if came else "open")
    assert Visit.objects.count() == (came is not None)


def test_two_visits_of_observation_answer_a_touch_each(place: SimpleNamespace) -> None:
    person = people(place, 1)[0]
    planned(place, [person], measure="observation")
    for n, month in enumerate((3, 6), start=1):
        made = campaign(
            place, title=str(n), measure="observation", ladder=[{"channel": "call"}], limits={"cap_days": 0}
        )
        launch(made.pk, by=None)
        one = Touch.objects.filter(campaign_id=made.pk)
        one.update(state="claimed")
        one.update(state="done", sent_at=datetime(2026, month, 1, 10, tzinfo=UTC))
    told = [
        IncomingVisit(place=n, key=str(n), who=_named(person), measure=Measure.OBSERVATION, on=date(2026, month, 9))
        for n, month in enumerate((3, 6), start=1)
    ]
    assert take(place, Batch(visits=told)).closed.answered == 2
    assert list(Touch.objects.order_by("sent_at").values_list("came_on", flat=True)) == [
        date(2026, 3, 9), date(2026, 6, 9)
    ]  # fmt: skip


def test_volumes_of_a_clinic(place: SimpleNamespace) -> None:
    volume = IncomingVolume(
        place=1, key="1", measure=Measure.CHECKUP, provider_code="540001", year=2026, month=2, quantity=310
    )
    take(place, Batch(volumes=[volume, volume]), by="fund")
    assert Volume.objects.get().quantity == 310


def _named(person: Person) -> Named:
    return Named(surname=person.surname, given_name=person.given_name, birth_on=person.birth_on)
