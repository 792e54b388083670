"""How well the suggestion of topics does: what was learned, when, from how much, and whether it is used."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from opora.access.guard import needs
from opora.access.rights import Right
from opora.knowledge.models import TopicModel
from opora.knowledge.suggesting import LEAST
from opora.knowledge.views.cards import tabs, territory_of
from opora.organisations.requests import StaffRequest

SHOWN = 10


@require_GET
@needs(Right.KNOWLEDGE_EDIT)
def topics(request: StaffRequest) -> HttpResponse:
    """The latest trials of her territory, the newest first."""
    rows = TopicModel.objects.filter(territory=territory_of(request)).defer("content").order_by("-pk")[:SHOWN]
    context = {"models": list(rows), "least": LEAST, "tabs": tabs("topics", request)}
    return render(request, "knowledge/suggestions.html", context)
