"""Three pages: how long one may be made to wait, the year's calendar, the terms in force."""

from calendar import Calendar as Weeks
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from opora.access.guard import needs
from opora.access.rights import Right
from opora.deadlines import queries
from opora.deadlines.calendar import Calendar, DayKind
from opora.deadlines.clock import Unit
from opora.deadlines.errors import NoSuchLimit
from opora.deadlines.explanation import explain
from opora.deadlines.forms import WaitingForm
from opora.deadlines.tabs import tabs
from opora.deadlines.waiting import answer, services

FIRST_YEAR = 2013
MONTHS = (
    "Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь".split()  # noqa: SIM905
)
HOURLY = {Unit.MINUTES, Unit.HOURS}


@needs(Right.DEADLINES_VIEW)
def waiting(request: HttpRequest) -> HttpResponse:
    """The calculator. The address keeps the question: a service and a day name nobody."""
    territory, zone = _place(request)
    packs = queries.waiting_packs(territory)
    form = WaitingForm(request.GET or None, services=services(packs), initial={"started_on": timezone.localdate()})
    context: dict[str, Any] = {"form": form, "tabs": tabs("deadlines:waiting")}
    if form.is_bound and form.is_valid():
        started = datetime.combine(form.cleaned_data["started_on"], form.cleaned_data["started_at"] or time(), zone)
        try:
            found = answer(
                packs,
                queries.calendar(territory),
                service=form.cleaned_data["service"],
                started=started,
                suspicion=form.cleaned_data["suspicion"],
                territory=territory,
            )
        except NoSuchLimit as refusal:
            context["refusal"] = refusal.sentence
        else:
            context |= {"answer": found, "why": explain(found.clock) if found.clock else []}
            if found.clock:
                context["left"] = found.clock.days_left(timezone.localdate(timezone=zone))
    return render(request, "deadlines/waiting.html", context)


@needs(Right.DEADLINES_VIEW)
def calendar(request: HttpRequest) -> HttpResponse:
    """Twelve months of a year; days off are told by sign and word, not by colour alone."""
    territory, zone = _place(request)
    today = timezone.localdate(timezone=zone)
    found = queries.calendar(territory)
    last = max(found.last_year, today.year) + 1
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and FIRST_YEAR <= int(asked) <= last else today.year
    context = {
        "tabs": tabs("deadlines:calendar"),
        "calendar": found,
        "year": year,
        "earlier": year - 1 if year > FIRST_YEAR else None,
        "later": year + 1 if year < last else None,
        "is_provisional": found.is_provisional(date(year, 1, 1)),
        "working_days": found.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)),
        "months": [_month(found, year, month, today) for month in range(1, 13)],
        "special": _special_days(found, year),
    }
    return render(request, "deadlines/calendar.html", context)


@needs(Right.DEADLINES_VIEW)
def terms(request: HttpRequest) -> HttpResponse:
    territory, zone = _place(request)
    today = timezone.localdate(timezone=zone)
    context = {
        "tabs": tabs("deadlines:terms"),
        "packs": queries.terms(on=today, territory=territory),
        "limits": [pack for pack in queries.waiting_packs(territory) if pack.covers(today, territory)],
    }
    return render(request, "deadlines/terms.html", context)


def _place(request: HttpRequest) -> tuple[str, ZoneInfo]:
    organisation = request.user.assignment.organisation  # type: ignore[union-attr]
    return organisation.territory_id, organisation.zone


def _month(calendar: Calendar, year: int, month: int, today: date) -> dict[str, Any]:
    weeks = [
        [_day(calendar, day, today) if day.month == month else None for day in week]
        for week in Weeks().monthdatescalendar(year, month)
    ]
    works = sum(1 for week in weeks for day in week if day and day["works"])
    return {"name": MONTHS[month - 1], "weeks": weeks, "working_days": works}


def _day(calendar: Calendar, day: date, today: date) -> dict[str, Any]:
    kind = calendar.kind(day)
    return {"number": day.day, "kind": kind, "works": kind.works, "words": kind.words, "is_today": day == today}


def _special_days(calendar: Calendar, year: int) -> list[tuple[date, DayKind]]:
    """Return days that are not what their weekday says."""
    first = date(year, 1, 1).toordinal()
    days = (date.fromordinal(first + step) for step in range((date(year + 1, 1, 1) - date(year, 1, 1)).days))
    usual = {DayKind.WORKING, DayKind.WEEKEND}
    return [
        (day, kind)
        for day in days
        if (kind := calendar.kind(day)) not in usual or (kind is DayKind.WORKING and day.weekday() > 4)
    ]
