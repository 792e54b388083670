"""Figures of the line: waiting, service level, abandoned, talk and writing down."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.requests import StaffRequest
from opora.shared import dates
from opora.telephony import figures as counting

WEEK = timedelta(days=6)
LONGEST = timedelta(days=366)


@require_safe
@needs(Right.TELEPHONY_VIEW)
def figures(request: StaffRequest) -> HttpResponse:
    """The last seven days unless others are asked for."""
    assignment = request.user.assignment
    since, until = asked_days(request)
    by_hour = counting.figures(request.user, "hour", since, until)
    context = {
        "since": since,
        "until": until,
        "chart": counting.chart(by_hour),
        "tables": [
            ("Линии", "Линия", counting.figures(request.user, "line", since, until)),
            ("Часы", "Час", by_hour),
            ("Группы операторов", "Группа", counting.figures(request.user, "group", since, until)),
        ],
        "served": counting.served_for_others(assignment.organisation, since, until) if assignment else [],
        "may_edit": request.user.holds(Right.TELEPHONY_EDIT),
        "fewest": counting.FEWEST,
    }
    return render(request, "telephony/figures.html", context)


def asked_days(request: StaffRequest) -> tuple[date, date]:
    """Return the days of the address, the last seven unless it names others; a year at most."""
    assignment = request.user.assignment
    zone = assignment.organisation.zone if assignment else timezone.get_current_timezone()
    today = timezone.localdate(timezone=zone)
    until = min(_day(request.GET.get("until", ""), today) or today, today)
    since = _day(request.GET.get("since", ""), today) or until - WEEK
    return max(min(since, until), until - LONGEST), until


def _day(text: str, today: date) -> date | None:
    try:
        return dates.parse_day(text, today=today)
    except dates.DayNotUnderstood:
        return None
