"""What this room needs of the platform: news of messages, and somebody who carries our answers to it.

    gateway = gateway_of()
    for change in gateway.changes(door, after): …

The contract of the real platform is closed: how it speaks stands in one file of the adapter (``adapters/pos/wire.py``).
An answer to an errand is one of three, see ``channels.ports``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from opora.channels.ports import Answer, Attachment
from opora.doors.models import Door
from opora.doors.shapes import Attached
from opora.feedback.errors import NoPlatform
from opora.feedback.words import Track


class ChangeKind(StrEnum):
    """What the platform tells."""

    WRITTEN = "written"
    REOPENED = "reopened"
    RATED = "rated"
    PUBLISHED = "published"
    REFUSED = "refused"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Citizen:
    """Who writes, as ЕСИА knows him. What the platform does not tell is empty."""

    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    birth_on: date | None = None
    snils: str = ""
    phone: str = ""
    email: str = ""

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, (self.surname, self.given_name, self.patronymic)))


@dataclass(frozen=True, slots=True)
class Change:
    """One line of news. ``id`` is unique within a platform, a repeat is harmless; ``message`` is the platform's number.

    ``cursor`` is where to read on behind it. ``reference`` names the errand of ours it is about. UNREAD is a line the
    adapter could not make out: it is passed over and named to the administrator.
    """

    id: str
    kind: ChangeKind
    message: str
    cursor: str
    at: datetime | None = None
    text: str = field(default="", repr=False)
    category: str = ""
    subcategory: str = ""
    track: Track = Track.ORDINARY
    citizen: Citizen = field(default_factory=Citizen, repr=False)
    files: Sequence[Attached] = ()
    score: int | None = None
    reference: UUID | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What the platform takes as an answer: signs of its text, files of it, bytes of each, endings of their names."""

    longest: int
    most_files: int
    largest_file: int
    endings: tuple[str, ...]


class PosGateway(Protocol):
    """One platform."""

    limits: Limits

    def changes(self, door: Door, after: str) -> Iterator[Change]:
        """Bring news behind a cursor («» — from the beginning), in their order.

        Raises GatewayUnavailable, GatewayRejected, GatewayUnexpected.
        """

    def answer(self, door: Door, message: str, reference: UUID, text: str, files: Sequence[Attachment]) -> Answer:
        """Give the approved answer with what goes along."""

    def interim(self, door: Door, message: str, reference: UUID, text: str) -> Answer:
        """Tell that the matter is being worked on; the message waits for its answer as before."""

    def extend(self, door: Door, message: str, reference: UUID, until: date, why: str) -> Answer:
        """Ask for a longer term."""

    def redirect(self, door: Door, message: str, reference: UUID, to: str, why: str) -> Answer:
        """Give the message to who is competent."""


def gateway_of() -> PosGateway:
    """Return who speaks to the platform. Raises NoPlatform."""
    name = settings.PORTS.get("feedback.pos")
    if not name:
        raise NoPlatform
    return cast(PosGateway, import_string(name)())
