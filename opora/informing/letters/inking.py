"""Paper of a print run: letters part by part, then the registers. Each part is committed before the next."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from opora.access.scope import enter
from opora.informing.letters import paper, registers, store
from opora.informing.letters.drawing import BATCH, SQL, SYSTEM
from opora.informing.letters.paper import Paper, Printed
from opora.informing.letters.registers import Row
from opora.informing.letters.words import HOLDS, ItemState, RunState
from opora.informing.models import LetterItem, PrintRun
from opora.knowledge.letters import letterhead
from opora.shared.sql import text

PART = 1_000  # letters in one PDF


def write(run: PrintRun) -> bool:
    """Write what is not on paper yet, then the registers."""
    with enter(SYSTEM):
        run.refresh_from_db()
        look = Paper(letterhead(run.insurer), timezone.localdate(run.made_at), run.envelope, run.is_duplex)
    while run.written < run.drawn:
        part = run.written // PART + 1
        with enter(SYSTEM):
            found = LetterItem.objects.filter(run=run, state=ItemState.READY)
            items = list(found.filter(place__gt=run.written, place__lte=part * PART).order_by("place"))
        with store.written(run.pk, store.part_name(part)) as path:
            sheets = paper.write_part(path, map(_printed, items), look)
        if not _note(run, items, sheets, part):
            store.remove(run.pk)
            return False
    return _finish(run)


def _printed(item: LetterItem) -> Printed:
    return Printed(item.number, (item.addressee, item.address, item.postcode), item.text, item.subject)


def _note(run: PrintRun, items: list[LetterItem], sheets: list[int], part: int) -> bool:
    """Write down that a part is on paper; False — the run was cancelled meanwhile."""
    with enter(SYSTEM), connection.cursor() as cursor:
        ids = [item.pk for item in items]
        cursor.execute(text(SQL / "sheets_of_letters.sql"), {"ids": ids, "sheets": sheets})
        run.written += len(items)
        return bool(
            PrintRun.objects.filter(pk=run.pk, state=RunState.DRAWING).update(
                written=run.written, parts=part, beat_at=timezone.now()
            )
        )


def rewrite_register(run_id: int) -> bool:
    """Write the registers of a run anew, without the letters taken out of it; False — they are as they should be, or
    more was taken out meanwhile, and who did that has asked for another writing."""
    with enter(SYSTEM):
        stale = PrintRun.objects.filter(pk=run_id, has_files=True, is_register_stale=True)
        run = stale.select_related("insurer__territory").first()
        if run is None:
            return False
        _write_registers(run)
        return bool(stale.filter(dropped=run.dropped).update(is_register_stale=False))


def _write_registers(run: PrintRun) -> None:
    title = f"Реестр писем, тираж № {run.pk} от {timezone.localdate(run.made_at):%d.%m.%Y}"
    sender = ", ".join(filter(None, [run.insurer.full_name or run.insurer.name, run.insurer.address]))
    with store.written(run.pk, store.REGISTER_PDF) as path:
        registers.write_pdf(path, _rows(run), title=title, sender=sender)
    with store.written(run.pk, store.REGISTER_XLSX) as path:
        registers.write_book(path, _rows(run))


def _finish(run: PrintRun) -> bool:
    with enter(SYSTEM):
        _write_registers(run)
        now = timezone.now()
        sheets = LetterItem.objects.filter(run=run, state=ItemState.READY).aggregate(n=Sum("sheets"))["n"] or 0
        ready = {"state": RunState.READY, "ready_at": now, "beat_at": now, "sheets": sheets, "has_files": True}
        done = PrintRun.objects.filter(pk=run.pk, state=RunState.DRAWING).update(**ready)
    if not done:
        store.remove(run.pk)
    return bool(done)


def _rows(run: PrintRun) -> Iterator[Row]:
    """The letters of a run as they lie: numbered anew where some were taken out."""
    found = LetterItem.objects.filter(run=run, state__in=HOLDS).order_by("place")
    for place, item in enumerate(found.defer("text", "subject").iterator(chunk_size=BATCH), start=1):
        item.run = run
        yield Row(place, item.number, item.addressee, item.postcode, item.address, item.sheets, item.grams, run.price)
