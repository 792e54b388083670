"""Open desks hear of appeals that have changed: codes, numbers and moments, never a name or a word of a citizen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from opora.appeals.chain.digest import SQL
from opora.appeals.events import Chained
from opora.appeals.words import EventKind
from opora.live.news import News, publish
from opora.shared.sql import question

MOST_TOLD = 500  # more at once is an import: desks are told to look again, not each appeal
_news = question(SQL, "chain_news")


def tell(sender: Any, events: Sequence[Chained], **_: Any) -> None:
    """Publish a batch of the chainer in its transaction: told when the links are committed."""
    new = {event.appeal_id for event in events if event.kind == EventKind.REGISTERED}
    appeals = list(dict.fromkeys(event.appeal_id for event in events))
    rows = _news(appeals=appeals)
    if len(appeals) > MOST_TOLD:
        everybody = sorted({organisation for row in rows for organisation in [*(row.deep or []), *(row.shallow or [])]})
        publish([News((f"org:{one}",), "appeals.many", {"count": len(appeals)}) for one in everybody])
        return
    publish([item for row in rows for item in _told(row, is_new=row.id in new)])


def _told(row: Any, *, is_new: bool) -> Iterator[News]:
    event = "appeal.registered" if is_new else "appeal.changed"
    if row.deep:
        data = {
            "id": row.id,
            "number": row.number,
            "kind": row.kind,
            "topic": row.topic_code,
            "channel": row.channel,
            "stage": row.stage,
            "line": row.line,
            "organisation": row.handler_id,
            "owner": row.owner_id,
            "due_at": row.due_at,
            "closed_at": row.closed_at,
            "version": row.version,
        }
        yield News((*(f"org:{one}" for one in row.deep), f"appeal:{row.id}"), event, data)
    if row.shallow:
        # Where no organisation shows the stage to all its levels, whoever has the card open hears as little.
        card = () if row.deep else (f"appeal:{row.id}",)
        yield News((*(f"org:{one}" for one in row.shallow), *card), event, {"id": row.id})
