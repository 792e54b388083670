"""Words beside the work."""

from __future__ import annotations

from uuid import UUID

from opora.appeals.models import Appeal
from opora.appeals.rules import Command
from opora.appeals.services._change import By, changing, words
from opora.appeals.words import EventKind


def note(appeal_id: UUID, *, text: str, by: By, version: int | None = None) -> Appeal:
    """Add a note; any organisation that reads the text may, a clinic answers a request this way. Closed ones too."""
    with changing(appeal_id, Command.NOTE, by=by, version=version) as step:
        step.tell(EventKind.NOTED, words(text, "Напишите текст заметки."))
    return step.appeal
