"""The next ticket, and who else has this card open."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from opora.access.guard import needs, signed_in
from opora.access.rights import Right
from opora.audit.middleware import session_mark
from opora.live import tickets
from opora.live.seal import SealBroken
from opora.live.services import announce_presence
from opora.organisations.requests import StaffRequest


@require_safe
@never_cache
@signed_in
def ticket(request: StaffRequest) -> HttpResponse:
    """The next ticket of this session, asked for by the page itself (``X-Background``); 204 — there is no more."""
    if request.user.assignment is None:
        return HttpResponse(status=204)
    return JsonResponse({"ticket": tickets.issue(request.user, session=session_mark(request))})


@require_POST
@never_cache
@needs(Right.WORKPLACE_VIEW)
def presence(request: StaffRequest) -> HttpResponse:
    """«I have it open»: answers with the names of the others. The sealed name of the card is her leave to ask."""
    try:
        subject = tickets.subject(request.POST.get("subject", ""), request.user)
    except (SealBroken, ValueError) as fault:
        raise Http404 from fault
    others = announce_presence(subject, by=request.user, session=session_mark(request))
    return render(request, "live/others.html", {"others": others})
