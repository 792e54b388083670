"""The clinic's side: requests for documents, acts to sign, claims to the fund."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals import store
from opora.audit.services import record
from opora.complaints import queries, services
from opora.complaints.claim_forms import AnswerForm, ClaimForm, SignForm
from opora.complaints.meanwhile import News
from opora.complaints.models import Claim, Control, Paper, RecordsRequest
from opora.complaints.words import ControlState
from opora.organisations.models import Organisation
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.shared import acts
from opora.shared.errors import DomainError
from opora.shared.typography import counted

MOST_AT_ONCE = 20


@require_safe
@needs(Right.COMPLAINTS_ANSWER)
@with_purpose
def inbox(request: StaffRequest) -> HttpResponse:
    """What insurers and the fund wait for, the nearest day first."""
    assignment = request.user.assignment
    place = assignment.organisation if assignment else None
    is_clinic = place is not None and place.kind == Organisation.Kind.PROVIDER
    requests, acts, claims = queries.inbox(place.pk, request.user) if place and is_clinic else ([], [], [])
    today = timezone.localdate()
    context = {
        "is_clinic": is_clinic,
        "requests": [(row, queries.due_badge(row.due_on, today, row.remind_on)) for row in requests],
        "acts": [(row, queries.due_badge(row.due_on, today)) for row in acts],
        "claims": claims,
    }
    return render(request, "complaints/inbox.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.COMPLAINTS_ANSWER)
@with_purpose
def asked(request: StaffRequest, pk: UUID) -> HttpResponse:
    """One request: what to send, what is attached already, the answer."""
    rows = RecordsRequest.objects.accessible_to(request.user).select_related("asked_from", "provider")
    row = get_object_or_404(rows.select_related("answered_by"), pk=pk)
    form = AnswerForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():

        def perform() -> None:
            services.answer(pk, **form.arguments, by=request.user, version=acts.version(request))

        if acts.carried_out(request, perform, form, said="Ответ отправлен."):
            return redirect("complaints:inbox")
    record("complaints.request.read", row, by=request.user)
    badge = queries.due_badge(row.due_on, timezone.localdate(), row.remind_on)
    news = None
    if request.method == "POST" and acts.version(request) != row.version:
        news = News(form, "запрос", row.get_state_display(), row.is_awaited, row.answered_by, row.answered_at)
    context = {"row": row, "papers": row.papers.all(), "form": form, "badge": badge, "news": news}
    return render(request, "complaints/request.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.COMPLAINTS_ANSWER)
@with_purpose
def papers(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Attach papers: each by itself, what is refused is named and does not hold up the others."""
    get_object_or_404(RecordsRequest.objects.accessible_to(request.user), pk=pk)
    sent = request.FILES.getlist("files")[:MOST_AT_ONCE]
    added = 0
    for one in sent:
        name = str(one.name or "")
        try:
            with transaction.atomic():
                services.add_paper(pk, name=name, content=one.read(settings.FILE_LIMIT + 1), by=request.user)
        except DomainError as refusal:
            messages.warning(request, f"{name[:80]}: {refusal.sentence}")
        else:
            added += 1
    if added:
        messages.success(request, f"Приложено: {counted(added, 'файл', 'файла', 'файлов')}.")
    if not sent:
        messages.warning(request, "Выберите файлы, чтобы приложить их.")
    return redirect("complaints:request", pk)


@require_safe
@never_cache
@needs(Right.COMPLAINTS_ANSWER)
@with_purpose
def own_paper(request: StaffRequest, pk: UUID, paper: UUID) -> FileResponse:
    """A paper as the clinic has sent it."""
    return bytes_of(request, pk, paper)


@require_safe
@never_cache
@needs(Right.COMPLAINTS_HANDLE)
@with_purpose
def paper(request: StaffRequest, pk: UUID, paper: UUID) -> FileResponse:
    """A paper of the clinic for who checks it."""
    return bytes_of(request, pk, paper)


def bytes_of(request: StaffRequest, pk: UUID, paper: UUID) -> FileResponse:
    """The bytes of a paper, saved and never shown in the browser; the reading is written down."""
    row = get_object_or_404(RecordsRequest.objects.accessible_to(request.user), pk=pk)
    found = get_object_or_404(Paper, pk=paper, request=row)
    stream = store.open_kept(found.sha256)
    record("complaints.paper.read", row, by=request.user, details={"paper": str(found.pk)})
    answer = FileResponse(stream, as_attachment=True, filename=found.name, content_type=found.media_type)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.COMPLAINTS_ANSWER)
@with_purpose
def act(request: StaffRequest, pk: UUID) -> HttpResponse:
    """An act handed to the clinic: what was found, to sign or to disagree, to claim."""
    found = Control.objects.accessible_to(request.user).select_related(
        "expert", "made_by", "provider", "request", "answered_by"
    )
    row = get_object_or_404(found, pk=pk)
    claimed = Claim.objects.filter(control=row).select_related("filed_by").first()
    is_claim = request.POST.get("what") == "claim"
    sign = SignForm(request.POST if request.method == "POST" and not is_claim else None, row=row)
    claim = ClaimForm(request.POST if request.method == "POST" and is_claim else None, row=claimed)
    form = claim if is_claim else sign
    if request.method == "POST" and form.is_valid():

        def perform() -> None:
            service: Any = services.claim if is_claim else services.sign
            service(pk, **form.arguments, by=request.user, version=acts.version(request))

        said = "Претензия подана в фонд." if is_claim else "Ответ на акт отправлен."
        if acts.carried_out(request, perform, form, said=said):
            return redirect("complaints:clinic-act", pk)
    record("complaints.act.read", row, by=request.user)
    is_stale = request.method == "POST" and acts.version(request) != row.version
    violations = list(row.violations.all())
    standing = [one for one in violations if one.is_upheld is not False]
    context = {
        "row": row,
        "violations": violations,
        "nonpay": sum(one.nonpay for one in standing),
        "fine": sum(one.fine for one in standing),
        "claimed": claimed,
        "news": _news_of_act(row, claimed, form) if is_stale else None,
        "sign": sign,
        "claim": claim,
        "badge": queries.due_badge(row.due_on, timezone.localdate()),
        "claim_badge": queries.due_badge(row.claim_until, timezone.localdate()),
    }
    return render(request, "complaints/clinic_act.html", context, status=422 if form.errors else 200)


def _news_of_act(row: Control, claimed: Claim | None, form: SignForm | ClaimForm) -> News:
    """Say what became of an act, or of the claim against it, while its page was open."""
    is_claim = isinstance(form, ClaimForm)
    if is_claim and claimed is not None:
        return News(form, "акт", f"подана претензия № {claimed.number}", False, claimed.filed_by, claimed.filed_at)
    state = "Экспертиза завершена" if row.state == ControlState.FINAL else row.get_state_display()
    may_repeat = row.repeats_id is None if is_claim else row.state == ControlState.HANDED
    return News(form, "акт", state, may_repeat, row.answered_by, row.answered_at)
