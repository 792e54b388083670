"""The order of suggested topics: learned, tried on the part held back, used only when it is better than the index."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction

from opora.classifiers import queries as classifiers
from opora.classifiers.models import Edition
from opora.knowledge.asked import Example
from opora.knowledge.models import TopicModel

if TYPE_CHECKING:
    from opora.knowledge.learning import Learned

LEAST, LEAST_HELD = 400, 80  # assumed: with fewer the shares below mean little
HELD_SHARE = 0.2
MOST_HELD = 3000
ASKED = 200  # as long as the field of intake
MODELS_KEPT = 10
FRESH = 60.0


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares of the part held back whose topic stood first and among three: by the index alone, and with the model."""

    index_first: float = 0.0
    index_third: float = 0.0
    model_first: float = 0.0
    model_third: float = 0.0


@transaction.atomic
def retrain(territory: str, examples: Sequence[Example], edition: Edition) -> TopicModel:
    """Learn from ``examples``, the oldest first, and keep the model with how well it did.

    The latest fifth is held back for the trial; what is kept has then learned from all of them.
    """
    from opora.knowledge import learning  # NumPy is heavy: only who learns or uses a model loads it

    known = {topic.code for topic in classifiers.topics_of(edition)}
    told = [one for one in examples if one.code in known and one.text.strip()]
    last = len(told) - int(len(told) * HELD_SHARE)
    held = told[last:][-MOST_HELD:]
    quality = tried(learning.learn(told[:last]), held, edition) if held else Quality()
    learned = learning.learn(told)
    content = learned.dump()
    why = why_not(len(told), len(held), quality)
    made = TopicModel.objects.create(
        territory=territory,
        appeals=len(told),
        held=len(held),
        features=len(learned.places),
        quality=asdict(quality),
        is_used=not why,
        why=why,
        content=content,
        sha256=sha256(content).hexdigest(),
    )
    old = TopicModel.objects.filter(territory=territory).order_by("-pk").values_list("pk", flat=True)[MODELS_KEPT:]
    TopicModel.objects.filter(pk__in=list(old)).delete()
    forget()
    return made


def tried(learned: Learned, held: Sequence[Example], edition: Edition) -> Quality:
    """Return how often the topic that was chosen stands first and among three, without the model and with it."""
    alone = _shares(held, edition, lambda text: {})
    with_it = _shares(held, edition, learned.hints)
    return Quality(*alone, *with_it)


def why_not(appeals: int, held: int, quality: Quality) -> str:
    """Return why the model is not used, or nothing when it is."""
    if appeals < LEAST or held < LEAST_HELD:
        return f"мало обращений: {appeals}, нужно {LEAST}"
    if quality.model_third < quality.index_third or quality.model_first <= quality.index_first:
        return "не лучше поиска по словам"
    return ""


def hints(territory: str, text: str) -> dict[str, float]:
    """Return what was learned for these words by topic, 0 to 1; nothing when no model is used. A query a minute."""
    learned = _used(territory, int(time.monotonic() / FRESH))
    return learned.hints(text[:ASKED]) if learned and text.strip() else {}


def forget() -> None:
    """Drop what the process keeps: after learning, and for tests that empty the database."""
    _used.cache_clear()


@lru_cache(maxsize=64)
def _used(territory: str, moment: int) -> Learned | None:
    newest = TopicModel.objects.filter(territory=territory).order_by("-pk").only("is_used", "content").first()
    if newest is None or not newest.is_used:
        return None
    from opora.knowledge import learning

    return learning.load(bytes(newest.content))


def _shares(
    held: Sequence[Example], edition: Edition, also: Callable[[str], Mapping[str, float]]
) -> tuple[float, float]:
    first = third = 0
    for one in held:
        text = one.text[:ASKED] + " "
        codes = [topic.code for topic in classifiers.find_in(edition, text, limit=3, also=also(text))]
        first += codes[:1] == [one.code]
        third += one.code in codes
    return round(first / len(held), 4), round(third / len(held), 4)
