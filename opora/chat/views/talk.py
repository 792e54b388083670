"""One talk: its pane asks for lines, sends them, says how far they were read."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.chat import queries, services
from opora.chat.models import Line, Talk
from opora.chat.services.answering import may_move
from opora.chat.views import _wire
from opora.chat.views.desk import _to_pane
from opora.chat.words import Author
from opora.organisations.models import Employee
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError

WATCH, WATCHED = "chat.watch", 600  # seconds one reading lasts


@require_safe
@never_cache
@needs(Right.CHAT_ANSWER)
def whole(request: StaffRequest, pk: UUID) -> HttpResponse:
    """A talk from the beginning, notes as well; the reading is written down. Neither side is told of it.

    The page of an open talk looks again by itself: that is the same reading for ten minutes, then another.
    """
    found = found_for(request, pk)
    watch = request.GET.get("watch", "")
    if not _is_watched(watch, request.user, pk):
        record("chat.read", ("chat.talk", str(pk)), by=request.user)
        watch = signing.dumps([str(pk), request.user.pk], salt=WATCH)
    lines = Line.objects.filter(talk=found).select_related("by").prefetch_related("files").order_by("number")
    context = {
        "talk": found,
        "lines": lines,
        "watch": watch,
        "is_hers": found.owner_id == request.user.pk,
        "may_move": may_move(found, request.user),
        "may_lead": request.user.holds(Right.APPEALS_REASSIGN),
    }
    return render(request, "chat/talk.html", context)


@require_POST
@needs(Right.CHAT_ANSWER)
def taking(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take a talk that waits."""
    found_for(request, pk)
    try:
        services.take(pk, by=request.user)
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("chat:desk")
    return _to_pane(pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.CHAT_ANSWER)
def lines(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What was said after a line in a talk of hers; POST answers."""
    found = hers(request, pk)
    if request.method == "POST":
        line, _ = _wire.new_line(request)
        written, is_new = services.answer(pk, line, by=request.user)
        return JsonResponse({"number": written.number}, status=201 if is_new else 200)
    return _wire.shown(found, _wire.number_of(request.GET.get("after", "")), is_citizen=False)


@require_POST
@needs(Right.CHAT_ANSWER)
def reading(request: StaffRequest, pk: UUID) -> HttpResponse:
    """She has read so far."""
    services.mark_read(hers(request, pk), _wire.number_of(_wire.body_of(request).get("number")))
    return HttpResponse(status=204)


@require_POST
@needs(Right.CHAT_ANSWER)
def typing(request: StaffRequest, pk: UUID) -> HttpResponse:
    """She is typing."""
    services.typing(hers(request, pk), Author.EMPLOYEE)
    return HttpResponse(status=204)


@require_POST
@needs(Right.CHAT_ANSWER)
def card(request: StaffRequest, pk: UUID) -> HttpResponse:
    """She has put an approved answer into her line."""
    hers(request, pk)
    told = _wire.body_of(request)
    services.note_card(pk, topic_code=str(told.get("topic", "")), card=str(told.get("slug", "")), by=request.user)
    return HttpResponse(status=204)


@require_safe
@never_cache
@needs(Right.CHAT_ANSWER)
def file(request: StaffRequest, pk: UUID, file: int) -> FileResponse:
    """The bytes of a file; the taking is written down."""
    kept = queries.file_of(found_for(request, pk), file)
    if kept is None:
        raise Http404
    record("chat.file.read", ("chat.talk", str(pk)), by=request.user, details={"file": kept.pk})
    return _wire.bytes_of(kept)


def _is_watched(watch: str, employee: Employee, talk: UUID) -> bool:
    """Tell whether a page that looks again is one whose reading was written down a while ago."""
    try:
        return bool(signing.loads(watch, salt=WATCH, max_age=WATCHED) == [str(talk), employee.pk])
    except signing.BadSignature:
        return False


def found_for(request: StaffRequest, pk: UUID) -> Talk:
    found = queries.of_id(pk, request.user)
    if found is None:
        raise Http404
    return found


def hers(request: StaffRequest, pk: UUID) -> Talk:
    """A talk she leads or has led; another's is read on its own page, which is written down."""
    found = found_for(request, pk)
    if found.owner_id != request.user.pk:
        raise Http404
    return found
