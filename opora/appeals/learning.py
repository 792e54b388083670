"""What operators chose for which words: the journal of a territory as examples for the order of suggested topics."""

from __future__ import annotations

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.models import Appeal, AppealText
from opora.classifiers.errors import NoEdition
from opora.classifiers.queries import current_edition
from opora.knowledge import suggesting
from opora.knowledge.asked import Example
from opora.knowledge.models import TopicModel
from opora.organisations.models import Territory

LATEST = 50_000


def learn_everywhere() -> list[TopicModel]:
    """Learn for each territory that has a journal; each by itself, from its own texts only."""
    made = []
    for territory in Territory.objects.order_by("pk").values_list("pk", flat=True):
        with enter(Scope.system("the order of topics is learned from texts; no word of them is kept")):
            if found := learn(str(territory)):
                made.append(found)
    return made


def learn(territory: str) -> TopicModel | None:
    """Learn from the latest appeals of a territory; None where it has none or no list of topics."""
    try:
        edition = current_edition(territory, timezone.localdate())
    except NoEdition:
        return None
    examples = examples_of(territory)
    return suggesting.retrain(territory, examples, edition) if examples else None


def examples_of(territory: str) -> list[Example]:
    """Return the latest ``LATEST`` texts with their topics, the oldest first. One query."""
    latest = Appeal.objects.filter(territory=territory).order_by("-registered_at", "-pk")[:LATEST]
    rows = AppealText.objects.filter(appeal__in=latest.values("pk")).exclude(text="")
    found = rows.order_by("appeal__registered_at", "pk").values_list("text", "appeal__topic__code")
    return [Example(text[:1000], code) for text, code in found]
