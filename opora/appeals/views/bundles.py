"""Bundles: many appeals with one cause, one text of the answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals import services
from opora.appeals.actor import actor_of
from opora.appeals.around_forms import BundleAnswerForm, BundleForm, NumbersForm, ReasonForm
from opora.appeals.models import Appeal, Bundle
from opora.appeals.services.bundles import Report
from opora.audit.services import record
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.shared import acts
from opora.shared.errors import DomainError

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.APPEALS_HANDLE)
@with_purpose
def bundles(request: StaffRequest) -> HttpResponse:
    """Bundles of her organisation and of its head or branches, open ones first; POST makes one."""
    form = BundleForm(request.POST or None, employee=request.user)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            with transaction.atomic():
                made = services.bundle(data.pop("numbers"), **data, by=request.user)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Подборка собрана.")
            return redirect("appeals:bundle", made.pk)
    still_open = Count("appeals", filter=Q(appeals__closed_at=None))
    rows = (
        Bundle.objects.accessible_to(request.user)
        .select_related("organisation")
        .annotate(total=Count("appeals"), still_open=still_open)
    )
    found = rows.order_by(F("closed_at").desc(nulls_first=True), "-created_at")[:SHOWN]
    context = {"bundles": found, "form": form, "ours": actor_of(request.user).organisation}
    return render(request, "appeals/bundles.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.APPEALS_HANDLE)
@with_purpose
def bundle(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One bundle with its appeals; POST answers those still open and shows what was refused."""
    found = get_object_or_404(Bundle.objects.accessible_to(request.user), pk=pk)
    form = BundleAnswerForm(request.POST or None, bundle=found)
    report: Report | None = None
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                report = services.answer_bundle(pk, **form.cleaned_data, by=request.user, version=acts.version(request))
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            found.refresh_from_db()
    status = 422 if form.errors else 200
    return _page(request, found, {"form": form, "report": report}, status)


@require_POST
@needs(Right.APPEALS_HANDLE)
@with_purpose
def addition(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Add appeals by their numbers."""
    found = get_object_or_404(Bundle.objects.accessible_to(request.user), pk=pk)
    more = NumbersForm(request.POST, employee=request.user)
    if more.is_valid():
        try:
            with transaction.atomic():
                services.add_to_bundle(pk, more.cleaned_data["numbers"], by=request.user)
        except DomainError as refusal:
            more.add_error(None, refusal.sentence)
        else:
            return redirect("appeals:bundle", pk)
    return _page(request, found, {"form": BundleAnswerForm(bundle=found), "more": more}, 422)


@require_http_methods(["GET", "POST"])
@needs(Right.APPEALS_HANDLE)
@with_purpose
def exclusion(request: StaffRequest, pk: UUID, number: str) -> HttpResponse:
    """Take an appeal out of a bundle, with a reason."""
    found = get_object_or_404(Bundle.objects.accessible_to(request.user), pk=pk)
    appeal = get_object_or_404(Appeal.objects.accessible_to(request.user), number=number, bundle=found)
    back = reverse("appeals:bundle", args=[pk])
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                services.remove_from_bundle(pk, appeal.pk, **form.cleaned_data, by=request.user)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect(back)
    context = {
        "form": form,
        "title": "Исключить из подборки",
        "about": f"Обращение {appeal.number}",
        "save": "Исключить",
        "back": back,
    }
    return render(request, "organisations/form.html", context, status=422 if form.errors else 200)


def _page(request: StaffRequest, found: Bundle, more: dict[str, Any], status: int) -> HttpResponse:
    rows = Appeal.objects.accessible_to(request.user).filter(bundle=found).select_related("topic", "owner")
    appeals = list(rows.order_by(F("closed_at").desc(nulls_first=True), "due_at", "pk"))
    record("appeals.bundle.read", found, by=request.user, details={"appeals": len(appeals)})
    context = {"bundle": found, "appeals": appeals, "more": NumbersForm(employee=request.user), **more}
    context["still_open"] = sum(appeal.closed_at is None for appeal in appeals)
    return render(request, "appeals/bundle.html", context, status=status)
