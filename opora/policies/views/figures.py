"""Deliveries by month and category; each number opens into its rows, each list leaves as a book of Excel."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals.actor import actor_of
from opora.audit.services import record
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.policies import figures, packs
from opora.shared.pages import keyset
from opora.shared.spreadsheets import xlsx_file

FIRST_YEAR = 2011


@require_safe
@needs(Right.POLICIES_VIEW)
def months(request: StaffRequest) -> HttpResponse:
    """The year by month and category, and indicator 2."""
    today = timezone.localdate()
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= today.year else today.year
    titles = _titles(request)
    counted: dict[tuple[int, str], int] = {}
    for one in figures.months(request.user, year):
        counted[one["month"].month, one["delivery__category"]] = one["number"]
    codes = [*titles, *sorted({code for _, code in counted} - set(titles))]
    rows: list[dict[str, Any]] = []
    for month in range(1, 13):
        cells = [(code, counted.get((month, code), 0)) for code in codes]
        rows.append({"month": date(year, month, 1), "cells": cells, "total": sum(number for _, number in cells)})
    organisation = actor_of(request.user).organisation
    whole = figures.deliveries_between(organisation, date(year, 1, 1), date(year, 12, 31))
    context = {
        "year": year,
        "years": [one for one in (year - 1, year + 1) if FIRST_YEAR <= one <= today.year],
        "codes": [titles.get(code, code) for code in codes],
        "rows": [row for row in rows if row["month"] <= today],
        "whole": whole,
    }
    return render(request, "policies/figures.html", context)


@require_safe
@never_cache
@needs(Right.POLICIES_VIEW)
@with_purpose
def rows(request: StaffRequest) -> HttpResponse | FileResponse:
    """The hand-overs behind a number, as a page or as a book."""
    month = _month(request.GET.get("month", ""))
    category = request.GET.get("category", "")[:40]
    titles = _titles(request)
    found = figures.handed(request.user, month, _last(month), category if category.isidentifier() else "")
    if request.GET.get("as") == "xlsx":
        record("policies.export", by=request.user, details={"month": month.isoformat(), "category": category})
        book = xlsx_file(figures.HEAD, figures.lines(found, titles), title="Доставка полисов")
        return FileResponse(book, as_attachment=True, filename=f"dostavka-{month:%Y-%m}.xlsx")
    record("policies.rows", by=request.user, details={"month": month.isoformat()})
    page = keyset(found, order=("-on", "-pk"), after=request.GET.get("after"))
    context = {"page": page, "month": month, "category": category, "title": titles.get(category, ""), "titles": titles}
    return render(request, "policies/rows.html", context)


def _titles(request: StaffRequest) -> dict[str, str]:
    pack = packs.current(actor_of(request.user).territory, timezone.localdate())
    return {one.code: one.title for one in pack.categories}


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return timezone.localdate().replace(day=1)


def _last(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
