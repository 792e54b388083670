"""Alarms to look at, the radar of waits, the rows behind a number."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.access.scope import Sees
from opora.audit.services import record
from opora.findings import counting, queries, radar, services
from opora.findings.forms import DismissForm, PeriodForm
from opora.findings.tabs import tabs
from opora.findings.words import What
from opora.organisations.models import Organisation
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError
from opora.shared.pages import keyset

LOOKED = 20


@require_safe
@needs(Right.FINDINGS_VIEW)
def alarms(request: StaffRequest) -> HttpResponse:
    """Bursts nobody has looked at, and the last ones that were; the rate of false ones in words."""
    found = queries.alarms(request.user)
    waiting = list(found.waiting()[:100])  # type: ignore[attr-defined]
    looked = list(found.filter(looked_at__isnull=False).prefetch_related("findings")[:LOOKED])
    shown = queries.shown_alarms([*waiting, *looked], request.user)
    context = {
        "tabs": tabs("findings:alarms"),
        "waiting": shown[: len(waiting)],
        "looked": shown[len(waiting) :],
        "watch": queries.last_watch(request.user),
        "one_in": round(queries.ONE_IN),
        "dismiss": DismissForm(),
        "may_decide": request.user.holds(Right.FINDINGS_DECIDE),
    }
    return render(request, "findings/alarms.html", context)


@require_POST
@needs(Right.FINDINGS_DECIDE)
def dismissal(request: StaffRequest, pk: int) -> HttpResponse:
    """An alarm is nothing, and why."""
    get_object_or_404(queries.alarms(request.user), pk=pk)
    try:
        with transaction.atomic():
            services.dismiss(pk, why=request.POST.get("why", "")[:500], by=request.user)
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, "Записано: не нарушение.")
    return redirect("findings:alarms")


@require_safe
@needs(Right.FINDINGS_VIEW)
def waiting(request: StaffRequest) -> HttpResponse:
    """The radar: clinic by service, with the law in force; filters live in the address."""
    asked = PeriodForm(request.GET).asked(timezone.localdate())
    lines = radar.lines(asked, request.user)
    sees_all = request.user.scope.sees in {Sees.ALL, Sees.TERRITORY}
    kinds = [Organisation.Kind.PROVIDER, *([Organisation.Kind.INSURER] if sees_all else [])]
    assignment = request.user.assignment
    territory = assignment.organisation.territory_id if assignment else ""
    places = list(Organisation.objects.filter(kind__in=kinds, territory=territory).order_by("name"))
    context = {
        "tabs": tabs("findings:radar"),
        "asked": asked,
        "lines": lines,
        "total": sum(line.number for line in lines),
        "over": sum(line.over for line in lines),
        "highest": max((max(line.numbers) for line in lines), default=0),
        "clinics": [one for one in places if one.kind == Organisation.Kind.PROVIDER],
        "insurers": [one for one in places if one.kind == Organisation.Kind.INSURER],
        "may_decide": request.user.holds(Right.FINDINGS_DECIDE),
        "read_until": counting.read_until(),
        "is_cut": len(lines) == radar.MOST,
    }
    return render(request, "findings/radar.html", context)


@require_safe
@needs(Right.FINDINGS_VIEW)
def rows(request: StaffRequest) -> HttpResponse:
    """Appeals behind a number: those she may see, and how many it counts."""
    cell = _cell(request)
    only_over = bool(request.GET.get("over"))
    number, over = radar.counted(cell, request.user)
    page = keyset(
        radar.rows(cell, request.user, only_over=only_over), order=("-day", "-pk"), after=request.GET.get("after")
    )
    record("findings.rows", by=request.user, details={"what": cell.what, "code": cell.code})
    assignment = request.user.assignment
    territory = assignment.organisation.territory_id if assignment else ""
    context = {
        "page": page,
        "cell": cell,
        "clinic": radar.names({cell.provider or 0}).get(cell.provider or 0, radar.NO_CLINIC),
        "any_clinic": cell.provider is None,
        "subject": radar.subject(cell.what, cell.code, territory, cell.suspicion or ""),
        "number": over if only_over else number,
        "only_over": only_over,
        "is_wait": cell.what == What.WAIT,
        "sees_appeals": request.user.holds(Right.APPEALS_VIEW),
    }
    return render(request, "findings/rows.html", context)


def _cell(request: StaffRequest) -> radar.Cell:
    """Read a cell from the address; 404 for what names none."""
    given = request.GET
    form = PeriodForm(given)
    form.is_valid()
    since, until = form.cleaned_data.get("since"), form.cleaned_data.get("until")
    what, code, suspicion = given.get("what", ""), given.get("code", ""), given.get("suspicion", "")
    if what not in What.values or since is None or until is None or len(code) > 20 or "\x00" in code + suspicion:
        raise Http404
    data = form.cleaned_data
    return radar.Cell(
        what, code, since, until, data.get("provider"), data.get("insurer"), radar.suspicion_of(suspicion)
    )
