"""A call: shown before the answer, opened as an appeal, looked at afterwards."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.organisations.requests import StaffRequest
from opora.telephony.models import Call
from opora.telephony.queries import caller_of, context_of, story_of
from opora.telephony.services.drafting import open_draft
from opora.telephony.services.showing import note_shown
from opora.telephony.words import ASKED, STEPS


@never_cache
@require_safe
@needs(Right.TELEPHONY_TAKE)
def ringing(request: StaffRequest) -> HttpResponse:
    """Who calls her at this moment; empty when nobody does."""
    caller = caller_of(request.user)
    if caller is not None:
        note_shown(caller, by=request.user)
    return render(request, "telephony/caller.html", context_of(caller))


@require_POST
@needs(Right.TELEPHONY_TAKE)
def intake(request: StaffRequest, pk: int) -> HttpResponse:
    """Open intake bound to the call, of the person she has chosen."""
    if not request.user.holds(Right.APPEALS_REGISTER):
        raise Http404
    chosen = request.POST.get("person", "")
    person = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) <= 18 else None
    draft = open_draft(_call(request, pk), person=person, by=request.user)
    return redirect(f"{reverse('appeals:new')}?draft={draft.pk}")


@never_cache
@require_safe
@needs(Right.TELEPHONY_VIEW)
def call(request: StaffRequest, pk: int) -> HttpResponse:
    """One call with what the exchange told of it; the reading is written down."""
    found = _call(request, pk)
    record("telephony.call.read", found, by=request.user)
    story = [(fact, ASKED if fact.data.get("asks") else STEPS.get(fact.kind, fact.kind)) for fact in story_of(found)]
    hears = request.user.holds(Right.TELEPHONY_LISTEN) and bool(found.recording or found.voice)
    return render(request, "telephony/call.html", {"call": found, "story": story, "hears": hears})


def _call(request: StaffRequest, pk: int) -> Call:
    calls = Call.objects.accessible_to(request.user).select_related("line", "organisation", "served", "employee")
    found = calls.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
