"""«Чат»: the queue with its waiting times, her talks side by side, answers to give."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from opora.access.guard import needs
from opora.access.rights import Right
from opora.appeals.file_kinds import ENDINGS
from opora.chat import news, queries, rules, services
from opora.chat.errors import NobodyWaits
from opora.organisations.requests import StaffRequest
from opora.shared.pages import keyset

SHOWN = 30


@require_safe
@never_cache
@needs(Right.CHAT_ANSWER)
def desk(request: StaffRequest) -> HttpResponse:
    """Who waits and her own talks; the lines of a talk are asked for by its pane."""
    waiting = list(queries.queue(request.user)[: SHOWN + 1])
    now = timezone.now()
    context = {
        "waiting": waiting[:SHOWN],
        "is_more": len(waiting) > SHOWN,
        "talks": list(queries.talks_of(request.user)),
        "own_level": queries.level_of(request.user),
        "live": news.desk_channel(request.user),
        "gone_before": now - rules.GONE,
        "endings": ",".join(ENDINGS),
        "longest": rules.LONGEST_LINE,
        "may_register": request.user.holds(Right.APPEALS_REGISTER),
        "may_edit": request.user.holds(Right.CHAT_EDIT),
        "may_lead": request.user.holds(Right.APPEALS_REASSIGN),
    }
    return render(request, "chat/desk.html", context)


@require_POST
@needs(Right.CHAT_ANSWER)
def taking_next(request: StaffRequest) -> HttpResponse:
    """Take who has waited longest."""
    try:
        talk = services.take_next(by=request.user)
    except NobodyWaits as refusal:
        messages.warning(request, refusal.sentence)
        return redirect("chat:desk")
    return _to_pane(talk.pk)


@require_safe
@never_cache
@needs(Right.CHAT_ANSWER)
def cards(request: StaffRequest) -> JsonResponse:
    """Approved answers that fit the words, for the list under a line that is being written."""
    found = queries.cards(request.GET.get("q", "")[:200], request.user)
    told = [
        {
            "slug": one.card.slug,
            "topic": one.text.topic_code,
            "question": one.question,
            "body": "\n\n".join(filter(None, [one.body, one.next_step])),
        }
        for one in found
    ]
    return JsonResponse({"cards": told})


@require_safe
@never_cache
@needs(Right.CHAT_ANSWER)
def past(request: StaffRequest) -> HttpResponse:
    """Talks that are over."""
    page = keyset(queries.past(request.user), order=("-closed_at", "-pk"), after=request.GET.get("after"))
    return render(request, "chat/past.html", {"page": page})


def _to_pane(talk: object) -> HttpResponse:
    answer = redirect("chat:desk")
    answer["Location"] += f"#t-{talk}"
    return answer
