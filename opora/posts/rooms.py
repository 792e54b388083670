"""Rooms of a clinic for the steps of check-ups: typed once for a building, in the order in which people go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, Q

from opora.appeals.actor import actor_of
from opora.audit.services import record
from opora.insured.eligibility import Measure
from opora.organisations.models import Site
from opora.posts.errors import PostsError
from opora.posts.models import Stop

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from opora.organisations.models import Employee, Organisation

MOST = 60  # rooms of one building


@dataclass(frozen=True, slots=True)
class NewStop:
    """What is typed of a room; ``measures`` empty — it is on the way of every check-up."""

    title: str
    room: str
    note: str = ""
    measures: tuple[str, ...] = ()


def sites(employee: Employee, provider: Organisation | None = None) -> QuerySet[Site]:
    """Buildings of clinics of her territory, or of one clinic, by name."""
    rows = Site.objects.filter(organisation__territory=actor_of(employee).territory).select_related("organisation")
    rows = rows.filter(organisation=provider) if provider else rows
    return rows.filter(organisation__kind="provider").order_by("organisation__name", "name", "pk")


def stops_of(site: Site, employee: Employee) -> list[Stop]:
    return list(Stop.objects.accessible_to(employee).filter(site=site))


def typed_sites(employee: Employee) -> list[Site]:
    """Buildings whose rooms are typed already or that have a post of hers: those she works with."""
    actor = actor_of(employee)
    typed = Stop.objects.accessible_to(employee).values("site")
    mine = Q(posts__organisation__in={actor.organisation.pk, actor.holder})
    return list(sites(employee).filter(Q(pk__in=typed) | mine).distinct())


@transaction.atomic
def add_stop(site: Site, new: NewStop, *, by: Employee) -> Stop:
    """Put a room at the end of the way. Raises PostsError."""
    _check(new)
    former = Stop.objects.accessible_to(by).filter(site=site)
    if former.count() >= MOST:
        raise PostsError(f"Кабинетов уже {MOST}: больше на памятку не поместится.")
    last = former.aggregate(last=Max("place"))["last"] or 0
    territory, insurer = actor_of(by).territory, by.scope.insurer
    values = {**asdict(new), "measures": list(new.measures)}
    made = Stop.objects.create(territory=territory, insurer_id=insurer, site=site, place=last + 1, **values)
    record("posts.stop.add", ("posts.stop", str(made.pk)), by=by)
    return made


@transaction.atomic
def change_stop(stop: Stop, new: NewStop, *, by: Employee) -> None:
    _check(new)
    values = {**asdict(new), "measures": list(new.measures)}
    Stop.objects.accessible_to(by).filter(pk=stop.pk).update(**values)
    record("posts.stop.change", ("posts.stop", str(stop.pk)), by=by)


@transaction.atomic
def move_stop(stop: Stop, *, up: bool, by: Employee) -> None:
    """Let a room change places with the one before it or behind it; at the end nothing happens."""
    way: Sequence[Stop] = list(Stop.objects.accessible_to(by).select_for_update().filter(site=stop.site_id))
    keys = [one.pk for one in way]
    here = keys.index(stop.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(way):
        return
    keys[here], keys[there] = keys[there], keys[here]
    for place, key in enumerate(keys, start=1):
        Stop.objects.filter(pk=key).update(place=place)
    record("posts.stop.move", ("posts.stop", str(stop.pk)), by=by)


@transaction.atomic
def remove_stop(stop: Stop, *, by: Employee) -> None:
    Stop.objects.accessible_to(by).filter(pk=stop.pk).delete()
    record("posts.stop.remove", ("posts.stop", str(stop.pk)), by=by)


def _check(new: NewStop) -> None:
    if not new.title.strip():
        raise PostsError("Напишите, что делают в кабинете.", field="title")
    if not new.room.strip():
        raise PostsError("Напишите кабинет и этаж.", field="room")
    if set(new.measures) - set(Measure):
        raise PostsError("Такого осмотра нет.", field="measures")
