"""What this room needs of the outside world: somebody who carries a text and tells what became of it.

    async with gateway(link.kind).session(link, on_receipts) as session:
        answer = await session.send(Outgoing(reference, "79130000001", "Приглашаем на диспансеризацию"))

An answer is one of three. *Accepted*: the provider has it. *Refused*: he has not, and nothing will happen; a temporary
refusal may be tried again, here or elsewhere. *Unanswered*: it was given away and nobody said anything, so it may or
may not have been taken; it must not be sent again before its receipt or its time-out. A late answer comes as a receipt.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from opora.channels.words import State


@dataclass(frozen=True, slots=True)
class Link:
    """A provider as an adapter needs to know it: no row, no database. ``secrets`` are open here and in no log."""

    provider: int
    organisation: int
    slug: str
    kind: str
    channel: str
    settings: Mapping[str, Any]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    sender: str = ""
    per_second: int = 100
    window: int = 50


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an e-mail."""

    name: str
    content: bytes = field(repr=False)
    content_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One text to one address. ``reference`` is ours and is known before anybody is called; a number as a UUID will do.

    ``to`` is a number in digits (79130000001), an e-mail address, or the name of an account (СНИЛС for Госуслуги).
    """

    reference: UUID
    to: str = field(repr=False)
    text: str = field(repr=False)
    subject: str = field(default="", repr=False)
    attachments: tuple[Attachment, ...] = ()
    sender: str = ""
    valid_until: datetime | None = None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # of an e-mail; they replace our own


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has it. A long text sent in parts has an id for each part."""

    reference: UUID
    message_ids: tuple[str, ...]

    @property
    def message_id(self) -> str:
        return self.message_ids[0]


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider has not got it. ``code`` is his; a permanent refusal is of the message, not of the moment.

    ``retry_after`` — seconds he asks to wait before the next attempt, 0 when he did not say.
    """

    reference: UUID
    code: str
    is_permanent: bool
    words: str = ""
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class Unanswered:
    """It was given away and nobody answered; ``why`` is ``timeout`` or ``lost`` (the connection broke)."""

    reference: UUID
    why: str


type Answer = Accepted | Refused | Unanswered


@dataclass(frozen=True, slots=True)
class IncomingReceipt:
    """What a provider said of a message, as it came.

    ``reference`` is filled in as far as the session remembers; ``mark`` is what ``mark_of(reference)`` was given away
    with it, where the provider tells it back. ``destination`` is the address the message went to.
    """

    state: State
    at: datetime
    message_id: str
    destination: str = field(default="", repr=False)
    reference: UUID | None = None
    mark: int | None = None
    code: str = ""


type OnReceipts = Callable[[list[IncomingReceipt]], Awaitable[None]]


@dataclass(slots=True)
class Figures:
    """What a session has seen since it was asked last. ``seconds`` is the sum of the times of ``answered``."""

    accepted: int = 0
    refused: int = 0
    unanswered: int = 0
    unavailable: int = 0
    answered: int = 0
    seconds: float = 0.0


class Session(Protocol):
    """A line to a provider that is kept open and made anew when it breaks."""

    async def send(self, message: Outgoing) -> Answer:
        """Give one message away, waiting for its turn (window, rate) and for the answer."""

    async def send_all(self, messages: Sequence[Outgoing]) -> list[Answer]:
        """Give many away and return their answers in the same order; quicker than as many ``send``."""

    def take_figures(self) -> Figures:
        """Return the figures and begin to count anew."""


class Gateway(Protocol):
    """A protocol we speak."""

    def session(self, link: Link, on_receipts: OnReceipts) -> AbstractAsyncContextManager[Session]:
        """Open a line; leaving it waits for answers that are due and hands over the receipts that have come.

        ``on_receipts`` gets receipts in batches and must have stored them when it returns: only then is the provider
        told that we have them. If it raises, he is asked to say them again later.

        Raises GatewayUnavailable, GatewayRejected, GatewayUnexpected when the line cannot be opened at all.
        """

    def brought(self, link: Link, body: str) -> list[IncomingReceipt]:
        """Read receipts a provider brings to our address by himself. Raises GatewayUnexpected where none do so."""


def gateway(kind: str) -> Gateway:
    """Return who speaks this protocol (``config/ports.py``)."""
    return cast(Gateway, import_string(settings.PORTS[f"channels.{kind}"])())


def mark_of(reference: UUID) -> int:
    """Return sixteen bits of a reference, never 0: what fits into ``user_message_reference`` of SMPP.

    With the address it finds a message whose id was never learned, because the program ended between giving it away
    and the answer.
    """
    return (reference.int & 0xFFFF) or 1
