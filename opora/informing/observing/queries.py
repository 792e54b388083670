"""The lists of the third level. Counts are last night's; a page reads fifty rows of an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Max, QuerySet, Sum

from opora.informing.models import Gap, GapCount, Observation, PlannedVisit, Referral
from opora.informing.models.gap import GapKind
from opora.organisations.models import Organisation

if TYPE_CHECKING:
    from opora.insured.models import Person
    from opora.organisations.models import Employee

WHO = {"free": "ничьи", "mine": "мои"}
ORDER = ("due_on", "pk")
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Chosen:
    """The words of the address: which list, which clinic (0 — none), whose."""

    kind: GapKind
    provider: int | None = None
    who: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Chosen:
        kind, provider, who = (str(given.get(name, "")) for name in ("kind", "provider", "who"))
        return cls(
            kind=GapKind(kind) if kind in GapKind.values else GapKind.MISSED,
            provider=int(provider) if provider.isdecimal() and len(provider) < 18 else None,
            who=who if who in WHO else "",
        )


@dataclass(frozen=True, slots=True)
class Count:
    """Open gaps as of last night: all, and those whose day has passed."""

    value: str
    title: str
    people: int
    late: int


def gaps(employee: Employee, chosen: Chosen) -> QuerySet[Gap]:
    """Return the open gaps of a list, the longest overdue first by ``ORDER``; person and clinic are loaded."""
    found = Gap.objects.accessible_to(employee).open().filter(kind=chosen.kind)
    if chosen.provider is not None:
        found = found.filter(provider=chosen.provider or None)
    if chosen.who == "free":
        found = found.filter(taken_by=None)
    elif chosen.who == "mine":
        found = found.filter(taken_by=employee)
    return found.select_related("person", "provider", "taken_by")


def counts(employee: Employee) -> tuple[list[Count], datetime | None]:
    """Return every list with its counts, and how fresh they are. Counters only."""
    rows = GapCount.objects.accessible_to(employee).values("kind")
    sums = {row["kind"]: row for row in rows.annotate(n=Sum("people"), late=Sum("late"), at=Max("counted_at"))}
    none = {"n": 0, "late": 0}
    found = [Count(one, one.label, (sums.get(one) or none)["n"], (sums.get(one) or none)["late"]) for one in GapKind]
    return found, max((row["at"] for row in sums.values()), default=None)


def by_clinic(employee: Employee, kind: GapKind) -> list[Count]:
    """Return the counts of one list by clinic, the largest first. Two queries over counters."""
    rows = GapCount.objects.accessible_to(employee).filter(kind=kind).values("provider_id")
    sums = list(rows.annotate(n=Sum("people"), late=Sum("late")).order_by("-n", "provider_id"))
    names = dict(Organisation.objects.filter(pk__in=[row["provider_id"] for row in sums]).values_list("pk", "name"))
    return [
        Count(str(row["provider_id"] or 0), names.get(row["provider_id"], "Без клиники"), row["n"], row["late"])
        for row in sums
    ]


def of_person(person: Person, employee: Employee) -> dict[str, Any]:
    """Return the observation of one person for his page: diagnoses, planned visits, referrals, what is amiss."""
    seen = {"person": person}
    observations = Observation.objects.accessible_to(employee).filter(**seen).order_by("until", "-since", "pk")
    visits = PlannedVisit.objects.accessible_to(employee).filter(**seen).order_by("-visit_to", "-pk")
    referrals = Referral.objects.accessible_to(employee).filter(**seen).order_by("-issued_on", "-pk")
    gaps_ = Gap.objects.accessible_to(employee).open().filter(**seen).order_by("due_on", "pk")
    return {
        "observations": list(observations[:SHOWN]),
        "visits": list(visits[:SHOWN]),
        "referrals": list(referrals[:SHOWN]),
        "gaps": list(gaps_[:SHOWN]),
    }
