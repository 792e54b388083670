"""From a letter to the journal: intake opens prefilled, the registered appeal carries the number and the scans."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from opora.appeals import drafts, store
from opora.appeals import services as journal
from opora.appeals.models import Appeal, Draft
from opora.appeals.words import Depth
from opora.audit.services import uuid7
from opora.mailroom.errors import AlreadyLinked, NoSuchAppeal, NotNew
from opora.mailroom.models import Incoming, Scan
from opora.mailroom.services._paper import locked_incoming, reason, save, tell
from opora.mailroom.words import CHANNELS, EventKind, IncomingState, Way
from opora.shared.errors import DomainError

if TYPE_CHECKING:
    from opora.organisations.models import Employee


@transaction.atomic
def open_intake(incoming_id: UUID, *, version: int | None = None, by: Employee) -> UUID:
    """Put what the book says of a letter into a draft of hers; return the draft, the same one again. Raises NotNew.

    What a machine has read off the scans stays out: the words of the appeal are typed by who has read the paper.
    """
    letter = locked_incoming(incoming_id, by=by, version=version)
    if not letter.is_new:
        raise NotNew
    if letter.draft is not None and Draft.objects.filter(pk=letter.draft, employee=by, appeal=None).exists():
        return letter.draft
    draft = uuid7()
    drafts.save(draft, _typed(letter), step=1, by=by)
    save(letter, draft=draft)
    tell(letter, EventKind.DRAFTED, by=by)
    return draft


def follow_intake(draft: Draft, by: Employee) -> None:
    """A draft became an appeal: its letter is tied to it, its scans go along. In the caller's transaction."""
    mine = Incoming.objects.accessible_to(by).new().filter(draft=draft.pk)
    letter = mine.select_for_update(of=("self",)).first()
    if letter is None or draft.appeal_id is None:
        return
    _tie(letter, Appeal.objects.get(pk=draft.appeal_id), by=by)


@transaction.atomic
def link(incoming_id: UUID, *, number: str, version: int | None = None, by: Employee) -> Incoming:
    """Tie a letter to an appeal that is there; one without an incoming number takes that of the letter, another a note.

    Raises NoSuchAppeal, AlreadyLinked.
    """
    letter = locked_incoming(incoming_id, by=by, version=version)
    if letter.state == IncomingState.LINKED:
        raise AlreadyLinked
    appeal = Appeal.objects.accessible_to(by, Depth.TEXT).filter(number=number.strip()).first()
    if appeal is None:
        raise NoSuchAppeal(field="number")
    told = f"Пришло письмо: входящий № {letter.number} от {letter.came_on:%d.%m.%Y}."
    if appeal.incoming_number or not _carries(appeal, letter, by):
        journal.note(appeal.pk, text=told, by=by)
    _tie(letter, appeal, by=by)
    return letter


@transaction.atomic
def file_away(incoming_id: UUID, *, why: str, version: int | None = None, by: Employee) -> Incoming:
    """Say that a letter is no appeal, and why. Raises NotNew, WordsNeeded."""
    letter = locked_incoming(incoming_id, by=by, version=version)
    if not letter.is_new:
        raise NotNew
    text = reason(why, "Напишите, почему это не обращение.")
    save(letter, state=IncomingState.FILED, filed_why=text)
    tell(letter, EventKind.FILED, text, by=by)
    return letter


@transaction.atomic
def reopen(incoming_id: UUID, *, version: int | None = None, by: Employee) -> Incoming:
    """Take a letter that was no appeal back. Raises NotNew for one that is in an appeal."""
    letter = locked_incoming(incoming_id, by=by, version=version)
    if letter.state != IncomingState.FILED:
        raise NotNew
    save(letter, state=IncomingState.NEW, filed_why="")
    tell(letter, EventKind.REOPENED, by=by)
    return letter


def _typed(letter: Incoming) -> dict[str, list[str]]:
    """Return the fields of intake as they would have been typed."""
    name, _, rest = letter.sender.partition(" ")
    given, _, patronymic = rest.partition(" ")
    is_person = bool(given) and all(part.isalpha() or "-" in part or "." in part for part in letter.sender.split())
    person = {"surname": name, "given_name": given, "patronymic": patronymic} if is_person else {}
    typed = {
        "channel": CHANNELS[Way(letter.way)],
        "incoming_number": letter.number,
        "incoming_on": f"{letter.came_on:%d.%m.%Y}",
        "received_at": f"{letter.came_on:%d.%m.%Y} 00:00",
        "text": letter.about,
        "address": letter.sender_address,
        **{field: value[:100] for field, value in person.items()},
    }
    return {field: [value] for field, value in typed.items() if value}


def _carries(appeal: Appeal, letter: Incoming, by: Employee) -> bool:
    """Write the number into an appeal where she may; False where it is closed or another's."""
    changes = {"incoming_number": letter.number, "incoming_on": letter.came_on}
    try:
        with transaction.atomic():
            journal.amend(appeal.pk, changes=changes, by=by)
    except DomainError:
        return False
    return True


def _tie(letter: Incoming, appeal: Appeal, *, by: Employee) -> None:
    save(letter, state=IncomingState.LINKED, appeal=appeal, filed_why="")
    carried = _carry_scans(letter, appeal.pk, by=by)
    tell(letter, EventKind.LINKED, by=by, appeal=appeal.number, scans=carried)


def _carry_scans(letter: Incoming, appeal_id: UUID, *, by: Employee) -> int:
    """Attach the scans to the appeal; return how many. One that cannot be stays here."""
    carried = 0
    for scan in Scan.objects.filter(incoming=letter):
        try:
            with transaction.atomic(), store.open_kept(scan.sha256) as stream:
                journal.add_file(appeal_id, name=scan.name, content=stream.read(), by=by)
        except DomainError:
            continue
        carried += 1
    return carried
