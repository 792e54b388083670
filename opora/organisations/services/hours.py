"""The week of an organisation, a site or a post."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction

from opora.audit.services import record
from opora.deadlines.queries import calendar
from opora.organisations.hours import ALWAYS, Interval, Week, opening, week_text
from opora.organisations.limits import check_manages
from opora.organisations.models import Employee, Organisation, Post, Site, WorkingHours
from opora.shared import conflict

type Place = Organisation | Site | Post


@transaction.atomic
def set_hours(place: Place, *, week: Week, version: int, by: Employee | None) -> None:
    """Replace the week of a place. Raises NotYours, ChangedMeanwhile."""
    check_manages(by, place if isinstance(place, Organisation) else place.organisation)
    row = conflict.locked(type(place), place.pk, version=version)
    before = week_of(row)
    if before == week:
        return
    owner = row._meta.model_name or ""
    row.working_hours.all().delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(**{owner: row}, weekday=number, opens_at=part.opens_at, closes_at=part.closes_at)
        for number, day in enumerate(week, start=1)
        for part in day
    )
    row.version += 1
    row.save(update_fields=["version"])
    details = {"changed": {"hours": [week_text(before), week_text(week)]}}
    record(
        f"organisations.{owner}.hours" if owner != "organisation" else "organisations.hours",
        row,
        by=by,
        details=details,
    )


def week_of(place: Place) -> Week:
    """Return the hours of a place as a week; uses prefetched ``working_hours``."""
    week: list[list[Interval]] = [[] for _ in range(7)]
    for row in place.working_hours.all():
        week[row.weekday - 1].append(Interval.of(row.opens_at, row.closes_at))
    return tuple(tuple(sorted(day)) for day in week)


def opens_at(organisation: Organisation, at: datetime, *, is_round_the_clock: bool = False) -> datetime | None:
    """Return ``at`` while the organisation is at work, else when it begins to be; None — never.

    By its week and the production calendar of its territory. Three queries at most.
    """
    if is_round_the_clock:
        return opening(ALWAYS, organisation.zone, at)
    return opening(week_of(organisation), organisation.zone, at, works=working_days(organisation.territory_id))


def working_days(territory: str) -> Callable[[date], bool]:
    """Return whether a day is a working one by the production calendar of a territory. Two queries at most."""
    try:
        return calendar(territory).works
    except KeyError:  # no calendar is loaded: days are taken by their weekday
        return lambda day: True
