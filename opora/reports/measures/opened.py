"""What a measure opens into: the rows its number counts, asked by the same conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from opora.informing.models import Informed, PlanEntry, Touch
from opora.informing.words import TouchState
from opora.insured.models import Policy
from opora.reports.measures.informing import measures_of, plan_seals
from opora.reports.measures.insured import day_before
from opora.reports.measures.lines import insurers
from opora.reports.measures.registry import Asked

type Kind = Literal["people", "contacts", "plan", "insured"]
ARRIVED = (TouchState.DELIVERED, TouchState.DONE)


@dataclass(frozen=True, slots=True)
class Opened:
    """Rows of people behind a number: ``found`` by ``order``, its columns together unique.

    ``people`` — each person once (twice, where two insurers told her and the number adds them up): ``contacts`` of hers
    are in it, the ``first`` of them on that day; ``contacts``, ``plan`` — rows of informing; ``insured`` — who held a
    policy.
    """

    kind: Kind
    found: QuerySet[Any, Any]
    order: tuple[str, ...]
    contacts: QuerySet[Informed] | None = None


def of_measure(name: str, asked: Asked) -> Opened | None:
    """Return what a measure opens into; None — its number is of no rows of people."""
    return OPENS[name](asked) if name in OPENS else None


def _people(asked: Asked) -> Opened:
    contacts = _contacts(asked).filter(is_informing=True).exclude(way="survey")
    if measures := measures_of(asked):
        contacts = contacts.filter(measure__in=measures)
    if channels := asked.arguments.get("channels"):
        contacts = contacts.filter(channel__in=channels)
    if asked.arguments.get("what") == "repeated":
        contacts = contacts.filter(is_first=False)
    return _each(contacts, "person_id")


def _funnel(asked: Asked) -> Opened:
    contacts = _contacts(asked).exclude(way="survey")
    if measures := measures_of(asked):
        contacts = contacts.filter(measure__in=measures)
    sent = Touch.objects.filter(year=OuterRef("year"), id=OuterRef("touch_id"))
    match asked.arguments["step"]:
        case "delivered":
            sent = sent.filter(state__in=ARRIVED)
        case "informed":
            contacts = contacts.filter(is_informing=True)
        case "came":
            contacts = contacts.filter(is_informing=True, came=True)
    return _each(contacts.filter(Exists(sent)), "person_id")


def _month(asked: Asked) -> Opened:
    """Of a theme and a way, «впервые», «повторно», «всего» — people of each insurer; the rest — contacts."""
    contacts = _contacts(asked)
    named = {name: asked.arguments[name] for name in ("theme", "way") if asked.arguments.get(name)}
    column = str(asked.arguments["column"])
    wanted = {
        "first": Q(is_first=True),
        "repeated": Q(is_informing=True, is_first=False),
        "people": Q(is_informing=True),
        "came": Q(came=True),
    }.get(column, Q())
    contacts = contacts.filter(wanted, **named)
    if column in {"first", "repeated", "people"}:
        return _each(contacts, "person_id", "insurer_id")
    return Opened("contacts", contacts, ("on", "touch_id"))


def _plan(asked: Asked) -> Opened | None:
    seals = plan_seals(asked)
    if seals is None:
        return None
    found = PlanEntry.objects.filter(year=asked.days.since.year, seal_id__in=seals.values("pk"))
    return Opened("plan", found, ("measure", "person_id", "insurer_id"))


def _insured(asked: Asked) -> Opened:
    last = day_before(asked)
    held = Policy.objects.filter(Q(until=None) | Q(until__gte=last), since__lte=last)
    held = held.filter(Q(person__died_on=None) | Q(person__died_on__gt=last), person__territory=asked.subject.territory)
    if (own := insurers(asked.subject)) is not None:
        held = held.filter(insurer__in=own)
    return Opened("insured", held.values("person_id").annotate(first=Min("since")), ("person_id",))


def _contacts(asked: Asked) -> QuerySet[Informed]:
    found = Informed.objects.filter(territory=asked.subject.territory, on__range=tuple(asked.days))
    own = insurers(asked.subject)
    return found if own is None else found.filter(insurer__in=own)


def _each(contacts: QuerySet[Informed], *by: str) -> Opened:
    people = contacts.order_by().values(*by).annotate(contacts=Count("pk"), first=Min("on"))
    return Opened("people", people, by, contacts)


OPENS: dict[str, Callable[[Asked], Opened | None]] = {
    "informing.people": _people,
    "informing.people_by_way": _people,
    "informing.funnel": _funnel,
    "informing.month": _month,
    "informing.planned": _plan,
    "insured.at_start": _insured,
}
