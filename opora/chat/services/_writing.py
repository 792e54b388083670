"""The one way a line comes into a talk: under the lock of its row, once by the id of who writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from opora.appeals import file_kinds, store
from opora.chat import rules
from opora.chat.errors import WordsNeeded
from opora.chat.models import Line, LineFile, Talk
from opora.chat.words import Author, Kind

if TYPE_CHECKING:
    from opora.organisations.models import Employee


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as it came."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line as its writer sends it; sent again it has the same ``client_id``."""

    client_id: UUID
    text: str = field(default="", repr=False)
    files: Sequence[Attached] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A line that may be stored: its words, its files with their bytes in the store."""

    client_id: UUID
    text: str = field(repr=False)
    files: Sequence[dict[str, Any]] = ()


def prepare(line: NewLine) -> Kept:
    """Check a line and put the bytes of its files where they lie. Raises WordsNeeded, LineTooLong, FileRefused."""
    if not line.files:
        return Kept(line.client_id, rules.words(line.text))
    text = "" if not rules.clean(line.text) else rules.words(line.text)
    return Kept(line.client_id, text, [_kept(file) for file in line.files])


def known(talk: Talk, client_id: UUID) -> Line | None:
    return Line.objects.filter(talk=talk, client_id=client_id).first()


def write(
    talk: Talk,
    kept: Kept,
    author: Author,
    *,
    at: datetime,
    kind: Kind = Kind.SAID,
    by: Employee | None = None,
) -> Line:
    """Add a line to a talk that is locked, and to its fold; the row of the talk is saved by the caller."""
    if not kept.text and not kept.files:
        raise WordsNeeded
    talk.last += 1
    talk.last_at = at
    line = Line.objects.create(
        organisation_id=talk.organisation_id,
        talk=talk,
        number=talk.last,
        client_id=kept.client_id,
        author=author,
        kind=kind,
        by=by,
        text=kept.text,
        at=at,
    )
    if kept.files:
        LineFile.objects.bulk_create(LineFile(line=line, **file) for file in kept.files)
    return line


def tell_event(talk: Talk, name: str, text: str, *, at: datetime, by: Employee | None = None) -> Line | None:
    """Write what the program says to both sides, once by the name of the event."""
    identity = rules.event_id(talk.pk, name)
    if known(talk, identity) is not None:
        return None
    return write(talk, Kept(identity, text), Author.PROGRAM, at=at, kind=Kind.EVENT, by=by)


def _kept(file: Attached) -> dict[str, Any]:
    name, media_type = file_kinds.check(file.name, file.content, limit=rules.MOST_BYTES)
    return {"name": name, "media_type": media_type, "size": len(file.content), "sha256": store.keep(file.content)}
