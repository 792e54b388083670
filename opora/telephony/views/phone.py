"""The telephone in the browser: a small window of its own, so that going from page to page does not end a talk."""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.audit.services import record
from opora.organisations.requests import StaffRequest
from opora.telephony.errors import NoPhone, NotSeated
from opora.telephony.models import Agent
from opora.telephony.phone import address, secret_of
from opora.telephony.queries import is_shared
from opora.telephony.services import phones


@never_cache
@require_safe
@needs(Right.TELEPHONY_TAKE)
def page(request: StaffRequest) -> HttpResponse:
    """The window of the telephone."""
    if not address():
        raise Http404
    agent = Agent.objects.filter(employee=request.user).first()
    return render(request, "telephony/phone.html", {"agent": agent})


@never_cache
@require_POST
@needs(Right.TELEPHONY_TAKE)
def there(request: StaffRequest) -> HttpResponse:
    """The window is open and registered at the exchange: it says so every twenty seconds."""
    phones.heard(by=request.user)
    return HttpResponse(status=204)


@never_cache
@require_POST
@needs(Right.TELEPHONY_TAKE)
def key(request: StaffRequest) -> HttpResponse:
    """How to sign in to the exchange from her place: kept in the memory of the window, for as long as it is open."""
    if not address():
        raise Http404
    agent = Agent.objects.filter(employee=request.user).select_related("organisation").first()
    if agent is None:
        raise NotSeated
    secret = secret_of(agent.extension, agent.organisation.code, is_shared=is_shared(agent.pbx))
    if not secret:
        raise NoPhone
    record("telephony.phone", agent, by=request.user)
    return JsonResponse({"address": address(), "extension": agent.extension, "secret": secret})
