"""What the journal tells the room: complaints that came, appeals that changed hands or kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from opora.appeals.events import Chained
from opora.appeals.words import EventKind
from opora.complaints.services import follow as follow_appeals

HEARD = frozenset(
    {
        EventKind.REGISTERED,
        EventKind.IMPORTED,
        EventKind.HANDED_OVER,
        EventKind.RETURNED,
        EventKind.AMENDED,
        EventKind.REOPENED,
    }
)


def follow(events: Sequence[Chained], **_: Any) -> None:
    """Open the cases of new complaints; runs in the chainer, at most a second after the event."""
    if appeals := {event.appeal_id for event in events if event.kind in HEARD}:
        follow_appeals(appeals)
