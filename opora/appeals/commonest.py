"""The ten topics under the digit keys: what this line of this organisation is asked about most.

Learned from the latest appeals of the journal, no more than ``LATEST`` of them within 90 days, so that the question
costs the same at ten thousand appeals and at ten million. A process believes what it has learned for ten minutes.
"""

from __future__ import annotations

import time
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from django.utils import timezone

from opora.appeals.actor import Actor
from opora.classifiers import queries as classifiers
from opora.classifiers.models import Edition, Topic
from opora.shared.sql import question

KEYS = 10
LATEST = 5000
REMEMBERED = timedelta(days=90)
FRESH = 600.0

_commonest = question(Path(__file__).parent / "sql", "commonest")


def common_topics(actor: Actor, kind: str, edition: Edition) -> list[Topic]:
    """Return ten topics of a kind, the commonest first; where the journal knows fewer, the typical ones follow."""
    topics = [topic for topic in classifiers.topics_of(edition) if kind in topic.kinds]
    by_code = {topic.code: topic for topic in topics}
    learned = [
        by_code[code] for code in _learned(actor.holder, str(actor.line), _moment()).get(kind, ()) if code in by_code
    ]
    pinned = [topic for topic in topics if topic.is_typical] + [topic for topic in topics if not topic.is_typical]
    return list(dict.fromkeys([*learned, *pinned]))[:KEYS]


def forget() -> None:
    _learned.cache_clear()


@lru_cache(maxsize=512)
def _learned(holder: int, line: str, moment: int) -> dict[str, tuple[str, ...]]:
    rows = _commonest(holder=holder, line=line, since=timezone.now() - REMEMBERED, most=LATEST)
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.kind, []).append(row.topic_code)
    return {kind: tuple(codes) for kind, codes in found.items()}


def _moment() -> int:
    return int(time.monotonic() / FRESH)
