"""The page of rules: who is due which check-up, how often, from where we know it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from opora.access.guard import needs
from opora.access.rights import Right
from opora.deadlines.models import Pack
from opora.deadlines.tabs import tabs
from opora.insured.eligibility.packs import KIND
from opora.insured.eligibility.page import rules_of
from opora.insured.forms import DayForm
from opora.shared.dates import show


@require_GET
@needs(Right.DEADLINES_VIEW)
def rules(request: HttpRequest) -> HttpResponse:
    """The rules of her territory as they stand on a day, today unless she asks for another."""
    organisation = request.user.assignment.organisation  # type: ignore[union-attr]
    today = timezone.localdate(timezone=organisation.zone)
    form = DayForm(request.GET if "on" in request.GET else None)
    on = form.cleaned_data["on"] if form.is_bound and form.is_valid() else today
    territory = organisation.territory_id
    context: dict[str, Any] = {
        "tabs": tabs("insured:eligibility"),
        "form": form,
        "typed": show(on) if form.is_valid() or not form.is_bound else request.GET["on"][:40],
        "on": on,
        "is_today": on == today,
        "packs": Pack.objects.filter(kind=KIND, territory__in=["", territory]).order_by("-since", "-loaded_at"),
        **rules_of(territory, on),
    }
    return render(request, "insured/eligibility/rules.html", context)
