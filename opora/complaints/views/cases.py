"""The board of cases, one case, and everything that is done with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.complaints import acting, queries
from opora.complaints.acting import ACTS, Act
from opora.complaints.models import Case
from opora.complaints.queries import CaseShown
from opora.complaints.words import CaseStage
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.shared import acts

NUMBER = "~"
STAGES = {stage.value: str(stage.label) for stage in CaseStage}
ROWS = {"request": "requests", "control": "controls", "dispute": "disputes", "doubted": "doubted"}


@require_safe
@needs(Right.COMPLAINTS_VIEW)
@with_purpose
def board(request: StaffRequest) -> HttpResponse:
    """Cases by stage and by the nearest day; the filters live in the address."""
    stage, due, mine = (request.GET.get(name, "") for name in ("stage", "due", "mine"))
    stage = stage if stage in CaseStage.values else ""
    due = due if due == queries.OVERDUE else ""
    after = request.GET.get("after")
    page = queries.board(request.user, stage=stage, due=due, mine=bool(mine), after=after)
    kept = {name: value for name, value in (("due", due), ("mine", mine and "1")) if value}
    context = {
        "page": page,
        "rows": _rows(page),
        "stages": [(count, urlencode({"stage": str(count.stage), **kept})) for count in queries.stages(request.user)],
        "stage": stage,
        "due": due,
        "mine": bool(mine),
        "closed": CaseStage.CLOSED,
        "may_experts": request.user.holds(Right.COMPLAINTS_EXPERTS),
    }
    return render(request, "complaints/board.html", context)


def _rows(page: Iterable[Case]) -> Iterator[dict[str, Any]]:
    """Yield the cells of each row. Flat, because a template takes fifty rows apart word by word."""
    today = timezone.localdate()
    way = reverse("complaints:case", args=[NUMBER])  # put together once: the addresses differ by the number alone
    for case in page:
        state, due = queries.due_badge(case.awaited_by, today)
        yield {
            "number": case.appeal.number,
            "address": way.replace(NUMBER, quote(case.appeal.number)),
            "topic": case.appeal.topic.title,
            "stage": STAGES[case.stage],
            "state": state,
            "due": due,
            "closed_at": case.closed_at,
            "who": case.expert.short_name if case.expert else "",
        }


@require_safe
@never_cache
@needs(Right.COMPLAINTS_VIEW)
@with_purpose
def case(request: StaffRequest, number: str) -> HttpResponse:
    """One case as a whole; the reading is written down."""
    found = queries.shown(_case(request, number))
    record("complaints.case.read", ("complaints.case", str(found.case.pk)), by=request.user, purpose=_purpose(request))
    who = request.user
    context = {
        "shown": found,
        "case": found.case,
        "appeal": found.appeal,
        "may_handle": who.holds(Right.COMPLAINTS_HANDLE),
        "acts": [(act, acting.is_next(act, found)) for act in acting.allowed(found, who)],
        "reasons": [(one, acting.of_row(found, one.reason, "reason", who)) for one in found.reasons],
        "requests": [(row, acting.of_row(found, row, "request", who)) for row in found.requests],
        "controls": [(row, acting.of_row(found, row, "control", who)) for row in found.controls],
        "disputes": [(row, acting.of_row(found, row, "dispute", who)) for row in found.disputes],
        "doubted": [(row, acting.of_row(found, row, "doubted", who)) for row in found.doubted],
    }
    return render(request, "complaints/case.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.COMPLAINTS_HANDLE)
@with_purpose
def act(request: StaffRequest, number: str, act: str, row: str = "") -> HttpResponse:
    """GET asks what the act needs, POST does it; a refusal leaves what was typed where it was.

    Where somebody was faster, the page says what is written now: saved again, it stands over that.
    """
    found = queries.shown(_case(request, number))
    chosen = ACTS.get(act)
    target = _row(found, chosen, row) if chosen else None
    if chosen is None or bool(chosen.of) != bool(row) or not acting.is_handled_by(found, request.user):
        raise Http404
    is_stale = request.method == "POST" and acts.version(request) != acting.version(found, target)
    if not is_stale and not chosen.fits(found, target):
        raise Http404
    form = None
    if chosen.form is not None:
        form = chosen.form(request.POST or None, shown=found, employee=request.user, row=target)
    if request.method == "GET":
        return redirect("complaints:case", number) if form is None else _asked(request, found, chosen, target, form)
    if form is None or form.is_valid():

        def perform() -> None:
            chosen.perform(found, target, form.arguments if form else {}, request.user, acts.version(request))

        if acts.carried_out(request, perform, form, said=chosen.done or f"{chosen.label}: записано."):
            return redirect("complaints:case", number)
    return _asked(request, found, chosen, target, form, is_stale=is_stale)


def _asked(
    request: StaffRequest, found: CaseShown, chosen: Act, target: Any, form: Any, *, is_stale: bool = False
) -> HttpResponse:
    context = {
        "form": form,
        "title": chosen.label,
        "about": f"Жалоба {found.appeal.number}: {found.appeal.topic.title}",
        "note": form.preface,
        "save": chosen.label,
        "back": reverse("complaints:case", args=[found.appeal.number]),
        "version": acting.version(found, target),
        "last": found.events[0] if is_stale and found.events else None,
        "meanwhile": form.meanwhile if is_stale else [],
    }
    template = "complaints/act_form.html" if chosen.code == "act" else "complaints/form.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _row(found: CaseShown, chosen: Act, key: str) -> Any:
    if not chosen.of:
        return None
    rows = [one.reason for one in found.reasons] if chosen.of == "reason" else getattr(found, ROWS[chosen.of])
    row = next((one for one in rows if str(one.pk) == key), None)
    if row is None:
        raise Http404
    return row


def _case(request: StaffRequest, number: str) -> Case:
    found = queries.of_number(number, request.user) if "\x00" not in number else None
    if found is None:
        raise Http404
    return found


def _purpose(request: StaffRequest) -> str:
    return str(getattr(request, "purpose", ""))
