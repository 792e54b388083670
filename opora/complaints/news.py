"""What the journal tells the room: complaints that came, changed hands or kind, days and answers that moved."""

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
        EventKind.CLOSED,
        EventKind.EXTENDED,
        EventKind.CLOCK_MOVED,
        EventKind.ANSWERED,
        EventKind.DELIVERY_FAILED,  # an answer that did not arrive was not given
        # whatever ends a pause moves the day
        EventKind.RESUMED,
        EventKind.FORWARDED,
        EventKind.ANSWER_SUBMITTED,
    }
)


def follow(events: Sequence[Chained], **_: Any) -> None:
    """Open the cases of new complaints and fold those there are; runs in the chainer, a second after the event."""
    if appeals := {event.appeal_id for event in events if event.kind in HEARD}:
        again = {event.appeal_id: event.at for event in events if event.kind == EventKind.REOPENED}
        follow_appeals(appeals, reopened=again)
