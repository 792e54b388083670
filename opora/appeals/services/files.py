"""Files of an appeal: their kind is told by what is inside, their bytes leave only through rights and depth."""

from __future__ import annotations

from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.appeals import file_kinds, store
from opora.appeals.errors import NotFound, NotYours
from opora.appeals.models import Appeal, File
from opora.appeals.rules import Command
from opora.appeals.services._change import By, changing, words
from opora.appeals.words import Depth, EventKind
from opora.audit.services import record

NO_FILE = "Такого файла нет."


def add_file(appeal_id: UUID, *, name: str, content: bytes, by: By, version: int | None = None) -> File:
    """Attach a file; the same bytes on the same appeal are the file that is there. Raises FileRefused.

    It is seen from personal data on, as papers of a citizen are; who reads only the text adds what readers of the text
    see. The bytes are on the disk before the row: a row without bytes does not happen, bytes without a row may.
    """
    plain, media_type = file_kinds.check(name, content, limit=settings.FILE_LIMIT)
    with changing(appeal_id, Command.ADD_FILE, by=by, version=version) as step:
        sha256 = store.keep(content)
        former = File.objects.filter(appeal=step.appeal, sha256=sha256, removed_at=None).first()
        if former is not None:
            return former
        sees_people = Appeal.objects.within(by.scope, Depth.PERSONAL).filter(pk=appeal_id).exists()
        depth = Depth.PERSONAL if sees_people else Depth.TEXT
        added = File.objects.create(
            appeal=step.appeal,
            name=plain,
            media_type=media_type,
            size=len(content),
            sha256=sha256,
            depth=depth,
            added_at=step.now,
            added_by_id=step.actor.employee,
        )
        step.tell(EventKind.FILE_ADDED, plain, depth=depth, file=str(added.pk), sha256=sha256)
    return added


def remove_file(file_id: UUID, *, why: str, by: By, version: int | None = None) -> File:
    """Take a file off the card, with a reason: by who answers for the appeal, or by who added it. The bytes stay."""
    appeal_id = File.objects.filter(pk=file_id, removed_at=None).values_list("appeal_id", flat=True).first()
    if appeal_id is None:
        raise NotFound(NO_FILE)
    with changing(appeal_id, Command.REMOVE_FILE, by=by, version=version) as step:
        found = File.objects.select_for_update().filter(pk=file_id, removed_at=None).first()
        if found is None:
            raise NotFound(NO_FILE)
        is_own = found.added_by_id is not None and found.added_by_id == step.actor.employee
        if step.appeal.handler_id != step.actor.holder and not is_own:
            raise NotYours
        found.removed_at, found.removed_why = step.now, words(why, "Напишите, почему убираете файл.")[:300]
        found.save(update_fields=["removed_at", "removed_why"])
        step.tell(EventKind.FILE_REMOVED, found.removed_why, depth=Depth(found.depth), file=str(found.pk))
    return found


def read_file(file_id: UUID, *, by: By, purpose: str | None = None) -> tuple[File, BinaryIO]:
    """Return a file and its bytes, and leave a line that says who read it. Raises NotFound, FileBroken.

    The line names the appeal; a file below her depth does not exist for her.
    """
    if not by.holds(Right.APPEALS_VIEW):
        raise RightMissing(right=Right.APPEALS_VIEW)
    found = File.objects.filter(pk=file_id, removed_at=None).first()
    if found is None or not Appeal.objects.within(by.scope, Depth(found.depth)).filter(pk=found.appeal_id).exists():
        raise NotFound(NO_FILE)
    stream = store.open_kept(found.sha256)
    record(
        "appeals.file.read",
        ("appeals.appeal", str(found.appeal_id)),
        by=by,
        purpose=purpose,
        details={"file": str(found.pk)},
    )
    return found, stream
