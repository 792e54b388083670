"""Voices: which there are, listening to one by right and for a purpose, its bytes for the player."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.organisations.purposes import with_purpose
from opora.organisations.requests import StaffRequest
from opora.shared.pages import keyset
from opora.telephony import listening as passes
from opora.telephony import ranges, tapes
from opora.telephony.models import Call, CallBack, Recording
from opora.telephony.services import recordings as fetching
from opora.telephony.words import Tape, TapeState

SCREEN = 30


@never_cache
@require_safe
@needs(Right.TELEPHONY_LISTEN)
def listed(request: StaffRequest) -> HttpResponse:
    """All she may hear, the newest first, and what was not received."""
    found = Recording.objects.accessible_to(request.user).select_related("call__line", "employee")
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    found = found.filter(state=state) if state in TapeState.values else found
    found = found.filter(kind=kind) if kind in Tape.values else found
    page = keyset(found, order=("-named_at", "-pk"), after=request.GET.get("after"), size=SCREEN)
    context = {"page": page, "states": TapeState.choices, "kinds": Tape.choices, "state": state, "kind": kind}
    context["may_judge"] = request.user.holds(Right.QUALITY_SCORE)
    return render(request, "telephony/recordings.html", context)


@never_cache
@require_safe
@needs(Right.TELEPHONY_LISTEN)
def of_call(request: StaffRequest, pk: int) -> HttpResponse:
    """The voices of a call, for a page that has room for them. One query, two when there is none she may hear."""
    found = tapes_of_call(request, pk)
    if not found and not Call.objects.accessible_to(request.user).filter(pk=pk).exists():
        raise Http404
    context = {"tapes": found, "is_panel": True, "keys": has_keys(request)}
    return render(request, "telephony/tapes.html", context)


@never_cache
@require_POST
@needs(Right.TELEPHONY_LISTEN)
@with_purpose
def listening(request: StaffRequest, pk: UUID) -> HttpResponse:
    """She says «listen»: it is written down, and the player comes."""
    recording = _found(request, pk)
    return _player(request, recording, "telephony:sound", pk)


@never_cache
@require_safe
@needs(Right.TELEPHONY_LISTEN)
def sound(request: StaffRequest, pk: UUID, token: str) -> HttpResponse:
    """The bytes of a voice, whole or a part: the player seeks."""
    return _bytes(request, _found(request, pk), token)


@require_POST
@needs(Right.TELEPHONY_LISTEN)
def again(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Look for a file that was given up once more."""
    recording = _found(request, pk)
    fetching.ask_again(recording, by=request.user)
    return redirect("telephony:call", recording.call_id)


@never_cache
@require_POST
@needs(Right.TELEPHONY_TAKE)
@with_purpose
def voice(request: StaffRequest, pk: int) -> HttpResponse:
    """What was said to the secretary, for who is to call back."""
    return _player(request, _voice(request, pk), "telephony:voice-sound", pk, because=f"task-{pk}")


@never_cache
@require_safe
@needs(Right.TELEPHONY_TAKE)
def voice_sound(request: StaffRequest, pk: int, token: str) -> HttpResponse:
    return _bytes(request, _voice(request, pk), token)


def tapes_of_call(request: StaffRequest, call: int) -> list[Recording]:
    """Return the voices of a call she may hear, in order. One query."""
    rows = Recording.objects.accessible_to(request.user).filter(call=call)
    return list(rows.order_by("named_at", "pk"))


def has_keys(request: StaffRequest) -> bool:
    """Whether the page a piece goes to knows the keys of the player: other rooms' pages have keys of their own."""
    page = request.headers.get("HX-Current-URL", "/telephony/calls/")
    return "/telephony/calls/" in page or "/telephony/quality/" in page


def _player(
    request: StaffRequest, recording: Recording, name: str, key: UUID | int, *, because: str = ""
) -> HttpResponse:
    token = passes.open_to(recording, purpose=getattr(request, "purpose", ""), by=request.user, because=because)
    in_place = "_dialog" if because else ""  # the desk renews itself: a player inside of it would fall silent
    piece = in_place if request.headers.get("HX-Request") else "_page"
    context = {"tape": recording, "sound": name, "key": key, "token": token, "keys": has_keys(request)}
    context["title"] = recording.get_kind_display().capitalize()
    return render(request, f"telephony/player{piece}.html", context)


def _bytes(request: StaffRequest, recording: Recording, token: str) -> HttpResponse:
    if recording.state != TapeState.KEPT or not passes.may_hear(token, recording, request.user):
        raise Http404
    content = tapes.unseal(recording.key, recording.pk)
    return ranges.answer(content, recording.media, request.headers.get("Range", ""))


def _found(request: StaffRequest, pk: UUID) -> Recording:
    return get_object_or_404(Recording.objects.accessible_to(request.user), pk=pk)


def _voice(request: StaffRequest, pk: int) -> Recording:
    task = get_object_or_404(CallBack.objects.accessible_to(request.user).select_related("line"), pk=pk)
    named = Recording.objects.filter(organisation=task.organisation_id, pbx=task.line.pbx, kind=Tape.VOICE)
    return get_object_or_404(named, file=task.voice)  # of his latest call, which need not be the task's first
