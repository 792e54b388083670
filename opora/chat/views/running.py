"""«Идут сейчас»: open talks of the organisation, for who leads those that answer."""

from __future__ import annotations

from collections import Counter

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from opora.access.errors import RightMissing
from opora.access.guard import needs
from opora.access.rights import Right
from opora.chat import news, queries
from opora.organisations.requests import StaffRequest


@require_safe
@never_cache
@needs(Right.APPEALS_REASSIGN)
def running(request: StaffRequest) -> HttpResponse:
    """Who talks with whom, who has no answer and how long; words are on the page of the talk, which is written down.

    Of those who may reassign only she who answers in the chat sees it.
    """
    if not request.user.holds(Right.CHAT_ANSWER):
        raise RightMissing(right=Right.CHAT_ANSWER)
    rows = queries.running(request.user)
    states = Counter(row.state for row in rows)
    context = {
        "rows": rows,
        "waiting": sum(row.talk.owner_id is None for row in rows),
        "late": states["late"],
        "is_cut": len(rows) == queries.MOST_RUNNING,
        "live": news.desk_channel(request.user),
    }
    return render(request, "chat/running.html", context)
