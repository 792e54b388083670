"""«Помогло / не помогло», and the list of questions that have no answer."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from opora.access.guard import needs
from opora.access.rights import Right
from opora.knowledge import feedback, queries
from opora.knowledge.models import MissingAnswer
from opora.knowledge.views.cards import TALK, tabs, territory_of, visible
from opora.knowledge.words import Miss
from opora.organisations.requests import StaffRequest
from opora.shared.pages import keyset
from opora.shared.toasts import toast

LONGEST = 500


@require_POST
@needs(Right.KNOWLEDGE_VIEW)
def vote(request: StaffRequest, pk: int) -> HttpResponse:
    """One key where a card is read; the piece comes back with the choice marked."""
    card = visible(request, pk)
    given = feedback.vote(
        card,
        mark=mark_of(request.POST.get("mark", "")),
        is_helpful=request.POST.get("helpful") == "1",
        asked=next(filter(None, (request.POST.get(name, "")[:LONGEST] for name in ("asked", "q", "text"))), ""),
        territory=territory_of(request),
        by=request.user,
    )
    return render(request, "knowledge/vote.html", {"card_id": pk, "mark": given.mark, "vote": given})


@require_POST
@needs(Right.KNOWLEDGE_VIEW)
def left(request: StaffRequest) -> HttpResponse:
    """The page says that a search was left without opening a card."""
    asked = request.POST.get("q", "")[:LONGEST]
    if queries.find_cards(asked, territory=territory_of(request), level=TALK, on=timezone.localdate(), most=1):
        feedback.note_miss(asked, why=Miss.LEFT, territory=territory_of(request))
    return HttpResponse(status=204)


@require_GET
@needs(Right.KNOWLEDGE_EDIT)
def missing(request: StaffRequest) -> HttpResponse:
    """Questions without an answer, the commonest first."""
    rows = MissingAnswer.objects.accessible_to(request.user).open()
    page = keyset(rows, order=("-times", "-pk"), after=request.GET.get("after"), size=50)
    context = {"page": page, "tabs": tabs("missing", request), "kept": feedback.WORDS_KEPT.days}
    return render(request, "knowledge/missing.html", context)


@require_POST
@needs(Right.KNOWLEDGE_EDIT)
def missing_closure(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a question off the list, or (``undo``) bring it back."""
    row = get_object_or_404(MissingAnswer.objects.accessible_to(request.user), pk=pk)
    if request.GET.get("undo"):
        feedback.reopen_missing(row, by=request.user)
        return HttpResponse(headers={"HX-Refresh": "true"})
    feedback.close_missing(row, by=request.user)
    return toast(HttpResponse(), "Вопрос убран", undo=f"{reverse('knowledge:missing-closure', args=[pk])}?undo=1")


def mark_of(text: str) -> UUID:
    """Return the mark of a talk as the page sent it, or a new one."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
