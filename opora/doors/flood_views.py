"""«Лавина»: what lies apart, one decision for all of it, and taking the decision back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.doors import queries, rules, services
from opora.doors.flood_models import UNDONE_WITHIN
from opora.doors.forms import ALL, FloodForm
from opora.organisations.requests import StaffRequest
from opora.shared import acts
from opora.shared.errors import DomainError

SHOWN = 20


@require_safe
@never_cache
@needs(Right.DOORS_FLOOD)
def flood(request: StaffRequest) -> HttpResponse:
    """What lies apart by its door, and what was decided this week."""
    context = {
        "floods": queries.floods(request.user),
        "decisions": list(queries.flood_decisions(request.user)[:SHOWN]),
    }
    return render(request, "doors/flood.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.DOORS_FLOOD)
def deciding(request: StaffRequest, pk: int) -> HttpResponse:
    """One decision for the letters of a door. What happens to each stands beside the choice."""
    door = queries.doors(request.user).filter(pk=pk).first()
    if door is None:
        raise Http404
    found = next((one for one in queries.floods(request.user) if one.door.pk == pk), None)
    if found is None:
        messages.info(request, "Лавины здесь больше нет.")
        return redirect("doors:flood")
    now = timezone.now()
    form = FloodForm(request.POST or None, flood=found, initial={"seen_at": now, "whose": ALL})
    if request.method == "POST" and form.is_valid():

        def decide() -> None:
            services.decide_flood(door, **form.arguments, by=request.user)

        if acts.carried_out(request, decide, form, said="Решение записано. Отменить его можно здесь же."):
            return redirect("doors:flood")
    context = {
        "form": form,
        "flood": found,
        "kept_days": rules.KEPT[door.kind].closed.days,
        "until": now + UNDONE_WITHIN,
    }
    return render(request, "doors/flood_form.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.DOORS_FLOOD)
def undoing(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Lay the letters apart once more."""
    decision = queries.flood_decisions(request.user).filter(pk=pk).first()
    if decision is None:
        raise Http404
    try:
        with transaction.atomic():
            number = services.undo_flood(pk, by=request.user)
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
    else:
        left = decision.number - number
        rest = f" Ещё {left} не тронули: с ними уже работают." if left else ""
        messages.success(request, f"Снова лежат отдельно: {number}.{rest}")
    return redirect("doors:flood")
