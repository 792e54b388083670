"""What this room needs of the outside world: somebody who brings messages of a door and carries our answers away.

``config/ports.py`` names an adapter for a kind of door (``doors.mail``). A kind without one is a place the citizen
looks at himself: an answer is delivered when it is written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, cast, runtime_checkable
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from opora.appeals import store
from opora.channels.ports import Answer, Attachment
from opora.doors import codes
from opora.doors.models import Door, Message
from opora.doors.shapes import Incoming, Received
from opora.doors.words import Direction, Kind, MessageKind

type Take = Callable[[Incoming], Received]


@dataclass(frozen=True, slots=True)
class Leaving:
    """An answer on its way: no row of it is touched. ``answers`` is the id of the citizen's last message."""

    door: Door
    reference: UUID
    external_id: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    subject: str = field(default="", repr=False)
    files: tuple[Attachment, ...] = ()
    answers: str = ""
    token: str = field(default="", repr=False)
    is_automatic: bool = False


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What goes along with one answer: how many files, bytes of the largest, bytes of all together."""

    most: int
    largest: int
    whole: int


class Way(Protocol):
    """One kind of door; ``files`` is what it takes along with an answer."""

    files: FileLimits

    def fetch(self, door: Door, take: Take) -> int:
        """Bring every message that has not been taken and return how many; ``take`` has stored one when it returns.

        How far it has read is kept in ``door.progress`` only behind what is stored. Raises GatewayUnavailable,
        GatewayRejected, GatewayUnexpected.
        """

    def send(self, leaving: Leaving) -> Answer:
        """Give one answer away; see ``channels.ports`` for the three answers. Raises GatewayUnavailable and others."""

    def our_id(self, door: Door, reference: UUID) -> str:
        """Return the id by which a message of ours will be known at the door."""


@runtime_checkable
class Listening(Protocol):
    """A kind of door whose news is waited for: the other side answers the moment something comes."""

    def listen(self, door: Door, take: Take, *, seconds: int) -> int:
        """As ``Way.fetch``; when there is nothing, wait up to ``seconds`` for it."""


def way(door: Door) -> Way | None:
    """Return who serves this door, None for a place the citizen looks at himself."""
    name = settings.PORTS.get(f"doors.{door.kind}")
    return cast(Way, import_string(name)()) if name else None


def our_id(door: Door, reference: UUID) -> str:
    """Return the id of a message of ours, known before anybody is called."""
    served = way(door)
    return served.our_id(door, reference) if served else reference.hex


def leaving(message: Message) -> Leaving:
    """Return a message of ours with everything its carrier needs."""
    thread = message.thread
    assert thread is not None  # ours are written into threads  # noqa: S101
    last = thread.messages.filter(direction=Direction.IN, kind=MessageKind.MESSAGE).order_by("-received_at", "-pk")
    return Leaving(
        door=message.door,
        reference=message.pk,
        external_id=message.external_id,
        to=thread.key if message.door.kind == Kind.TELEGRAM else thread.correspondent,
        text=message.text,
        subject=message.subject,
        files=tuple(
            Attachment(file.name, store.open_kept(file.sha256).read(), file.media_type)
            for file in message.files.exclude(sha256="")
        ),
        answers=last.values_list("external_id", flat=True).first() or "",
        token=codes.token(thread.pk),
        is_automatic=message.kind == MessageKind.AUTO_REPLY,
    )
