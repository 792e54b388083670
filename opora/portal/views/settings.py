"""«Управление → Сайт»: sites of her organisation, their names, colours and answers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.requests import StaffRequest
from opora.portal import services
from opora.portal.models import Site
from opora.portal.settings_forms import OpenForm, SiteForm
from opora.shared.errors import DomainError


@require_safe
@needs(Right.PORTAL_EDIT)
def listed(request: StaffRequest) -> HttpResponse:
    rows = Site.objects.accessible_to(request.user).select_related("organisation", "territory")
    form = OpenForm(employee=request.user)
    context = {"sites": rows, "may_open": form.fields["organisation"].queryset.exists()}  # type: ignore[attr-defined]
    return render(request, "portal/sites.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.PORTAL_EDIT)
def opening(request: StaffRequest) -> HttpResponse:
    form = OpenForm(request.POST or None, employee=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_site(**form.cleaned_data, by=request.user)
        except DomainError as refusal:
            form.add_error("slug", refusal.sentence)
        else:
            return redirect("portal_settings:site", made.pk)
    context = {
        "form": form,
        "title": "Новый сайт",
        "about": "Телефоны, часы и посты возьмём из справочника организаций.",
        "save": "Завести",
        "back": reverse("portal_settings:list"),
    }
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.PORTAL_EDIT)
def site(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Site.objects.accessible_to(request.user).select_related("organisation"), pk=pk)
    form = SiteForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        changes = dict(form.cleaned_data)
        cards, version = changes.pop("cards"), changes.pop("version")
        try:
            services.change_site(pk, version=version, changes=changes, cards=cards, by=request.user)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Сайт сохранён. На других машинах изменения появятся через 15 секунд.")
            return redirect("portal_settings:site", pk)
    context = {
        "form": form,
        "title": f"Сайт: {found.organisation.name}",
        "save": "Сохранить",
        "back": reverse("portal_settings:list"),
        "site": found,
    }
    return render(request, "portal/site.html", context, status=422 if form.errors else 200)
