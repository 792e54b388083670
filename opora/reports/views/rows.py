"""Rows behind a number."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.organisations.requests import StaffRequest
from opora.reports import asking, choosing, explaining, narrowing, people, showing, titles
from opora.reports import rows as behind_it
from opora.reports.counting import Report
from opora.reports.errors import NoSuchReport
from opora.reports.explaining import Behind, Piece
from opora.reports.listed_people import SUITS
from opora.reports.measures import disputes
from opora.reports.measures import opened as opened_by
from opora.reports.measures.opened import Opened
from opora.reports.models import Seal
from opora.reports.places import Place
from opora.reports.sources import SOURCES
from opora.shared.pages import Page


@require_safe
@never_cache
@needs(Right.REPORTS_VIEW)
def rows(request: StaffRequest, name: str) -> HttpResponse:
    """The facts of one number, now or as a period was sealed; the reading is written down."""
    seal, asked = _asked(request, name)
    place = Place.read(request.GET.get("cell", ""))
    after = request.GET.get("after")
    if seal is None:
        explained = explaining.behind(asked, place)
        page = _page(explained, request, after)
    else:
        # Her right to the seal is checked; what a row was before it changed is written where only the program reads.
        with enter(Scope.system("rows of a seal she may read, as they lay")):
            explained = explaining.behind(asked, place)
            page = _page(explained, request, after)
    also = narrowing.texts(asked.also)
    whose = {"seal": str(seal.pk)} if seal else {"of": asked.subject.code, "period": asked.period.code, **also}
    record("reports.rows", ("reports.report", name), by=request.user, details={**whose, "cell": str(place)[:130]})
    sees_journal = request.user.holds(Right.APPEALS_VIEW)
    source = SOURCES["disputes"] if explained.measure in SUITS else explained.source
    opened = opened_by.of_measure(explained.measure, explained.asked) if explained.asked else None
    context = {
        "behind": explained,
        "text": showing.text(explained.cell.value, explained.cell.unit),
        "today": showing.text(explained.today.value, explained.cell.unit) if explained.today else "",
        "pieces": [_piece(piece, name, whose) for piece in explained.pieces],
        "total": showing.text(explaining.equals(explained.pieces)) if explained.way == "sum" else "",
        "page": page,
        "may_leave": sees_journal
        if source is not None and source.appeal
        else source is not None or (opened is not None and people.may_see(opened, request.user)),
        "sees_journal": sees_journal,
        "has_rows": explained.part is not None or explained.measure in SUITS,
        "is_of_appeals": bool(source and source.appeal),
        "has_hidden": any(row.is_hidden for row in page),
        "has_clinic": any(row.clinic for row in page),
        "has_words": any(row.words for row in page),
        "has_topic": any(row.topic or row.kind for row in page),
        "has_way": any(row.number for row in page) or bool(source and source.appeal),
        "seal": seal,
        "report": asked,
        "table": asked.table(place.table).table,
        "back": reverse("reports:sealed", args=[seal.pk])
        if seal
        else choosing.address(name, asked.subject, asked.period, also),
        "narrowed": titles.filters(asked.also, asked.pack),
        "query": urlencode({**whose, "cell": str(place)}),
        **(_people(opened, request, name, {**whose, "cell": str(place)[:130]}) if opened else {}),
    }
    return render(request, "reports/rows.html", context)


def _people(opened: Opened, request: StaffRequest, name: str, whose: dict[str, str]) -> dict[str, Any]:
    """People behind a measure, as they are today; who was shown is written down, who may not see them is told why."""
    if not people.may_see(opened, request.user):
        return {"needed": people.needed(opened).label}
    found = people.page(opened, request.user, after=request.GET.get("after"))
    record("reports.people", ("reports.report", name), by=request.user, details={**whose, "rows": len(found)})
    return {
        "people": found,
        "opened": opened.kind,
        "has_unseen": any(not row.name for row in found),
        "has_campaign": any(row.campaign for row in found),
        "has_more": any(row.contacts > 1 for row in found),
    }


def _page(explained: Behind, request: StaffRequest, after: str | None) -> Page[behind_it.Shown]:
    if explained.asked is not None and explained.measure in SUITS:
        found = partial(disputes.page, explained.asked)
        return behind_it.page_of(found, SOURCES["disputes"], request.user, after=after)
    if explained.part is None or explained.source is None:
        return Page([])
    return behind_it.page(explained.part, explained.source, request.user, after=after, field=explained.field)


def _asked(request: StaffRequest, name: str) -> tuple[Seal | None, Report]:
    given = request.GET.get("seal", "")
    if not given:
        of, period = request.GET.get("of", ""), request.GET.get("period", "")
        return None, asking.ask(request.user, name, of, period, dict(request.GET.lists()))
    try:
        identity = UUID(given)
    except ValueError:
        raise NoSuchReport from None
    seal, asked = asking.as_sealed(request.user, identity, dict(request.GET.lists()))
    if seal.report != name:
        raise NoSuchReport
    return seal, asked


def _piece(piece: Piece, name: str, whose: dict[str, str]) -> dict[str, str]:
    return {
        "title": piece.title,
        "text": showing.text(piece.value),
        "sign": "−" if piece.sign < 0 else "",
        "url": f"{reverse('reports:rows', args=[name])}?{urlencode({**whose, 'cell': str(piece.place)})}",
    }
