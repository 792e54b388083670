"""Decisions of the room without a database: what is let in, how long it is kept. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from opora.doors.errors import NoTerm
from opora.doors.shapes import Incoming
from opora.doors.words import Kind, State

LONGEST_TEXT = 100_000
MOST_FILES = 20
OF_MACHINES = timedelta(days=30)  # assumed


@dataclass(frozen=True, slots=True)
class Kept:
    """How long a thread of one kind of door is kept after its last message.

    No act sets these for letters that are no appeals; five years is the usual term of appeals of citizens.  # assumed
    """

    closed: timedelta = timedelta(days=180)
    contact: timedelta = timedelta(days=365)
    appeal: timedelta = timedelta(days=5 * 365 + 1)


@dataclass(frozen=True, slots=True)
class Flood:
    """How many threads of one sender and of one door may be opened within an hour; those over it are a flood."""

    of_sender: int
    of_door: int


# The site counts askers itself, and what a platform or a chat brings has been let in by it.
FLOODS: dict[str, Flood] = {
    Kind.MAIL: Flood(of_sender=10, of_door=120),  # assumed
    Kind.TELEGRAM: Flood(of_sender=10, of_door=120),
}
FLOOD_WITHIN = timedelta(hours=1)

# A kind without a line here is not let in: what comes by it would be kept for ever.
KEPT: dict[str, Kept] = {
    Kind.MAIL: Kept(),
    Kind.SITE: Kept(),
    Kind.TELEGRAM: Kept(),
    Kind.CHAT: Kept(),
    Kind.GOSUSLUGI: Kept(),
}


@dataclass(frozen=True, slots=True)
class Cut:
    """A text as it may be stored and a sentence about what is missing, empty when nothing is."""

    text: str
    note: str = ""


def cut(text: str, most: int = LONGEST_TEXT) -> Cut:
    """Return a text without what a database or a screen cannot take, no longer than ``most``.

    >>> cut("Ква\\x00нт\\ud800", 100), cut("абвгд", 3).text
    (Cut(text='Квант?', note=''), 'абв')
    """
    kept = clean(text)
    if len(kept) <= most:
        return Cut(kept)
    shown = f"{most:,}".replace(",", "\u00a0")
    return Cut(kept[:most], f"Письмо длиннее {shown} знаков: сохранено начало.")


def clean(text: str) -> str:
    """Return a text of one or many lines without control signs and marks that turn letters round."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    return "".join(sign for sign in whole if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"})


def line(text: str, most: int) -> str:
    """Return a text as one line of at most ``most`` signs.

    >>> line(" а\\n\\tб  в ", 3)
    'а б'
    """
    return " ".join(clean(text).split())[:most].strip()


def known_as(external_id: str) -> str:
    """Return an id of at most 300 signs; a longer one by its hash, so that two long ones stay two.

    >>> known_as("<a@b>"), len(known_as("я" * 1000))
    ('<a@b>', 64)
    """
    plain = "".join(clean(external_id).split())
    return plain if plain and len(plain) <= 300 else sha256(external_id.encode("utf-8", "replace")).hexdigest()


def address(text: str) -> str:
    """Return a sender as it is compared: no spaces, an e-mail in lower case.

    >>> address(" Polina@Example.RU ")
    'polina@example.ru'
    """
    plain = "".join(clean(text).split())[:254]
    return plain.lower() if "@" in plain else plain


def tidy(incoming: Incoming) -> Incoming:
    """Return a message as it may be stored, its text not yet cut."""
    return replace(
        incoming,
        external_id=known_as(incoming.external_id),
        sender=address(incoming.sender),
        name=line(incoming.name, 200),
        subject=line(incoming.subject, 300),
        reply_to=known_as(incoming.reply_to) if incoming.reply_to else "",
    )


def forget_at(kind: str, state: str, *, has_appeal: bool, last_at: datetime) -> datetime:
    """Return when a thread of a kind of door may be erased: an appeal's with the appeal. Raises NoTerm."""
    kept = KEPT.get(kind)
    if kept is None:
        raise NoTerm
    if has_appeal:
        return last_at + kept.appeal
    return last_at + (kept.closed if state == State.CLOSED else kept.contact)
