"""What goes along with an answer: named under a scope while the errand begins, brought when no row is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from opora.appeals import letters, store
from opora.appeals.errors import FileBroken
from opora.appeals.models import Answer, Appeal, File
from opora.channels.ports import Attachment
from opora.feedback import limits
from opora.feedback.errors import FeedbackError, FilesRefused
from opora.feedback.ports import Limits
from opora.shared import documents

REMOVED = "Файл «{}» убрали с карточки после утверждения. Верните ответ на доработку."
BROKEN = "Файл «{}» не читается. Приложите его заново и верните ответ на доработку."


class NotWhole(FeedbackError):
    """Приложения к ответу не собрать."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Rows of files and the letter, not yet made into a paper."""

    files: Sequence[File] = ()
    letter: documents.Letter | None = field(default=None, repr=False)
    number: str = ""


def of(answer: Answer) -> Enclosed:
    """Return what goes along with an answer, under a scope of the caller."""
    if not answer.enclosed and not answer.with_letter:
        return Enclosed()
    found = {str(file.pk): file for file in File.objects.filter(appeal=answer.appeal_id, pk__in=answer.enclosed)}
    files = [found[key] for key in answer.enclosed if key in found]
    number = Appeal.objects.values_list("number", flat=True).get(pk=answer.appeal_id)
    return Enclosed(files, letters.whole(answer) if answer.with_letter else None, number)


def brought(enclosed: Enclosed, allowed: Limits) -> list[Attachment]:
    """Return the bytes, the letter first. Raises NotWhole with what a person should do."""
    found = []
    if enclosed.letter is not None:
        content = documents.letter(enclosed.letter, "pdf")
        found.append(Attachment(f"Ответ {enclosed.number}.pdf", content, documents.TYPES["pdf"]))
    try:
        limits.check_files(enclosed.files, allowed, with_letter=enclosed.letter is not None)
    except FilesRefused as refusal:
        raise NotWhole(refusal.sentence) from refusal
    return found + [Attachment(file.name, _bytes(file), file.media_type) for file in enclosed.files]


def _bytes(file: File) -> bytes:
    if file.removed_at is not None:
        raise NotWhole(REMOVED.format(file.name))
    try:
        with store.open_kept(file.sha256) as stream:
            return stream.read()
    except FileBroken as fault:
        raise NotWhole(BROKEN.format(file.name)) from fault
