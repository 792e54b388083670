"""«Согласны оценить разговор по СМС?»: one question with two answers, a piece of the card of an appeal."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals import card
from opora.organisations.requests import StaffRequest
from opora.shared.errors import DomainError
from opora.surveys import after_talk


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Right.APPEALS_REGISTER)
def question(request: StaffRequest, number: str) -> HttpResponse:
    """GET shows what can be offered or why not; POST marks ``what``: agree, decline, back."""
    pair = card.find(number, request.user)
    if pair is None:
        raise Http404
    appeal, fault = pair[0], ""
    if request.method == "POST":
        try:
            match request.POST.get("what"):
                case "agree":
                    after_talk.agree(appeal, by=request.user)
                case "decline":
                    after_talk.decline(appeal, by=request.user)
                case "back":
                    after_talk.take_back(appeal, by=request.user)
        except DomainError as refusal:
            fault = refusal.sentence
    if request.method == "POST" and not request.headers.get("HX-Request"):
        if fault:
            messages.warning(request, fault)
        return redirect("appeals:card", number)
    offer = after_talk.offer(appeal, request.user)
    if offer is None and not fault:
        return HttpResponse(status=200)
    context = {"number": number, "offer": offer, "fault": fault}
    return render(request, "surveys/after_talk.html", context, status=422 if fault else 200)
