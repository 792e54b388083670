"""Claims of clinics as the fund decides them, and as the insurer sees them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.complaints import queries, services
from opora.complaints.forms import ClaimDecisionForm, ReviewForm
from opora.complaints.models import Claim
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError
from opora.shared.pages import keyset


@require_safe
@needs(Right.COMPLAINTS_CLAIMS)
@with_purpose
def claims(request: StaffRequest) -> HttpResponse:
    """Claims, those to decide first."""
    is_decided = request.GET.get("state") == "decided"
    rows = Claim.objects.accessible_to(request.user).select_related("provider", "control__made_by")
    rows = rows.exclude(decision="") if is_decided else rows.filter(decision="")
    order = ("-filed_at", "pk") if is_decided else ("due_on", "pk")
    page = keyset(rows, order=order, after=request.GET.get("after"))
    today = timezone.localdate()
    context = {
        "page": page,
        "rows": [(row, queries.due_badge(row.due_on, today)) for row in page],
        "is_decided": is_decided,
    }
    return render(request, "complaints/claims.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.COMPLAINTS_CLAIMS)
@with_purpose
def claim(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One claim with the act it disputes; POST decides it."""
    row = _found(request, pk)
    form = ClaimDecisionForm(request.POST or None, claim=row)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        data["upheld"] = {UUID(key) for key in data["upheld"]}
        try:
            with transaction.atomic():
                services.decide_claim(pk, **data, by=request.user)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Решение принято, клиника и страховая его видят.")
            return redirect("complaints:claim", pk)
    return _page(request, row, form)


@require_POST
@needs(Right.COMPLAINTS_CLAIMS)
@with_purpose
def review(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Order the second look."""
    row = _found(request, pk)
    form = ReviewForm(request.POST, claim=row, employee=request.user)
    if form.is_valid():
        try:
            with transaction.atomic():
                services.review(pk, **form.cleaned_data, by=request.user)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Повторная экспертиза поручена.")
            return redirect("complaints:claim", pk)
    return _page(request, row, ClaimDecisionForm(claim=row), form)


def _page(
    request: StaffRequest, row: Claim, form: ClaimDecisionForm, review_form: ReviewForm | None = None
) -> HttpResponse:
    record("complaints.claim.read", row, by=request.user)
    context = {
        "row": row,
        "act": row.control,
        "violations": list(row.control.violations.all()),
        "form": form,
        "review": review_form or ReviewForm(claim=row, employee=request.user),
        "badge": queries.due_badge(row.due_on, timezone.localdate()),
    }
    is_refused = bool(form.errors or (review_form and review_form.errors))
    return render(request, "complaints/claim.html", context, status=422 if is_refused else 200)


def _found(request: StaffRequest, pk: UUID) -> Claim:
    rows = Claim.objects.accessible_to(request.user).select_related(
        "provider", "control__made_by", "control__expert", "control__request", "review__expert"
    )
    return get_object_or_404(rows, pk=pk)
