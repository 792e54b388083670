"""Packs in force, as the pure parts of the room want them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from opora.deadlines.calendar import Calendar, read_calendar
from opora.deadlines.clock import Term
from opora.deadlines.errors import NoSuchTerm
from opora.deadlines.models import Pack
from opora.deadlines.packs import read_terms
from opora.deadlines.waiting import WaitingPack, read_waiting


def calendar(territory: str = "") -> Calendar:
    """Return the newest calendar of the country with the territory's own days laid over it. One query."""
    packs = Pack.objects.filter(kind__in=[Pack.Kind.CALENDAR, Pack.Kind.REGION], territory__in=["", territory])
    found = {(pack.kind, pack.territory): pack for pack in packs.order_by("loaded_at", "pk").only("kind", "territory")}
    country = _calendar(found[Pack.Kind.CALENDAR, ""].pk)
    region = found.get((Pack.Kind.REGION, territory)) if territory else None
    if region is None:
        return country
    content = Pack.objects.values_list("content", "version").get(pk=region.pk)
    return country.with_region((date.fromisoformat(day) for day in content[0]["days"]), content[1])


def term(code: str, *, on: date, territory: str = "") -> Term:
    """Return a term of law in force on a day, the territory's own before the country's. Raises NoSuchTerm."""
    packs = Pack.objects.filter(kind=Pack.Kind.LAW, territory__in=["", territory]).in_force(on)
    for pack in sorted(packs.order_by("-loaded_at", "-pk"), key=lambda pack: pack.territory == ""):
        for found in read_terms(pack.content):
            if found.code == code:
                return found
    raise NoSuchTerm(f"Срок «{code}» на {on:%d.%m.%Y} не задан ни одним паком.")


def terms(*, on: date, territory: str = "") -> list[tuple[Pack, list[Term]]]:
    """Return the law packs in force with their terms, for the page of terms."""
    packs = Pack.objects.filter(kind=Pack.Kind.LAW, territory__in=["", territory]).in_force(on).newest()
    return [(pack, read_terms(pack.content)) for pack in packs]


def waiting_packs(territory: str = "") -> list[WaitingPack]:
    """Return the newest edition of each year's limits, the country's and the territory's."""
    packs = Pack.objects.filter(kind=Pack.Kind.WAITING, territory__in=["", territory]).newest()
    return [read_waiting(pack.content) for pack in packs]


@lru_cache(maxsize=16)
def _calendar(pk: int) -> Calendar:
    """A pack never changes, so its reading may be kept."""
    return read_calendar(Pack.objects.values_list("content", flat=True).get(pk=pk))
