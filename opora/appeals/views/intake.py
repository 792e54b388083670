"""Taking an appeal: the page, its saving, its draft, and what is said after it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals import beside, drafts
from opora.appeals.errors import AppealsError
from opora.appeals.intaking import saving
from opora.appeals.intaking.fields import Finish, IntakeForm
from opora.appeals.intaking.sheet import Sheet, kept, typed
from opora.appeals.models import Draft
from opora.audit.services import record, uuid7
from opora.insured.guard import ask_purpose, purpose_of
from opora.knowledge.rules import red_flag
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError
from opora.shared.toasts import toast

MOST_STEPS = 2**31 - 1


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.APPEALS_REGISTER)
def new(request: StaffRequest) -> HttpResponse:
    """The page of intake: empty, of a person (``?person=``) or of a draft (``?draft=``); POST registers."""
    if request.method == "POST":
        return _register(request)
    draft_id = _draft_id(request.GET.get("draft", "")) or uuid7()
    draft = Draft.objects.filter(pk=draft_id, employee=request.user).first()
    if draft is not None and draft.appeal_id:
        return redirect("appeals:registered", draft.pk)
    data = typed(draft.body) if draft else QueryDict(mutable=True)
    if draft is not None and draft.body:
        data["resumed"] = "1"
    if request.GET.get("person", "").isdecimal():
        data["person"] = request.GET["person"]
    sheet = Sheet(request.user, data, draft_id, step=draft.step if draft else 0)
    if sheet.person is not None:
        if not purpose_of(request):
            return ask_purpose(request)  # type: ignore[return-value]
        look(request, sheet)
    elif "person" in request.GET:
        raise Http404
    others = [] if draft else drafts.unfinished(request.user)
    return render(request, "appeals/intake.html", {"sheet": sheet, "form": sheet.form, "others": others})


@never_cache
@require_POST
@needs(Right.APPEALS_REGISTER)
def draft(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Keep what is typed. The answer is the moment it was kept, and what in the words is dangerous."""
    step = request.POST.get("step", "")
    body = kept(request.POST)
    if not (drafts.is_ours(pk) and step.isdecimal() and int(step) < MOST_STEPS) or len(str(body)) > drafts.LONGEST:
        raise Http404
    try:
        base = _number(request.POST["base"]) if "base" in request.POST else None
        saved = drafts.save(pk, body, step=int(step), base=base, by=request.user)
    except drafts.DraftElsewhere as fault:
        return JsonResponse({"message": fault.sentence, "step": fault.details.get("step")}, status=409)
    except drafts.DraftRegistered:
        return JsonResponse({"registered": reverse("appeals:registered", args=[pk])}, status=410)
    flag = red_flag(request.POST.get("text", ""))
    danger = {"title": flag.title, "say": flag.say, "do": flag.do} if flag else None
    return JsonResponse({"step": saved.step, "at": f"{timezone.localtime(saved.saved_at):%H:%M}", "danger": danger})


@require_POST
@needs(Right.APPEALS_REGISTER)
def draft_removal(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Put a draft aside, or (``undo``) take it back."""
    if request.GET.get("undo"):
        if not drafts.restore(pk, by=request.user):
            raise Http404
        return HttpResponse(headers={"HX-Refresh": "true"})
    if not drafts.drop(pk, by=request.user):
        raise Http404
    return toast(HttpResponse(), "Черновик убран", undo=f"{reverse('appeals:draft-removal', args=[pk])}?undo=1")


@never_cache
@require_safe
@needs(Right.APPEALS_REGISTER)
def registered(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What the citizen is told: the number, and what happens next."""
    mine = Draft.objects.filter(pk=pk, employee=request.user, appeal__isnull=False)
    found = mine.select_related("appeal__topic", "appeal__handler", "appeal__owner").first()
    if found is None or found.appeal is None:
        raise Http404
    appeal = found.appeal
    promise = appeal.callbacks.order_by("-created_at").first() if appeal.is_open else None
    of_talk = [link for link in beside.of(appeal, request.user) if link.is_of_talk]
    context = {"appeal": appeal, "promise": promise, "of_talk": of_talk}
    return render(request, "appeals/registered.html", context)


def look(request: StaffRequest, sheet: Sheet) -> None:
    """Her sight of a person inside intake is a reading of his card."""
    record("insured.card.read", sheet.person, by=request.user, purpose=purpose_of(request), details={"part": "intake"})


def _register(request: StaffRequest) -> HttpResponse:
    draft_id = _draft_id(request.POST.get("draft", ""))
    if draft_id is None:
        raise Http404
    finish = request.POST.get("next", "")
    finish = finish if finish in Finish.ALL else Finish.ANSWERED
    sheet = Sheet(request.user, request.POST, draft_id, step=_number(request.POST.get("step", "")))
    form = IntakeForm(request.POST, targets=sheet.targets, waited=sheet.waited)
    if Draft.objects.filter(pk=draft_id, employee=request.user, appeal__isnull=False).exists():
        return _go(request, reverse("appeals:registered", args=[draft_id]))
    if saving.check(form, sheet, finish):
        try:
            saving.save(sheet, form, finish, purpose=purpose_of(request))
            return _go(request, reverse("appeals:registered", args=[draft_id]))
        except AppealsError as fault:
            form.add_error(None, fault.sentence)
        except DomainError as fault:
            form.add_error(None, fault.sentence)
    sheet.form = form
    context: dict[str, Any] = {"sheet": sheet, "form": form, "finish": finish}
    return render(request, "appeals/intake.html" + ("#sheet" if _is_piece(request) else ""), context, status=422)


def _go(request: StaffRequest, address: str) -> HttpResponse:
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if _is_piece(request) else redirect(address)


def _is_piece(request: StaffRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _draft_id(text: str) -> UUID | None:
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if drafts.is_ours(found) else None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
