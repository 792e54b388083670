"""How many people can be reached: sums of last night's counts. The page counts no people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Q, QuerySet, Sum

from opora.informing.models import Reachability, Unreached
from opora.informing.models.quality import AgeGroup
from opora.organisations.models import Organisation

if TYPE_CHECKING:
    from opora.organisations.models import Employee

CHANNELS = {
    "phone": "Телефон",
    "mobile": "Мобильный",
    "messenger": "Мессенджер",
    "address": "Адрес",
    "email": "Почта",
    "sure": "Подтверждён",
}
# Ways whose lack opens into people; nearly everybody lacks an e-mail, so that it says nothing to list them.
OPENS = ("phone", "mobile", "messenger", "address")
LACKS = {
    "phone": "без телефона",
    "mobile": "без мобильного",
    "messenger": "без мессенджера",
    "address": "без адреса",
    "all": "без всякой связи",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One channel: how many people it reaches, how many it does not."""

    code: str
    title: str
    reached: int
    people: int

    @property
    def share(self) -> float:
        return 100 * self.reached / self.people if self.people else 0.0

    @property
    def missing(self) -> int:
        return self.people - self.reached

    @property
    def opens(self) -> bool:
        return self.code in OPENS and self.missing > 0


@dataclass(frozen=True, slots=True)
class Line:
    """People of one clinic or age: ``value`` is how the address names it."""

    value: str
    title: str
    people: int
    nothing: int
    ways: list[Way]


@dataclass(frozen=True, slots=True)
class Standing:
    """The page: everybody, then by age, then by clinic, the worst reached first. ``counted_at`` is its freshness."""

    whole: Line
    ages: list[Line]
    clinics: list[Line]
    counted_at: datetime | None


def standing(employee: Employee, *, provider: int | None = None) -> Standing:
    """Return the counts within her scope; ``provider`` narrows to one clinic. Four queries over counters."""
    found = Reachability.objects.accessible_to(employee)
    if provider:
        found = found.filter(provider=provider)
    ages = {row["age_group"]: row for row in _sums(found, "age_group")}
    clinics = _sums(found, "provider_id")
    names = dict(Organisation.objects.filter(pk__in=[row["provider_id"] for row in clinics]).values_list("pk", "name"))
    whole = found.aggregate(**SUMS, at=Max("counted_at"))
    lines = [_line(str(row["provider_id"] or 0), names.get(row["provider_id"], "Без клиники"), row) for row in clinics]
    return Standing(
        whole=_line("", "Все", whole),
        ages=[_line(one, one.label, ages[one]) for one in AgeGroup if one in ages],
        clinics=sorted(lines, key=lambda line: (line.ways[0].share, line.title)),
        counted_at=whole["at"],
    )


def unreached(employee: Employee, *, lacks: str = "phone", provider: int | None = None, age: str = "") -> Any:
    """Return people a channel does not reach, as of last night; ``provider`` 0 — of no clinic."""
    found = Unreached.objects.accessible_to(employee)
    if lacks == "all":
        found = found.filter(Q(phone=False, mobile=False, messenger=False, address=False, email=False))
    else:
        found = found.filter(**{lacks if lacks in OPENS else "phone": False})
    if provider is not None:
        found = found.filter(provider=provider) if provider else found.filter(provider=None)
    return found.filter(age_group=age) if age in AgeGroup.values else found


SUMS = {name: Sum(name, default=0) for name in ("people", "nothing", *CHANNELS)}


def _sums(found: QuerySet[Reachability], by: str) -> list[dict[str, Any]]:
    return list(found.values(by).annotate(**SUMS).order_by())


def _line(value: str, title: str, row: dict[str, Any]) -> Line:
    ways = [Way(code, name, row[code], row["people"]) for code, name in CHANNELS.items()]
    return Line(value, title, row["people"], row["nothing"], ways)
