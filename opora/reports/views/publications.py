"""Publishing for who may: what is open now, opening a sealed report, taking one back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.requests import StaffRequest
from opora.reports import publishing
from opora.reports.leaving_forms import PublishForm, WithdrawForm
from opora.reports.models import Publication, Seal
from opora.shared.errors import DomainError
from opora.shared.pages import keyset


@require_safe
@needs(Right.REPORTS_PUBLISH)
def publications(request: StaffRequest) -> HttpResponse:
    found = Publication.objects.accessible_to(request.user).select_related("published_by")
    page = keyset(found, order=("-published_at", "-pk"), after=request.GET.get("after"))
    return render(request, "reports/publications.html", {"page": page})


@require_http_methods(["GET", "POST"])
@needs(Right.REPORTS_PUBLISH)
def publishing_of(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Open a sealed report; small numbers may be hidden."""
    found = Seal.objects.accessible_to(request.user).select_related("territory", "insurer", "pack")
    seal = get_object_or_404(found, pk=pk)
    form = PublishForm(request.POST or None)
    if form.is_valid():
        try:
            made = publishing.publish(seal, least=form.cleaned_data["least"], by=request.user)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Отчёт опубликован: его видят все, без входа.")
            return redirect("reports:publication", made.pk)
    context = {
        "form": form,
        "title": "Опубликовать отчёт",
        "about": f"{seal.pack.content['title']}, {seal}. Страницу и её копии увидят все.",
        "save": "Опубликовать",
        "back": reverse("reports:publications"),
    }
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(Right.REPORTS_PUBLISH)
def publication(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One publication; POST takes it back."""
    found = get_object_or_404(Publication.objects.accessible_to(request.user).select_related("published_by"), pk=pk)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            publishing.withdraw(found, form.cleaned_data["why"], by=request.user)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Отчёт отозван: его страница больше не открывается.")
            return redirect("reports:publications")
    context = {"publication": found, "form": form}
    return render(request, "reports/publication.html", context, status=422 if form.errors else 200)
