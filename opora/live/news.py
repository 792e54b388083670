"""What has happened, told to open desks: ``publish([News(("org:12:queue:sp2",), "appeal.registered", {…})])``.

Called by a background worker after the commit of what it tells, never by the transaction that registers: a NOTIFY holds
a lock of the whole database at commit. One statement keeps a batch for those who were away and wakes the stream.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from opora.live.channels import is_channel
from opora.live.place import HERE
from opora.shared.sql import question

MOST_BYTES = 7900  # PostgreSQL refuses a NOTIFY of 8000 bytes; the number of the batch stands before it
PRUNE_EVERY = 64

# What may be told aloud: ids, numbers and codes. No name, no text, no phone has a word here.
WORDS = frozenset(
    {
        *("id", "number", "version", "at", "due_at", "closed_at", "until", "organisation", "owner", "by"),
        *("kind", "form", "channel", "topic", "stage", "line", "level", "standing", "verdict", "outcome", "flags"),
        *("reason", "urgency", "count", "counts"),
    }
)

_keep = question(HERE / "sql", "keep_and_tell")
_prune = question(HERE / "sql", "prune")


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened. Everybody who hears a channel gets ``data`` whole: say what the least of them may know.

    Raises ValueError for a malformed channel and for data with a word that is not in ``WORDS``.
    """

    channels: tuple[str, ...]
    event: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.channels or not all(map(is_channel, self.channels)):
            raise ValueError(f"not channels: {self.channels}")
        if strange := set(self.data) - WORDS:
            raise ValueError(f"not to be told aloud: {', '.join(sorted(strange))}")

    def text(self) -> str:
        return json.dumps(
            [self.channels, self.event, self.data], ensure_ascii=False, separators=(",", ":"), default=_plain
        )


def publish(items: Sequence[News], *, using: str = "default") -> int:
    """Tell the news to whoever listens, and keep them for two minutes; return how many messages it took.

    Inside a transaction they are told when it commits. Raises ValueError for one that does not fit into a message.
    """
    bodies = list(batches(items))
    for body in bodies:
        (kept,) = _keep(using=using, body=body)
        if kept.id % PRUNE_EVERY == 0:
            _prune(using=using)
    return len(bodies)


def batches(items: Sequence[News]) -> Iterator[str]:
    """Give the news as JSON arrays, each as full as a NOTIFY may be."""
    waiting: list[str] = []
    size = 0
    for item in items:
        text = item.text()
        length = len(text.encode()) + 1
        if length > MOST_BYTES - 2:
            raise ValueError(f"{item.event}: {length} bytes do not fit into a message")
        if size + length > MOST_BYTES - 2:
            yield f"[{','.join(waiting)}]"
            waiting, size = [], 0
        waiting.append(text)
        size += length
    if waiting:
        yield f"[{','.join(waiting)}]"


def _plain(value: Any) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise ValueError(f"{type(value).__name__} is not told aloud")
