"""«Входящие»: what waits, one thread, what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals import file_kinds, store
from opora.audit.services import record
from opora.doors import news, queries, services
from opora.doors.errors import NoSuchThread
from opora.doors.forms import CloseForm, LinkForm, ReplyForm
from opora.doors.models import Message, Thread
from opora.doors.shapes import Attached
from opora.doors.words import State
from opora.insured.guard import purpose_of
from opora.organisations.purposes import PurposeMissing, question
from opora.organisations.requests import StaffRequest
from opora.shared import acts
from opora.shared.errors import DomainError
from opora.shared.pages import keyset

STATES = {
    "waiting": "Ждут",
    "flood": "Лавина",
    "mine": "Мои",
    "answered": "Отвеченные",
    "registered": "Зарегистрированные",
    "closed": "Закрытые",
}
MOST_FILES = 5
DONE = "doors:thread"


@require_safe
@never_cache
@needs(Right.DOORS_VIEW)
def listed(request: StaffRequest) -> HttpResponse:
    """Threads of a state; those that wait begin with who has waited longest."""
    state = request.GET.get("state", "waiting")
    state = state if state in STATES else "waiting"
    door = _number(request.GET.get("door", ""))
    flood = queries.flood(request.user)
    is_flood = state == "flood"
    is_waiting = state in {"waiting", "mine", "flood"}
    newest = request.GET.get("order") == "newest" or not is_waiting
    asked = State.WAITING if is_waiting else state
    found = queries.listed(request.user, state=asked, mine=state == "mine", door=door, is_flood=is_flood)
    order = ("-last_at", "-pk") if not is_waiting else ("-waiting_since", "-pk") if newest else ("waiting_since", "pk")
    context = {
        "page": keyset(found, order=order, after=request.GET.get("after"), is_total=True),
        "state": state,
        "states": {code: label for code, label in STATES.items() if code != "flood" or flood or is_flood},
        "flood": flood if state in {"waiting", "flood"} else None,
        "is_flood": is_flood,
        "doors": list(queries.doors(request.user)),
        "door": door,
        "is_waiting": is_waiting,
        "newest": newest,
        "live": news.channel(request.user),
        "may_decide_flood": request.user.holds(Right.DOORS_FLOOD),
        "may_edit": request.user.holds(Right.DOORS_EDIT),
    }
    return render(request, "doors/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.DOORS_VIEW)
def thread(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The whole talk; the reading is written down, of a person also on his card. POST answers."""
    found = _thread(request, pk)
    form = ReplyForm(request.POST or None) if request.user.holds(Right.DOORS_ANSWER) else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and acts.carried_out(
            request, lambda: _reply(request, found, form), form, said="Отправляем."
        ):
            return redirect(DONE, pk)
    shown = queries.shown(found, request.user)
    if (shown.person or shown.candidates) and not purpose_of(request):
        if request.method == "POST":
            raise PurposeMissing
        return redirect(question(request.get_full_path()))
    _note_reading(request, shown)
    context = {
        "shown": shown,
        "thread": found,
        "form": form,
        "may_register": form is not None and request.user.holds(Right.APPEALS_REGISTER),
        "is_hers": found.owner_id == request.user.pk,
        "endings": ",".join(file_kinds.ENDINGS),
        "live": news.channel(request.user),
    }
    return render(request, "doors/thread.html", context, status=422 if form is not None and form.errors else 200)


@require_safe
@never_cache
@needs(Right.DOORS_VIEW)
def file(request: StaffRequest, pk: UUID, file: int) -> FileResponse:
    """The bytes of a file, saved and never shown in the browser; the taking is written down."""
    found = _thread(request, pk)
    kept = queries.file_of(found, file)
    if kept is None:
        raise Http404
    record("doors.file.read", ("doors.thread", str(pk)), by=request.user, details={"file": kept.pk})
    answer = FileResponse(
        store.open_kept(kept.sha256), as_attachment=True, filename=kept.name, content_type=kept.media_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
@needs(Right.DOORS_ANSWER)
def taking(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Take a thread; ``over`` — from a colleague, knowingly."""
    over = bool(request.POST.get("over"))
    return _button(request, pk, lambda: services.take(pk, over=over, by=request.user), "Переписка ваша.")


@require_POST
@needs(Right.DOORS_ANSWER)
def person(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Say who writes, or (empty) take it back."""
    chosen = _number(request.POST.get("person", ""))
    if chosen is None:
        return _button(
            request, pk, lambda: services.unname_person(pk, by=request.user, version=acts.version(request)), "Убрано."
        )
    return _button(
        request,
        pk,
        lambda: services.name_person(pk, chosen, by=request.user, version=acts.version(request)),
        "Человек записан. Личность этим не подтверждена.",
    )


@require_POST
@needs(Right.APPEALS_REGISTER)
def registration(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Open intake with what the citizen wrote."""
    _thread(request, pk)
    try:
        with transaction.atomic():
            draft = services.open_intake(pk, by=request.user)
    except NoSuchThread as missing:
        raise Http404 from missing
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
        return redirect(DONE, pk)
    return redirect(f"{reverse('appeals:new')}?draft={draft}")


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.DOORS_ANSWER)
def linking(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Tie the thread to an appeal that is there and say who writes; of one that is tied it may be said anew."""
    tied = queries.tied_to(_thread(request, pk), request.user)
    filled = {"number": tied.number} if tied else None
    said = "Переписка связана с обращением."
    return _asked(request, pk, LinkForm, services.link, "Связать с обращением", said, filled=filled)


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.DOORS_ANSWER)
def closing(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Close what is no appeal."""
    return _asked(request, pk, CloseForm, services.close, "Закрыть: не обращение", "Переписка закрыта.")


@require_POST
@needs(Right.DOORS_ANSWER)
def reopening(request: StaffRequest, pk: UUID) -> HttpResponse:
    return _button(request, pk, lambda: services.reopen(pk, by=request.user), "Переписка снова ваша.")


@require_POST
@needs(Right.DOORS_ANSWER)
def sending(request: StaffRequest, pk: UUID, message: UUID) -> HttpResponse:
    """Send once more what did not leave."""
    row = Message.objects.filter(pk=message, thread=_thread(request, pk), delivery__isnull=False).first()
    if row is None:
        raise Http404
    return _button(request, pk, lambda: services.send_again(row, by=request.user), "Отправляем ещё раз.")


def _reply(request: StaffRequest, found: Thread, form: ReplyForm) -> None:
    sent = request.FILES.getlist("files")[:MOST_FILES]
    files = [Attached(str(one.name or ""), one.read(settings.FILE_LIMIT + 1)) for one in sent]
    services.reply(found, form.cleaned_data["text"], by=request.user, files=files, version=acts.version(request))


def _note_reading(request: StaffRequest, shown: queries.ThreadShown) -> None:
    """Who read a talk is written down; with a named person it is a reading of his card."""
    found = len(shown.candidates)
    record("doors.read", ("doors.thread", str(shown.thread.pk)), by=request.user, details={"candidates": found})
    if shown.person is not None:
        purpose = purpose_of(request)
        record("insured.card.read", shown.person, by=request.user, purpose=purpose, details={"part": "thread"})


def _button(request: StaffRequest, pk: UUID, perform: Callable[[], object], said: str) -> HttpResponse:
    _thread(request, pk)
    acts.carried_out(request, perform, None, said=said)
    return redirect(DONE, pk)


def _asked(
    request: StaffRequest,
    pk: UUID,
    kind: type[acts.ActForm],
    act: Callable[..., object],
    title: str,
    said: str,
    *,
    filled: dict[str, str] | None = None,
) -> HttpResponse:
    """GET asks what the act needs, POST does it; a refusal leaves what was typed where it was."""
    found = _thread(request, pk)
    form = kind(request.POST or None, initial=filled)
    if request.method == "POST" and form.is_valid():

        def perform() -> None:
            act(pk, **form.arguments, by=request.user, version=acts.version(request))

        if acts.carried_out(request, perform, form, said=said):
            return redirect(DONE, pk)
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "about": found.subject or found.door.title,
        "save": title.partition(":")[0],
        "back": reverse(DONE, args=[pk]),
        "version": found.version,
    }
    return render(request, "doors/form.html", context, status=422 if form.errors else 200)


def _thread(request: StaffRequest, pk: UUID) -> Thread:
    found = queries.of_id(pk, request.user)
    if found is None:
        raise Http404
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None
