"""What a door brings and what it is told back: the one shape of every way a citizen writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from opora.doors.words import MessageKind as Kind

if TYPE_CHECKING:
    from opora.appeals.models import Appeal
    from opora.doors.models import Message, Thread
    from opora.insured.models import Person

__all__ = ["APPLICANT", "ASKED", "Attached", "Incoming", "Kind", "Received"]


APPLICANT = {
    "surname": 100, "given_name": 100, "patronymic": 100, "birth_on": 10, "enp": 16, "phone": 20, "email": 254
}  # fmt: skip
ASKED = ("kind", "topic")


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as it came. ``refused`` is a sentence when the door itself did not let its bytes through."""

    name: str
    content: bytes = field(default=b"", repr=False)
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message of a citizen, or of the machine of a citizen.

    ``external_id`` is unique within the door: the same one brought again is the same message. ``sender`` is where an
    answer goes: an address, a number of a conversation. ``reply_to`` is what it answers: the ``external_id`` of a
    message of ours, the token of a thread (``codes.token``), or nothing; a subject line is never looked at.
    ``appeal`` is that of which the door knows that the sender is its applicant.
    ``meta["thread"]`` is the number of the conversation where the platform itself keeps conversations.
    ``meta["kind"]`` and ``meta["topic"]`` say what to register where the rule of the door is «appeal»;
    ``meta["platform"]`` are short words of a platform for the room that registers its messages (``making``);
    ``meta["applicant"]`` has the fields of ``APPLICANT`` where the door asked for them one by one.
    """

    external_id: str
    sender: str = field(repr=False)
    text: str = field(repr=False)
    subject: str = field(default="", repr=False)
    at: datetime | None = None
    files: Sequence[Attached] = ()
    name: str = field(default="", repr=False)
    kind: Kind = Kind.MESSAGE
    reply_to: str = ""
    person: Person | None = None
    appeal: Appeal | None = None
    identified: bool = False
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """What became of it. ``thread`` None — a machine wrote and it belongs to nothing; ``is_new`` False — seen before.

    ``code`` is what the citizen shows to see the state later; a repeat brings the same one.
    """

    message: Message
    thread: Thread | None
    is_new: bool
    code: str = field(default="", repr=False)
