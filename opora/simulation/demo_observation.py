"""Dispensary observation of the demonstration: who came, who fell out, who waits too long; a night has found them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.informing.incoming import Batch, IncomingObservation, IncomingReferral, IncomingVisit
from opora.informing.loading import load
from opora.informing.models import Observation
from opora.informing.observing import nightly
from opora.informing.quality import nightly as quality
from opora.informing.words import Measure
from opora.insured.models import Person
from opora.organisations.models import Organisation
from opora.simulation.demo_informing import named

PEOPLE = 48
DIAGNOSES = ("I10", "E11.9", "I25.1", "J45.0", "N18.3", "K25.7")
CANCERS = ("C50.4", "C61", "C18.7")
WATCHED_BY = {"I10": "97", "E11.9": "122", "I25.1": "25"}  # V021: of a therapist, an endocrinologist, a cardiologist
SHARES = (10, 6, 12, 4, 5, 5, 3, 3)  # came, missed, are awaited, ended, unplanned, of group three, late, wait for a bed


def ensure_observation(territory: str) -> None:
    """Bring a list of observation of the first insurer with what became of it, and count as a night does."""
    with enter(Scope.system("observation of the demonstration")):
        insurer = Organisation.objects.insurers().filter(territory=territory).order_by("code").first()
        if insurer is None or Observation.objects.exists():
            return
        year = timezone.localdate().year
        adults = Person.objects.filter(insurer=insurer, died_on=None, birth_on__lt=date(year - 18, 1, 1))
        people = list(adults.exclude(provider=None).select_related("provider").order_by("-pk")[:PEOPLE])
        if len(people) < len(SHARES):
            return
        _load(insurer, people, [max(1, share * len(people) // PEOPLE) for share in SHARES])
    nightly.find()
    quality.weigh()
    quality.count()


def _load(insurer: Organisation, people: list[Person], shares: list[int]) -> None:
    """One list as a partner sends it: observations with the visits of the year, cases of care, referrals."""
    today = timezone.localdate()
    come, missed, awaited, ended, unplanned, third, late, wait = shares
    left = iter(enumerate(people, start=1))
    batch = Batch(year=today.year)
    batch.observations += _watched(left, come, today, -70)
    cases = [_came(one, today) for one in batch.observations]
    batch.observations += _watched(left, missed, today, -50)
    batch.observations += _watched(left, awaited, today, 5)
    batch.observations += [
        _observation(*one, since=today - timedelta(days=900), until=today - timedelta(days=40))
        for one in _some(left, ended)
    ]
    batch.observations += [_observation(*one, since=date(today.year - 2, 4, 12)) for one in _some(left, unplanned)]
    batch.visits += [
        IncomingVisit(
            place=place,
            key=str(place),
            who=named(person),
            measure=Measure.SCREENING,
            on=today - timedelta(days=15 + 7 * place % 60),
            result="IIIа",
            provider_code=_clinic(person),
        )
        for place, person in _some(left, third)
    ]
    for number, (place, person) in enumerate(_some(left, late)):
        diagnosed = today - timedelta(days=12 + 5 * number)
        batch.observations.append(_observation(place, person, CANCERS[number], diagnosed_on=diagnosed))
    for number, (place, person) in enumerate(_some(left, wait)):
        issued = today - timedelta(days=16 + 4 * number)
        batch.referrals.append(
            IncomingReferral(
                place=place, key=str(place), who=named(person), number=f"Н-{place:05}", issued_on=issued,
                planned_on=today + timedelta(days=6 + number), diagnosis=CANCERS[number], from_code=_clinic(person),
                hospital_code=_clinic(person), form="1",
            )
        )  # fmt: skip
    load(batch, organisation=insurer, format="opora-informing-csv", name="nablyudenie.csv")
    load(Batch(visits=cases, year=today.year), organisation=insurer, format="opora-informing-csv", name="sluchai.csv")


def _some(left: Iterator[tuple[int, Person]], count: int) -> Iterator[tuple[int, Person]]:
    for _ in range(count):
        yield next(left)


def _watched(left: Iterator[tuple[int, Person]], count: int, today: date, begins: int) -> Iterator[IncomingObservation]:
    """Observations of so many with a month for the visit, so many days from today."""
    for place, person in _some(left, count):
        first = today + timedelta(days=begins + place % 9)
        yield _observation(
            place,
            person,
            since=date(today.year - 1 - place % 6, 1 + place % 12, 10),
            visit_from=first,
            visit_to=first + timedelta(days=30),
            inform_by=first,
        )


def _observation(place: int, person: Person, diagnosis: str = "", **given: date) -> IncomingObservation:
    diagnosis = diagnosis or DIAGNOSES[place % len(DIAGNOSES)]
    return IncomingObservation(
        place=place,
        key=str(place),
        who=named(person),
        diagnosis=diagnosis,
        specialty=WATCHED_BY.get(diagnosis, ""),
        provider_code=_clinic(person),
        **given,  # type: ignore[arg-type]
    )


def _came(one: IncomingObservation, today: date) -> IncomingVisit:
    on = min((one.visit_from or today) + timedelta(days=4 + one.place % 20), today - timedelta(days=1))
    return IncomingVisit(
        place=one.place,
        key=f"v{one.place}",
        who=one.who,
        measure=Measure.OBSERVATION,
        on=on,
        diagnosis=one.diagnosis,
        provider_code=one.provider_code,
    )


def _clinic(person: Person) -> str:
    return person.provider.code if person.provider else ""
