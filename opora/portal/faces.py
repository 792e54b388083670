"""What every page of a site shows around itself, read once in some seconds and kept in the process."""

from __future__ import annotations

import time as clock_time
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.organisations.hours import week_lines
from opora.organisations.models import HotLine, Organisation, Post
from opora.organisations.models import Site as Building
from opora.organisations.services.hours import week_of
from opora.portal.models import Site

SYSTEM = Scope.system("addresses, phones and hours of a published site are shown to everybody")
FRESH = 15.0  # seconds a process believes that nothing was changed elsewhere


@dataclass(frozen=True, slots=True)
class Phone:
    number: str
    title: str
    is_round_the_clock: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where one may come: a clinic's building or a post; ``hours`` are lines of (days, hours)."""

    name: str
    address: str
    room: str
    phone: str
    hours: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation as a citizen needs it."""

    pk: int
    name: str
    phones: tuple[Phone, ...]
    hours: tuple[tuple[str, str], ...]
    address: str
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """A published site; ``fund`` is the body that helps whoever is insured with nobody we know."""

    slug: str
    name: str
    greeting: str
    colour: str
    territory: str
    territory_name: str
    is_fund: bool
    zone: ZoneInfo
    body: Body
    fund: Body | None

    @property
    def phones(self) -> tuple[Phone, ...]:
        return self.body.phones

    @property
    def home(self) -> str:
        return reverse("portal:home", args=[self.slug])


_faces: dict[str, tuple[float, Face]] = {}


def face(slug: str) -> Face | None:
    """Return the face of a published site, None where there is none. No query while the answer is fresh."""
    known = _faces.get(slug)
    now = clock_time.monotonic()
    if known and known[0] > now:
        return known[1]
    found = _read(slug) if "\x00" not in slug else None
    if found is None:
        _faces.pop(slug, None)
        return None
    _faces[slug] = now + FRESH, found
    return found


def forget(**_: Any) -> None:
    """Believe nothing: a site has been changed in this process."""
    _faces.clear()


def bodies(found: Any) -> list[Body]:
    """Return organisations with their phones, hours and, where they have a site, its address. Inside ``SYSTEM``."""
    rows = list(found.prefetch_related("hot_lines", "working_hours"))
    sites = dict(Site.objects.published().filter(organisation__in=rows).values_list("organisation", "slug"))
    return [_body(row, sites.get(row.pk, "")) for row in rows]


def posts(organisations: Any, *, most: int | None = None) -> list[tuple[str, list[Place]]]:
    """Return the posts of organisations that work now: (whose, places), inside ``SYSTEM``. Two queries."""
    today = timezone.localdate()
    rows = (
        Post.objects.filter(Q(since=None) | Q(since__lte=today), Q(until=None) | Q(until__gte=today))
        .filter(organisation__in=organisations, organisation__closed_on=None)
        .select_related("organisation", "site__organisation")
        .prefetch_related("working_hours")
        .order_by("organisation__name", "site__organisation__name", "pk")
    )
    found: dict[str, list[Place]] = {}
    for row in rows[:most]:
        found.setdefault(row.organisation.name, []).append(
            Place(
                row.site.organisation.name,
                row.site.address,
                row.room,
                row.phone,
                tuple(week_lines(week_of(row))),
            )
        )
    return list(found.items())


def clinics(territory: str, text: str) -> Any:
    """Return clinics of a territory by words of their names and addresses, buildings and hours loaded."""
    found = Organisation.objects.filter(territory=territory).providers().current()
    for word in text.split()[:5]:
        found = found.filter(
            Q(name__icontains=word) | Q(address__icontains=word) | Q(sites__address__icontains=word)
        ).distinct()
    buildings = Building.objects.prefetch_related("working_hours").order_by("name", "pk")
    return found.prefetch_related("hot_lines", "working_hours", Prefetch("sites", buildings)).order_by("name", "pk")


def places_of(clinic: Organisation) -> list[Place]:
    return [Place(one.name, one.address, "", one.phone, tuple(week_lines(week_of(one)))) for one in clinic.sites.all()]


def _read(slug: str) -> Face | None:
    with enter(SYSTEM):
        site = Site.objects.published().filter(slug=slug).select_related("organisation__territory").first()
        if site is None:
            return None
        own = site.organisation
        funds = Organisation.objects.filter(territory=own.territory_id, kind=Organisation.Kind.FUND).current()
        known = {body.pk: body for body in bodies(Organisation.objects.filter(Q(pk=own.pk) | Q(pk__in=funds)))}
        fund = next((body for pk, body in known.items() if pk != own.pk), None)
        is_fund = own.kind == Organisation.Kind.FUND
        return Face(
            slug=site.slug,
            name=site.name,
            greeting=site.greeting,
            colour=site.colour,
            territory=own.territory_id,
            territory_name=own.territory.name,
            is_fund=is_fund,
            zone=own.zone,
            body=known[own.pk],
            fund=known[own.pk] if is_fund else fund,
        )


def _body(row: Organisation, slug: str) -> Body:
    lines: list[HotLine] = list(row.hot_lines.all())
    phones = tuple(Phone(line.phone, line.title, line.is_round_the_clock) for line in lines)
    return Body(row.pk, row.name, phones, tuple(week_lines(week_of(row))), row.address, slug)
