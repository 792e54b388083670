"""What a page offers to choose from: whose report, which period, which reports there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from types import MappingProxyType
from urllib.parse import urlencode

from django.urls import reverse

from opora.organisations.models import Employee
from opora.reports import definitions, subjects
from opora.reports.asking import today_of
from opora.reports.definitions import ReportPack
from opora.reports.errors import NoSuchPeriod, NotYourSubject
from opora.reports.periods import Period, last_full, recent
from opora.reports.subjects import Subject

GROUPS = {
    "state": "Государственные формы",
    "insurer": "Показатели страховой",
    "fund": "Для фонда",
    "centre": "Работа контакт-центра",
    "informing": "Информирование",
    "other": "Другие",
}
KINDS = {"month": ("Месяц", 24), "quarter": ("Квартал", 8), "year": ("Год", 4), "months": ("С начала года", 12)}
SAID = 160  # signs: a longer note explains a form, not what it is for


@dataclass(frozen=True, slots=True)
class Offered:
    """A report of the list: its line and the addresses of its last full periods."""

    pack: ReportPack
    about: str
    link: str
    periods: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What stands in the row of choices: subjects, periods under the names of their kinds, the day it is there."""

    subjects: list[Subject]
    subject: Subject
    period: Period
    periods: list[tuple[str, list[Period]]]
    today: date


def choice(employee: Employee, subject_code: str, period_code: str, kinds: Sequence[str] = ()) -> Choice | None:
    """Return what is chosen; where nothing is, the widest subject and the last full period of the first kind.

    None when nobody's reports are hers. Raises NotYourSubject, NoSuchPeriod.
    """
    hers = subjects.subjects(employee)
    if not hers:
        return None
    subject = next((one for one in hers if one.code == subject_code or not subject_code), None)
    if subject is None:
        raise NotYourSubject
    today = today_of(subject.territory)
    kinds = kinds or tuple(KINDS)
    period = Period.read(period_code) if period_code else last_full(kinds[0], today)
    return Choice(hers, subject, period, _periods(kinds, today, period), today)


def offered(chosen: Choice) -> list[tuple[str, list[Offered]]]:
    """Return the reports that are made of the subject in the editions of the period, under the names of groups."""
    found = definitions.in_force(chosen.period.until, chosen.subject.territory)
    fitting = [pack for pack in found if chosen.subject.kind in pack.subjects]
    fitting.sort(key=lambda pack: (list(GROUPS).index(pack.group), pack.title))
    return [
        (GROUPS[group], [_offered(pack, chosen) for pack in packs])
        for group, packs in groupby(fitting, key=lambda pack: pack.group)
    ]


def address(
    name: str, subject: Subject | str, period: Period | str, also: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Return the address of a report; ``also`` are filters as the address holds them."""
    of = subject.code if isinstance(subject, Subject) else subject
    code = period.code if isinstance(period, Period) else period
    return f"{reverse('reports:report', args=[name])}?{urlencode({'of': of, 'period': code, **also})}"


def neighbour(period: Period, step: int, today: date) -> Period | None:
    """Return the period before or after, None where there is none or it has not begun."""
    try:
        other = period.shifted(step)
    except NoSuchPeriod:
        return None
    return other if other.since <= today else None


def _offered(pack: ReportPack, chosen: Choice) -> Offered:
    last = [last_full(kind, chosen.today) for kind in pack.periods]
    best = chosen.period if chosen.period.kind in pack.periods else last[0]
    links = [(one.words, address(pack.name, chosen.subject, one)) for one in last]
    return Offered(pack, _about(pack), address(pack.name, chosen.subject, best), links)


def _about(pack: ReportPack) -> str:
    """One line: the first note of the form where it is short, else what its tables hold."""
    if pack.notes and len(pack.notes[0]) <= SAID:
        return pack.notes[0]
    titles = "; ".join(table.title for table in pack.tables)
    return titles if len(titles) <= SAID else titles[: SAID - 1].rsplit(" ", 1)[0] + "…"


def _periods(kinds: Sequence[str], today: date, period: Period) -> list[tuple[str, list[Period]]]:
    found = []
    for kind in kinds:
        title, many = KINDS[kind]
        offered = recent(kind, today, many)
        if period.kind == kind and period not in offered:
            offered = sorted([*offered, period], key=lambda one: (one.since, one.until), reverse=True)
        found.append((title, offered))
    return found
