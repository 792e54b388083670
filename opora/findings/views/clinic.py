"""The clinic's side: letters written to it and its answers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.access.scope import Sees
from opora.audit.services import record
from opora.findings import services
from opora.findings.forms import AnswerForm
from opora.findings.models import Finding
from opora.findings.views.findings import letter_file
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError

SHOWN = 100


@require_safe
@needs(Right.COMPLAINTS_ANSWER)
def letters(request: StaffRequest) -> HttpResponse:
    """Letters about findings, those without an answer first."""
    rows = _mine(request).order_by("replied_on", "-letter_on")[:SHOWN]
    context = {"rows": sorted(rows, key=lambda row: row.replied_on is not None), "today": timezone.localdate()}
    return render(request, "findings/letters.html", {**context, "is_clinic": _is_clinic(request)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.COMPLAINTS_ANSWER)
def letter(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One letter and the answer to it. What was decided and counted stays with who wrote it."""
    row = get_object_or_404(_mine(request), pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                services.answer(pk, text=form.cleaned_data["text"], by=request.user)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, "Ответ отправлен.")
            return redirect("findings:clinic-letter", pk)
    record("findings.letter.read", ("findings.finding", str(row.pk)), by=request.user)
    context = {"row": row, "form": form, "today": timezone.localdate()}
    return render(request, "findings/clinic_letter.html", context, status=422 if form.errors else 200)


@require_safe
@never_cache
@needs(Right.COMPLAINTS_ANSWER)
def letter_paper(request: StaffRequest, pk: UUID, to: str) -> HttpResponse:
    """The letter as a file."""
    return letter_file(get_object_or_404(_mine(request), pk=pk), to, request)


def _mine(request: StaffRequest) -> QuerySet[Finding]:
    if not _is_clinic(request):
        return Finding.objects.none()
    return Finding.objects.accessible_to(request.user).select_related("made_by", "provider", "signed_by")


def _is_clinic(request: StaffRequest) -> bool:
    return request.user.scope.sees == Sees.PROVIDER
