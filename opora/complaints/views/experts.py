"""The register of experts."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals.actor import actor_of
from opora.audit.services import record
from opora.complaints.forms import ExpertForm
from opora.complaints.models import Employment, Expert
from opora.organisations.requests import StaffRequest
from opora.shared.pages import keyset


@require_safe
@needs(Right.COMPLAINTS_VIEW)
def experts(request: StaffRequest) -> HttpResponse:
    rows = Expert.objects.accessible_to(request.user).prefetch_related("employments__provider")
    page = keyset(rows, order=("surname", "given_name", "pk"), after=request.GET.get("after"))
    context = {"page": page, "may_edit": request.user.holds(Right.COMPLAINTS_EXPERTS), "today": timezone.localdate()}
    return render(request, "complaints/experts.html", context)


@require_http_methods(["GET", "POST"])
@needs(Right.COMPLAINTS_EXPERTS)
def expert(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """A new expert, or one of the register: his data and where he works now."""
    territory = actor_of(request.user).territory
    row = get_object_or_404(Expert.objects.accessible_to(request.user), pk=pk) if pk else Expert(territory_id=territory)
    form = ExpertForm(request.POST or None, instance=row, territory=territory)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            saved = form.save()
            _employ(saved, {one.pk for one in form.cleaned_data["employers"]}, timezone.localdate())
            record("complaints.expert", saved, by=request.user)
        messages.success(request, "Эксперт записан.")
        return redirect("complaints:experts")
    context = {
        "form": form,
        "title": row.short_name if pk else "Новый эксперт",
        "save": "Сохранить",
        "back": reverse("complaints:experts"),
    }
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)


def _employ(expert: Expert, wanted: set[int], today: date) -> None:
    """Begin and end employments so that he works where the form says; history stays."""
    current = Employment.objects.filter(expert=expert, until=None)
    current.exclude(provider__in=wanted).update(until=today)
    works = set(current.values_list("provider_id", flat=True))
    for provider in wanted - works:
        Employment.objects.update_or_create(expert=expert, provider_id=provider, since=today, defaults={"until": None})
