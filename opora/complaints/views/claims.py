"""Claims of clinics as the fund decides them, and as the insurer sees them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.complaints import queries, services
from opora.complaints.claim_forms import ClaimDecisionForm, ReviewForm
from opora.complaints.meanwhile import News
from opora.complaints.models import Claim
from opora.complaints.words import ClaimDecision, ControlKind
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.shared import acts
from opora.shared.pages import keyset


@require_safe
@needs(Right.COMPLAINTS_CLAIMS)
@with_purpose
def claims(request: StaffRequest) -> HttpResponse:
    """Claims the fund decides, those to decide first."""
    return _list(request, may_decide=True)


@require_safe
@needs(Right.COMPLAINTS_VIEW)
@with_purpose
def objections(request: StaffRequest) -> HttpResponse:
    """Claims of clinics against acts with what the fund decided, for whoever works on the cases."""
    return _list(request, may_decide=False)


def _list(request: StaffRequest, *, may_decide: bool) -> HttpResponse:
    """A list narrowed by words of the address: ``state``, ``decision``, ``kind`` of control."""
    is_decided = request.GET.get("state") == "decided" or request.GET.get("decision") in ClaimDecision.values
    load = ("provider", "control__made_by", *(() if may_decide else ("control__case__appeal",)))
    rows = Claim.objects.accessible_to(request.user).select_related(*load)
    rows = rows.exclude(decision="") if is_decided else rows.filter(decision="")
    chosen = {
        "decision": _one_of(request, "decision", ClaimDecision.values),
        "control__kind": _one_of(request, "kind", ControlKind.values),
    }
    rows = rows.filter(**{name: value for name, value in chosen.items() if value})
    order = ("-filed_at", "pk") if is_decided else ("due_on", "pk")
    page = keyset(rows, order=order, after=request.GET.get("after"))
    today = timezone.localdate()
    context = {
        "page": page,
        "rows": [(row, queries.due_badge(row.due_on, today)) for row in page],
        "is_decided": is_decided,
        "may_decide": may_decide,
        "decision": chosen["decision"],
        "kind": chosen["control__kind"],
        "decisions": ClaimDecision.choices,
        "kinds": ControlKind.choices,
    }
    return render(request, "complaints/claims.html", context)


def _one_of(request: StaffRequest, name: str, words: list[str]) -> str:
    given = request.GET.get(name, "")
    return given if given in words else ""


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

        def perform() -> None:
            services.decide_claim(pk, **data, by=request.user, version=acts.version(request))

        if acts.carried_out(request, perform, form, said="Решение принято, клиника и страховая его видят."):
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

        def perform() -> None:
            services.review(pk, **form.cleaned_data, by=request.user, version=acts.version(request))

        if acts.carried_out(request, perform, form, said="Повторная экспертиза поручена."):
            return redirect("complaints:claim", pk)
    return _page(request, row, ClaimDecisionForm(claim=row), form)


def _page(
    request: StaffRequest, row: Claim, form: ClaimDecisionForm, review_form: ReviewForm | None = None
) -> HttpResponse:
    record("complaints.claim.read", row, by=request.user)
    is_stale = request.method == "POST" and acts.version(request) != row.version
    context = {
        "row": row,
        "act": row.control,
        "violations": list(row.control.violations.all()),
        "form": form,
        "review": review_form or ReviewForm(claim=row, employee=request.user),
        "badge": queries.due_badge(row.due_on, timezone.localdate()),
        "news": _news(row, review_form or form) if is_stale else None,
    }
    is_refused = bool(form.errors or (review_form and review_form.errors))
    return render(request, "complaints/claim.html", context, status=422 if is_refused else 200)


def _news(row: Claim, form: ClaimDecisionForm | ReviewForm) -> News:
    """Say what became of a claim while its page was open."""
    if row.decision:
        return News(form, "претензию", row.get_decision_display(), False, row.decided_by, row.decided_at)
    if row.review is not None:
        at = row.review.assigned_at
        is_other = isinstance(form, ClaimDecisionForm)
        return News(form, "претензию", "поручена повторная экспертиза", is_other, row.review.assigned_by, at)
    return News(form, "претензию", "решения ещё нет", True)


def _found(request: StaffRequest, pk: UUID) -> Claim:
    rows = Claim.objects.accessible_to(request.user).select_related(
        "provider", "control__made_by", "control__expert", "control__request", "review__expert", "decided_by"
    )
    return get_object_or_404(rows, pk=pk)
