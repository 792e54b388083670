"""Findings: the list, one of them, what is done with it, its letter."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.findings import acting, letters, queries, services
from opora.findings.acting import ACTS
from opora.findings.forms import OpenForm
from opora.findings.models import Alarm, Finding
from opora.findings.tabs import tabs
from opora.findings.words import Stage, What
from opora.organisations.requests import StaffRequest
from opora.shared import acts, documents
from opora.shared.errors import DomainError
from opora.shared.pages import keyset

STATES = {"open": "Открытые", **dict(Stage.choices), "closed": "Завершённые"}


@require_safe
@needs(Right.FINDINGS_VIEW)
def listed(request: StaffRequest) -> HttpResponse:
    state, clinic = request.GET.get("state", "open"), request.GET.get("provider", "")
    state = state if state in STATES else "open"
    provider = int(clinic) if clinic.isascii() and clinic.isdigit() and len(clinic) < 10 else None
    found = queries.findings(request.user, state=state, provider=provider)
    context = {
        "tabs": tabs("findings:list"),
        "page": keyset(found, order=("-opened_at", "pk"), after=request.GET.get("after"), is_total=True),
        "state": state,
        "states": STATES,
        "provider": provider,
        "may_decide": request.user.holds(Right.FINDINGS_DECIDE),
    }
    return render(request, "findings/list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.FINDINGS_DECIDE)
def opening(request: StaffRequest) -> HttpResponse:
    """A new finding: by hand, or with what an alarm or a cell of the radar already says."""
    alarm = _alarm(request)
    form = OpenForm(request.POST or None, employee=request.user, initial=_initial(request, alarm))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                made = services.open_finding(**form.arguments, alarm=alarm, by=request.user)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, f"Заведено {made.number}. Обращения собраны.")
            return redirect("findings:finding", made.pk)
    context = {
        "form": form,
        "title": "Новое системное нарушение",
        "about": "Много обращений, одна клиника, одна причина.",
        "save": "Завести",
        "back": reverse("findings:alarms" if alarm else "findings:list"),
    }
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
@needs(Right.FINDINGS_VIEW)
def finding(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One finding as a whole; the reading is written down."""
    found = _finding(request, pk)
    record("findings.read", ("findings.finding", str(found.pk)), by=request.user)
    context = {
        "shown": queries.shown(found, request.user),
        "finding": found,
        "acts": [(act, found.stage in act.stages) for act in acting.allowed(found, request.user)],
        "sees_appeals": request.user.holds(Right.APPEALS_VIEW),
        "today": timezone.localdate(),
        "is_wait": found.what == What.WAIT,
    }
    return render(request, "findings/finding.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.FINDINGS_DECIDE)
def act(request: StaffRequest, pk: UUID, act: str) -> HttpResponse:
    """GET asks what the act needs, POST does it; a refusal leaves what was typed where it was."""
    found = _finding(request, pk)
    chosen = ACTS.get(act)
    if chosen is None or not acting.may(chosen, found, request.user):
        raise Http404
    form = None
    if chosen.form is not None:
        appeals = found.gathered.count() if act == "letter" else 0
        form = chosen.form(request.POST or None, finding=found, appeals=appeals)
    if request.method == "GET":
        return redirect("findings:finding", pk) if form is None else _asked(request, found, chosen, form)
    if form is None or form.is_valid():

        def perform() -> None:
            chosen.perform(pk, **(form.arguments if form else {}), by=request.user, version=acts.version(request))

        if acts.carried_out(request, perform, form, said=chosen.done):
            return redirect("findings:finding", pk)
    return _asked(request, found, chosen, form)


@require_safe
@never_cache
@needs(Right.FINDINGS_VIEW)
def letter(request: StaffRequest, pk: UUID, to: str) -> HttpResponse:
    """The letter to the clinic as a file."""
    return letter_file(_finding(request, pk), to, request)


def letter_file(found: Finding, to: str, request: StaffRequest) -> HttpResponse:
    """The bytes of a letter that has gone; the taking is written down."""
    if to not in documents.TYPES or not found.letter_on:
        raise Http404
    record("findings.letter.read", ("findings.finding", str(found.pk)), by=request.user, details={"format": to})
    content = documents.letter(letters.paper(found), to)
    answer = HttpResponse(content, content_type=documents.TYPES[to])
    answer["Content-Disposition"] = f'attachment; filename="finding-{found.pk.hex[-8:]}.{to}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _asked(request: StaffRequest, found: Finding, chosen: acting.Act, form: Any) -> HttpResponse:
    context = {
        "form": form,
        "title": chosen.label,
        "about": f"{found.number}: {found.provider.name}, {found.subject}",
        "save": chosen.label,
        "back": reverse("findings:finding", args=[found.pk]),
        "version": found.version,
    }
    return render(request, "findings/form.html", context, status=422 if form.errors else 200)


def _finding(request: StaffRequest, pk: UUID) -> Finding:
    found = queries.of_id(pk, request.user)
    if found is None:
        raise Http404
    return found


def _alarm(request: StaffRequest) -> Alarm | None:
    text = request.GET.get("alarm", "")
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        return None
    return queries.alarms(request.user).filter(pk=int(text)).first()


def _initial(request: StaffRequest, alarm: Alarm | None) -> dict[str, Any]:
    today = timezone.localdate()
    if alarm is not None:
        place = {"provider": alarm.provider_id, "subject": f"{alarm.what}:{alarm.code}"}
        return {**place, "since": alarm.week, "until": min(alarm.until, today)}
    given = {name: request.GET.get(name, "") for name in ("provider", "subject", "since", "until")}
    kept = {name: value for name, value in given.items() if value and "\x00" not in value}
    return {"since": today - timedelta(days=30), "until": today, **kept}
