"""What every command of the room does the same way: the right, the row under its lock, the number, the event."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.appeals.actor import actor_of
from opora.audit.services import record
from opora.mailroom.errors import NoSuchPaper, PaperChanged, WordsNeeded
from opora.mailroom.models import Incoming, Outgoing, PaperEvent
from opora.mailroom.words import EventKind, Numbered
from opora.shared.sql import question

if TYPE_CHECKING:
    from opora.organisations.models import Employee, Organisation

_SQL = Path(__file__).parent.parent / "sql"
_number = question(_SQL, "number")
_words = question(_SQL, "words")


def check_right(by: Employee) -> None:
    if not by.holds(Right.MAILROOM_WORK):
        raise RightMissing(right=Right.MAILROOM_WORK)


def locked_incoming(incoming_id: UUID, *, by: Employee, version: int | None = None) -> Incoming:
    """Return a letter under its row lock. Raises RightMissing, NoSuchPaper, PaperChanged."""
    check_right(by)
    hers = Incoming.objects.accessible_to(by).filter(forgotten_at=None)
    found = hers.select_related("organisation", "appeal").select_for_update(of=("self",)).filter(pk=incoming_id).first()
    if found is None:
        raise NoSuchPaper
    if version is not None and found.version != version:
        raise PaperChanged
    return found


def locked_outgoing(outgoing_id: UUID, *, by: Employee, version: int | None = None) -> Outgoing:
    """Return a letter that leaves under its row lock. Raises RightMissing, NoSuchPaper, PaperChanged."""
    check_right(by)
    hers = Outgoing.objects.accessible_to(by).filter(forgotten_at=None)
    related = ("organisation", "appeal", "answer", "post_list")
    found = hers.select_related(*related).select_for_update(of=("self",)).filter(pk=outgoing_id).first()
    if found is None:
        raise NoSuchPaper
    if version is not None and found.version != version:
        raise PaperChanged
    return found


def next_number(organisation: Organisation, what: Numbered, year: int) -> int:
    """Return the next number; the counter is held until the transaction ends, so ask last."""
    [row] = _number(organisation=organisation.pk, what=str(what), year=year)
    return int(row.last)


def save(paper: Incoming | Outgoing, **columns: Any) -> None:
    """Change columns of a locked row; its version grows."""
    for name, value in columns.items():
        setattr(paper, name, value)
    paper.version += 1
    type(paper)._default_manager.filter(pk=paper.pk).update(**columns, version=paper.version)


def tell(paper: Incoming | Outgoing, kind: EventKind, text: str = "", *, by: Employee | None, **details: Any) -> None:
    """Write what happened, and the line of the access log when somebody did it."""
    PaperEvent.objects.create(
        organisation_id=paper.organisation_id,
        incoming=paper if isinstance(paper, Incoming) else None,
        outgoing=paper if isinstance(paper, Outgoing) else None,
        kind=kind,
        employee_id=by.pk if by else None,
        employee_name=actor_of(by).name if by else "",
        text=text[:300],
        details=details,
    )
    if by is not None:
        what = "incoming" if isinstance(paper, Incoming) else "outgoing"
        record(f"mailroom.{kind}", (f"mailroom.{what}", str(paper.pk)), by=by)


def index(incoming: UUID) -> None:
    """Write the words of a letter anew for the search."""
    _words(incoming=incoming)


def reason(text: str, sentence: str = "") -> str:
    """Return words that must be there. Raises WordsNeeded."""
    if not text.strip():
        raise WordsNeeded(sentence or None, field="why")
    return " ".join(text.split())[:300]
