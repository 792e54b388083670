"""The list of the journal: rows, saved views, columns, what was asked for by words."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlencode

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals.listing import Filter, details, journal
from opora.appeals.listing import columns as table
from opora.appeals.listing import filter as words
from opora.appeals.listing.details import applicants
from opora.appeals.listing.numbers import LONGEST, has_come_under, is_number
from opora.appeals.listing.totals import total
from opora.appeals.listing.words import chips, choices
from opora.appeals.models import ListColumns, SavedView
from opora.audit.services import record
from opora.classifiers.words import Channel, Flag, Form, Kind, Line
from opora.organisations.requests import StaffRequest
from opora.shared.prepared import prepared

SHIPPED = (
    ("Все открытые", Filter()),
    ("Мои", Filter(whose="mine")),
    ("Очередь линии", Filter(whose="queue")),
    ("Просроченные", Filter(due="overdue")),
    ("Жалобы", Filter(kind="complaint")),
    ("Весь журнал", Filter(state="all")),
)
ON_PAPER = 500
MOST_VIEWS = 20


@require_safe
@needs(Right.APPEALS_VIEW)
def appeals(request: StaffRequest) -> HttpResponse:
    """One page of the list; htmx asks for the rows behind the last one, live news for the first ones."""
    if any(not value for name, value in request.GET.items() if name != "after"):
        return redirect(_address(Filter.read(request.GET)))
    chosen = Filter.read(request.GET)
    employee = request.user
    page = journal(employee, chosen, request.GET.get("after"))
    lines = details(page.rows, employee.scope)
    _log(request, chosen, lines)
    mine = _columns_of.first(employee.pk)
    columns = table.chosen(mine.columns if mine else None)
    context: dict[str, Any] = {
        "rows": [(line, table.cells(line, columns)) for line in lines],
        "page": page,
        "columns": columns,
        "next": urlencode({**chosen.words, "after": page.next}, doseq=True) if page.next else "",
    }
    if request.headers.get("HX-Request") and ("after" in request.GET or "X-Background" in request.headers):
        return render(request, "appeals/list.html#rows", context)
    return render(request, "appeals/list.html", {**context, **_surroundings(request, chosen)})


@prepared
def _columns_of(employee: int) -> QuerySet[ListColumns]:
    return ListColumns.objects.filter(pk=employee)


@prepared
def _views_of(employee: int) -> QuerySet[SavedView]:
    return SavedView.objects.filter(employee=employee)


def _surroundings(request: StaffRequest, chosen: Filter) -> dict[str, Any]:
    employee = request.user
    saved = _views_of(employee.pk)
    tabs = [{"label": title, "url": _address(view), "current": view == chosen} for title, view in SHIPPED]
    own: list[dict[str, Any]] = [
        {"view": view, "url": f"{reverse('appeals:list')}?{view.query}", "current": _is(view, chosen)} for view in saved
    ]
    return {
        "chosen": chosen,
        "tabs": tabs + [{"label": item["view"].title, "url": item["url"], "current": item["current"]} for item in own],
        "current_view": next((item["view"] for item in own if item["current"]), None),
        "may_save": not any(tab["current"] for tab in tabs) and not any(item["current"] for item in own),
        "chips": chips(chosen),
        "query": chosen.query,
        "total": total(employee, chosen),
        "lists": {
            "whose": words.Whose.choices,
            "state": words.State.choices,
            "due": words.Due.choices,
            "kind": Kind.choices,
        },
        "more": any(
            (
                chosen.channel,
                chosen.line,
                chosen.answer,
                chosen.topic,
                chosen.handler,
                chosen.owner,
                chosen.since,
                chosen.until,
                chosen.flags,
                chosen.form,
            )
        ),
        "every_column": table.COLUMNS.values(),
        "may_handle": employee.holds(Right.APPEALS_HANDLE),
        "may_export": employee.holds(Right.APPEALS_EXPORT),
        "may_register": employee.holds(Right.APPEALS_REGISTER),
        "at": timezone.localtime(),
        "live": f"org:{employee.assignment.organisation_id}" if employee.assignment else "",
    }


@require_GET
@needs(Right.APPEALS_VIEW)
def more_filters(request: StaffRequest) -> HttpResponse:
    """Lists that cost a query each: topics, organisations, colleagues; asked for when somebody opens them."""
    chosen = Filter.read(request.GET)
    context = {
        "chosen": chosen,
        "flags": Flag.choices,
        "forms": Form.choices,
        "channels": Channel.choices,
        "lines": Line.choices,
        "answers": words.Reached.choices,
        **choices(request.user),
    }
    return render(request, "appeals/filters.html", context)


@require_POST
@needs(Right.APPEALS_VIEW)
def finding(request: StaffRequest) -> HttpResponse:
    """What was typed goes to the list by POST and stands in its address sealed; a number may be read by anybody.

    An incoming number looks like anything, a telephone too: only one that a letter she sees came under is a number.
    """
    text = " ".join(request.POST.get("q", "").split())[:200]
    base = Filter.read(QueryDict(request.POST.get("within", ""))).but(number="", find="", person=0)
    if not text:
        return redirect(_address(base))
    compact = re.sub(r"\s", "", text)
    if is_number(compact):
        return redirect(_address(base.but(number=compact)))
    is_incoming = len(text) <= LONGEST and any(map(str.isdigit, text)) and has_come_under(text, request.user)
    return redirect(_address(base.but(number=text) if is_incoming else base.but(find=text)))


@require_POST
@needs(Right.APPEALS_VIEW)
def view_new(request: StaffRequest) -> HttpResponse:
    """Keep the words of a list under a name; the same name again takes the new words."""
    chosen = Filter.read(QueryDict(request.POST.get("query", "")))
    title = " ".join(request.POST.get("title", "").split())[:60]
    if not title:
        messages.warning(request, "Назовите список, чтобы сохранить его.")
    elif SavedView.objects.filter(employee=request.user).exclude(title=title).count() >= MOST_VIEWS:
        messages.warning(request, f"Сохранённых списков уже {MOST_VIEWS}. Уберите лишний и сохраните снова.")
    else:
        _save(request, title, chosen)
        messages.success(request, f"Список «{title}» сохранён.")
    return redirect(_address(chosen))


def _save(request: StaffRequest, title: str, chosen: Filter) -> None:
    try:
        with transaction.atomic():
            SavedView.objects.update_or_create(
                employee=request.user, title=title, defaults={"query": chosen.query[:2000]}
            )
    except IntegrityError:  # two tabs at once: the other has made it
        SavedView.objects.filter(employee=request.user, title=title).update(query=chosen.query[:2000])


@require_POST
@needs(Right.APPEALS_VIEW)
def view_removal(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a saved view away; the list stays where it is."""
    view = get_object_or_404(SavedView, pk=pk, employee=request.user)
    view.delete()
    messages.success(request, f"Список «{view.title}» убран.")
    return redirect(_address(Filter.read(QueryDict(view.query))))


@require_POST
@needs(Right.APPEALS_VIEW)
def columns(request: StaffRequest) -> HttpResponse:
    """Choose the columns; none chosen — the usual ones."""
    picked = [code for code in request.POST.getlist("columns") if code in table.COLUMNS]
    ListColumns.objects.update_or_create(employee=request.user, defaults={"columns": picked})
    return redirect(_address(Filter.read(QueryDict(request.POST.get("query", "")))))


@require_safe
@needs(Right.APPEALS_VIEW)
def paper(request: StaffRequest) -> HttpResponse:
    """The first rows of a list as a sheet; a longer one is a file."""
    chosen = Filter.read(request.GET)
    page = journal(request.user, chosen, size=ON_PAPER)
    lines = details(page.rows, request.user.scope)
    _log(request, chosen, lines, action="appeals.list.print")
    mine = _columns_of.first(request.user.pk)
    shown = table.chosen(mine.columns if mine else None)
    context = {
        "rows": [(line, table.cells(line, shown)) for line in lines],
        "columns": shown,
        "chips": chips(chosen),
        "is_cut": bool(page.next),
        "most": ON_PAPER,
        "at": timezone.localtime(),
        "back": _address(chosen),
    }
    return render(request, "appeals/list_paper.html", context)


def _address(chosen: Filter) -> str:
    query = chosen.query
    return reverse("appeals:list") + (f"?{query}" if query else "")


def _is(view: SavedView, chosen: Filter) -> bool:
    saved = parse_qs(view.query)
    return bool(saved) and Filter.read(QueryDict(view.query)) == chosen


def _log(request: StaffRequest, chosen: Filter, lines: list[Any], action: str = "appeals.list.read") -> None:
    """Who looked through which list: words of its address, never what was searched for."""
    asked = sorted(name for name in chosen.words)
    details = {"rows": len(lines), "named": applicants(lines), "by": asked}
    record(action, by=request.user, purpose=getattr(request, "purpose", ""), details=details)
