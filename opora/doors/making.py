"""How a message of a door becomes an appeal where its kind has a way of its own: the room above registers it.

    making.register(Kind.GOSUSLUGI, make)

``make(thread, first)`` is called once, under the lock of the thread, in the transaction that ties the thread to the
appeal; a DomainError leaves the thread waiting for an employee with its sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from opora.appeals.intake import Registered

if TYPE_CHECKING:
    from opora.doors.models import Message, Thread

type Maker = Callable[[Thread, Message], Registered]

_makers: dict[str, Maker] = {}


def register(kind: str, maker: Maker) -> None:
    """Let ``maker`` register what comes by doors of a kind, and let it alone answer there."""
    _makers[str(kind)] = maker


def maker_of(kind: str) -> Maker | None:
    """Return who registers what comes by doors of a kind; None — the doors do it themselves."""
    return _makers.get(kind)
