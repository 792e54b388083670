"""Schedules in words: what is sent, of whom, narrowed by what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from opora.organisations.models import Employee
from opora.reports import narrowing, subjects, titles
from opora.reports.definitions import ReportPack, in_force
from opora.reports.errors import NoSuchFilter
from opora.reports.models import Schedule


@dataclass(frozen=True, slots=True)
class Told:
    """A schedule as a page shows it; ``filters`` are sentences, none — the whole report is sent."""

    schedule: Schedule
    report: str
    subject: str
    filters: list[str]


def told(schedules: Iterable[Schedule], employee: Employee) -> list[Told]:
    """Return schedules in the words of today's forms; what has no word any more is shown as it is kept. Few queries."""
    packs = {pack.name: pack for pack in in_force(timezone.localdate(), employee.scope.territory)}
    names = {one.code: one.name for one in subjects.subjects(employee)}
    return [
        Told(
            one,
            packs[one.report].short if one.report in packs else one.report,
            names.get(one.subject, one.subject),
            _filters(one, packs.get(one.report)),
        )
        for one in schedules
    ]


def _filters(schedule: Schedule, pack: ReportPack | None) -> list[str]:
    kept = [f"{name}: {value}" for name, value in sorted(schedule.filters.items())]
    if pack is None:
        return kept
    try:
        return titles.filters(narrowing.read(pack, narrowing.given(schedule.filters)), pack)
    except NoSuchFilter:
        return kept
