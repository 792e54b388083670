"""The list of reports and one report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.requests import StaffRequest
from opora.reports import analysis, asking, choosing, definitions, narrowing, pictures, seals, showing, subjects
from opora.reports.counting import Counted, Report
from opora.reports.errors import NoSuchReport, NotYourSubject
from opora.reports.leaving_forms import BY
from opora.reports.models import Schedule, Seal
from opora.reports.periods import Period, last_full
from opora.reports.places import Place
from opora.shared.typography import moment


@require_safe
@needs(Right.REPORTS_VIEW)
def listed(request: StaffRequest) -> HttpResponse:
    """Reports by group; whose and for which period is chosen above them and stays in the address."""
    chosen = choosing.choice(request.user, request.GET.get("of", ""), request.GET.get("period", ""))
    groups = choosing.offered(chosen) if chosen else []
    has_verified = any(one.pack.is_verified for _, found in groups for one in found)
    return render(request, "reports/list.html", {"chosen": chosen, "groups": groups, "has_verified": has_verified})


@require_safe
@never_cache
@needs(Right.REPORTS_VIEW)
def report(request: StaffRequest, name: str) -> HttpResponse:
    """One report, counted now."""
    of, code = request.GET.get("of", ""), request.GET.get("period", "")
    if not of or not code:
        of, code = _first(request, name, of)
    asked = asking.ask(request.user, name, of, code, dict(request.GET.lists()))
    also = narrowing.texts(asked.also)
    counted = analysis.told(asked)
    chosen = choosing.choice(request.user, of, code, asked.pack.periods)
    if chosen is None:
        raise NotYourSubject
    versions = list(seals.versions(name, asked.subject, asked.period, request.user))
    address = partial(rows_at, name, of, code, also)
    context = {
        "counted": counted,
        "pack": asked.pack,
        "chosen": chosen,
        "subjects": [one for one in chosen.subjects if one.kind in asked.pack.subjects],
        "filters": narrowing.offered(asked.pack, asked.also),
        "whole": choosing.address(name, of, code) if also else "",
        "before": _link(name, of, choosing.neighbour(asked.period, -1, chosen.today), also),
        "after": _link(name, of, choosing.neighbour(asked.period, 1, chosen.today), also),
        "tables": pictures.tables(counted, asked.pack, address),
        "faults": showing.faults(counted, address),
        "read_at": read_words(),
        "versions": versions,
        "is_changed": bool(versions) and not also and _is_other(versions[0], counted),
        "may_seal": request.user.holds(Right.REPORTS_SEAL) and not also,
        "is_over": asked.period.until < chosen.today,
        "compares": any(column.span in pictures.BEFORE for table in asked.pack.tables for column in table.columns),
        "query": urlencode({"of": of, "period": code, **also}),
        "schedule_query": _schedule_query(name, asked, also),
        "chosen_query": urlencode({"of": of, "period": code}),
    }
    return render(request, "reports/report.html", context)


def _schedule_query(name: str, asked: Report, also: Mapping[str, str]) -> str:
    """What a new schedule takes over from the page: the report, whose, which period, its filters; empty — for months
    in a row nothing is sent."""
    if asked.period.kind not in Schedule.Of.values:
        return ""
    filters = {f"{BY}{one}": text for one, text in also.items()}
    return urlencode({"report": name, "subject": asked.subject.code, "of": asked.period.kind, **filters})


def _is_other(seal: Seal, counted: Counted) -> bool:
    """Whether the report says something else by now; a seal of before words were kept is compared without them."""
    return seal.sha256 not in (counted.sha256, replace(counted, words=None).sha256)


def rows_at(name: str, of: str, period: str, also: dict[str, str], place: Place) -> str:
    """Return the address of the rows behind a cell."""
    query = {"of": of, "period": period, **also, "cell": str(place)}
    return f"{reverse('reports:rows', args=[name])}?{urlencode(query)}"


def read_words() -> str:
    """«10:42» of today, with the day when it was another; empty when facts were never read."""
    cursor = asking.read_until()
    if cursor is None or cursor.read_at is None:
        return ""
    at = timezone.localtime(cursor.read_at)
    return f"{at:%H:%M}" if at.date() == timezone.localdate() else moment(at)


def _first(request: StaffRequest, name: str, of: str) -> tuple[str, str]:
    """Return the widest subject the report is made of and its last full period. Raises NoSuchReport."""
    for subject in subjects.subjects(request.user):
        if of in ("", subject.code):
            today = asking.today_of(subject.territory)
            _, pack = definitions.current(name, today, subject.territory)
            if subject.kind in pack.subjects:
                code = request.GET.get("period", "") or last_full(pack.periods[0], today).code
                return subject.code, code
    raise NoSuchReport


def _link(name: str, of: str, period: Period | None, also: dict[str, str]) -> dict[str, str] | None:
    return {"words": period.words, "url": choosing.address(name, of, period, also)} if period else None
