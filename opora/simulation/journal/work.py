"""A stream from plan to rows: the place is read once, blocks are made and stored one after another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.words import PartyRole
from opora.classifiers import queries as classifiers
from opora.deadlines import queries as deadlines
from opora.insured.models import Contact, Person
from opora.organisations.models import Assignment, Organisation, Territory
from opora.shared.errors import DomainError
from opora.shared.partitions import add_months
from opora.simulation.journal import mix
from opora.simulation.journal.life import lead
from opora.simulation.journal.load import store
from opora.simulation.journal.stream import BLOCK, Aspect, Stream, blocks, daily
from opora.simulation.journal.teller import Colleague, Life, Office, Setting

ADULT = 18  # nobody younger phones for himself
POOL = 4  # for one appeal so many people are tried: the identifiers of a register have gaps


class NowhereToWork(DomainError):
    """В этой территории некому принимать обращения: нужны фонд, страховая и их операторы."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was added."""

    appeals: int = 0
    events: int = 0


class WhichTerritory(DomainError):
    """Территорий несколько: назовите код."""


def only_territory(code: str) -> str:
    """Return the territory meant; without a code the only one that has a fund. Raises WhichTerritory."""
    with enter(Scope.system("an invented journal is made")):
        known = Territory.objects.filter(pk=code) if code else Territory.objects.filter(organisation__kind="fund")
        found = list(known.distinct().order_by("pk").values_list("pk", flat=True)[:2])
    if len(found) != 1:
        raise WhichTerritory
    return str(found[0])


def expected(stream: Stream) -> int:
    """Return how many appeals the stream has."""
    with enter(Scope.system("the calendar is public")):
        return sum(count for _, count in daily(stream, deadlines.calendar(stream.territory)))


def load_journal(stream: Stream, *, done: Callable[[int], None] = lambda _: None) -> Made:
    """Bring the stream into the journal; ``done`` hears how many appeals each block had. Safe to stop and to repeat.

    Raises NowhereToWork when the territory has no fund, insurer or operators.
    """
    with enter(Scope.system("an invented journal is made")):
        setting = setting_of(stream)
        calendar = deadlines.calendar(stream.territory)
        add_months("appeals_event", stream.since.replace(day=1), _months(stream))
    total = Made()
    for number, moments in blocks(stream, calendar):
        with enter(Scope.system("an invented journal is made")):
            lives = _lives(stream, number, moments, setting)
        added = store(lives, setting)
        events = sum(len(life.events) for life in lives) if added else 0
        total = Made(total.appeals + added, total.events + events)
        done(len(moments))
    return total


def _lives(stream: Stream, number: int, moments: np.ndarray, setting: Setting) -> list[Life]:
    rng = stream.rng(number, Aspect.LIVES)
    chance = Random(int(rng.integers(2**63)))  # noqa: S311 - figures, not secrets
    doors = _doors(setting)
    chosen = rng.choice(len(doors), size=len(moments), p=_door_weights(setting, doors))
    people = People(stream, number, setting)
    found = []
    for moment, door in zip(moments.tolist(), chosen.tolist(), strict=True):
        received_at = moment_of(moment, setting.zone)
        office, channel = doors[door]
        person = None if chance.random() < mix.ANONYMOUS else people.one(office)
        life = lead(received_at, (office, channel), person, setting, chance)
        if life.row["registered_at"] <= setting.until:
            found.append(life)
    return found


def moment_of(micros: int, zone: ZoneInfo) -> datetime:
    """Return the aware moment that local clocks showed."""
    return (datetime(1970, 1, 1) + timedelta(microseconds=micros)).replace(tzinfo=zone)  # noqa: DTZ001


def setting_of(stream: Stream) -> Setting:
    territory = Territory.objects.filter(pk=stream.territory).first()
    kinds = [Organisation.Kind.FUND, Organisation.Kind.INSURER]
    wanted = Organisation.objects.filter(territory=stream.territory)
    offices = [_office(one) for one in wanted.filter(kind__in=kinds).order_by("kind", "code")]
    offices = [office for office in offices if office.first]
    if territory is None or {office.kind for office in offices} != {"fund", "insurer"}:
        raise NowhereToWork
    zone = ZoneInfo(territory.time_zone)
    end = datetime.combine(stream.until + timedelta(days=1), time(), tzinfo=zone)
    return Setting(
        territory=stream.territory,
        zone=zone,
        offices=tuple(offices),
        topics={topic.code: topic for topic in classifiers.topics(stream.territory, stream.until)},
        clinics=tuple(wanted.providers().order_by("code").values_list("pk", flat=True)),
        until=min(end, timezone.now()),
    )


def _office(organisation: Organisation) -> Office:
    people: dict[str, list[Colleague]] = {}
    working = Assignment.objects.current().filter(organisation=organisation).select_related("employee", "role")
    for one in working.order_by("pk"):
        people.setdefault(one.role.slug, []).append(Colleague(one.employee_id, one.employee.full_name))
    first, second, third = (
        ("op1", "op2", "op2") if organisation.kind == Organisation.Kind.FUND else ("sp1", "sp2", "sp3")
    )
    levels = [tuple(people.get(slug, people.get(first, []))) for slug in (first, second, third, "supervisor")]
    return Office(organisation.pk, organisation.code, organisation.kind, *levels)


def _doors(setting: Setting) -> list[tuple[Office, Any]]:
    return [(office, channel) for kind, channel in mix.DOORS for office in setting.offices if office.kind == kind]


def _door_weights(setting: Setting, doors: list[tuple[Office, Any]]) -> np.ndarray:
    """Insurers share the doors of insurers: the first is the largest."""
    weights = []
    for office, channel in doors:
        peers = [other.id for other in setting.offices if other.kind == office.kind]
        weights.append(mix.DOORS[office.kind, channel] / (1 + peers.index(office.id)))
    return np.array(weights) / sum(weights)


class People:
    """Insured people of the territory, drawn for one block: an insurer is phoned by its own."""

    def __init__(self, stream: Stream, number: int, setting: Setting) -> None:
        rng = stream.rng(number, Aspect.PEOPLE)
        self._chance = Random(int(rng.integers(2**63)))  # noqa: S311 - figures, not secrets
        bounds = Person.objects.filter(territory=setting.territory).order_by("pk").values_list("pk", flat=True)
        first, last = bounds.first(), bounds.last()
        tried = [] if first is None or last is None else rng.integers(first, last + 1, POOL * BLOCK).tolist()
        grown = stream.since.replace(year=stream.since.year - ADULT, day=1)
        rows = Person.objects.filter(pk__in=tried, territory=setting.territory, birth_on__lt=grown).order_by("pk")
        chosen = list(rows[:BLOCK])
        phones = dict(
            Contact.objects.filter(person__in=[one.pk for one in chosen], kind=Contact.Kind.PHONE)
            .order_by("-pk")
            .values_list("person_id", "normalised")
        )
        self._all = [_party(one, phones.get(one.pk, "")) for one in chosen]
        self._of: dict[int | None, list[dict[str, Any]]] = {}
        for party in self._all:
            self._of.setdefault(party["insurer_id"], []).append(party)

    def one(self, office: Office) -> dict[str, Any] | None:
        own = self._of.get(office.id) or self._all
        return self._chance.choice(own) if own else None


def _party(person: Person, phone: str) -> dict[str, Any]:
    return {
        "role": str(PartyRole.APPLICANT),
        "person_id": person.pk,
        "surname": person.surname,
        "given_name": person.given_name,
        "patronymic": person.patronymic,
        "birth_on": person.birth_on.isoformat(),
        "enp": person.enp or "",
        "insurer_id": person.insurer_id,
        "document_type": "",
        "document_series": "",
        "document_number": "",
        "phone": f"+{phone}" if phone else "",
        "email": "",
        "address": "",
        "basis": "",
        "identified_how": "ЕНП и дата рождения",
    }


def _months(stream: Stream) -> int:
    return (stream.until.year - stream.since.year) * 12 + stream.until.month - stream.since.month + 3
