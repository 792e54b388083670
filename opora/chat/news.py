"""What open pages are told of a talk: that there is something to look at, never what.

Told after the commit by the process that wrote: the statement that tells is a transaction of its own, so no line waits
for the lock of a NOTIFY. What nobody lived to tell a page finds by itself within half a minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from opora.live.news import News, publish

if TYPE_CHECKING:
    from opora.chat.models import Talk
    from opora.organisations.models import Employee

LINE, READ, TYPING, GIVEN, QUEUE = "chat.line", "chat.read", "chat.typing", "chat.given", "chat.queue"


def talk_channel(talk: Talk) -> str:
    return f"talk:{talk.pk}"


def queue_channel(organisation: int) -> str:
    return f"org:{organisation}:chat"


def desk_channel(employee: Employee) -> str:
    """Return the channel of the queue a page of hers hears."""
    return queue_channel(employee.assignment.organisation_id) if employee.assignment else ""


def tell_line(talk: Talk) -> None:
    """There is a new line: look, both sides; in the queue, too, while nobody has taken it."""
    _later(*_told(talk, LINE), *([_queue(talk)] if talk.owner_id is None else []))


def tell_read(talk: Talk) -> None:
    _later(*_told(talk, READ))


def tell_typing(talk: Talk, author: str) -> None:
    _later(*_told(talk, TYPING, author))


def tell_moved(talk: Talk, *former: int | None) -> None:
    """The talk has another place: the queue, its new owner and ``former`` owners look."""
    desks = {talk.owner_id, *former} - {None}
    given = [News((f"emp:{desk}",), GIVEN, {"id": talk.pk}) for desk in desks]
    _later(*_told(talk, LINE), _queue(talk), *given)


def _told(talk: Talk, event: str, author: str = "") -> list[News]:
    """The citizen is not told who owns the talk: each side has news of its own."""
    data = {"id": talk.pk, "number": talk.last} | ({"by": author} if author else {})
    channels = [talk_channel(talk)] + ([f"emp:{talk.owner_id}"] if talk.owner_id else [])
    return [News(tuple(channels), event, data)]


def _queue(talk: Talk) -> News:
    return News((queue_channel(talk.organisation_id),), QUEUE, {"organisation": talk.organisation_id})


def _later(*items: News) -> None:
    transaction.on_commit(lambda: publish(items) and None, robust=True)
