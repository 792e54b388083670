"""Loading packs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from opora.deadlines import queries
from opora.deadlines.calendar import DayKind
from opora.deadlines.errors import VersionTaken
from opora.deadlines.events import pack_loaded
from opora.deadlines.models import Pack
from opora.deadlines.packs import PackFile, read_pack, shipped


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading did: the row, whether it is new, the days that work differently now (calendars), and in sentences
    what rooms above did about it."""

    pack: Pack
    is_new: bool
    differences: list[tuple[date, DayKind, DayKind]]
    consequences: tuple[str, ...] = ()


@transaction.atomic
def load_pack(file: PackFile) -> Loaded:
    """Store a version; the same file again changes nothing. Raises VersionTaken when the version holds other content.

    Rooms above hear ``pack_loaded`` in the same transaction and recompute their open clocks.
    """
    known = Pack.objects.filter(kind=file.kind, code=file.code, territory=file.territory, version=file.version).first()
    if known is not None:
        if known.content != file.content:
            raise VersionTaken(
                f"Пак «{known.title}» версии {known.version} уже загружен с другим содержимым. "
                "Дайте новой редакции новую версию."
            )
        return Loaded(known, is_new=False, differences=[])
    before = queries.calendar(file.territory) if Pack.objects.filter(kind=Pack.Kind.CALENDAR).exists() else None
    fields = {name: getattr(file, name) for name in PackFile.__slots__}
    pack = Pack.objects.create(**fields)
    after = queries.calendar(file.territory) if file.kind in {Pack.Kind.CALENDAR, Pack.Kind.REGION} else None
    differences = before.differences(after) if before and after else []
    answers = pack_loaded.send(sender=Pack, pack=pack, differences=differences)
    consequences = tuple(sentence for _, sentences in answers for sentence in sentences or ())
    return Loaded(pack, is_new=True, differences=differences, consequences=consequences)


def load_shipped_packs(**_: Any) -> None:
    """Load the packs that come with the program; those already there stay as they are."""
    for path in shipped():
        load_pack(read_pack(path))
