"""The journal as a workbook of 44 headings. Handbook 20 §3.3: codes, every cell a text, dates as ISO."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from opora.exchange.codebook import HMAO
from opora.exchange.formats.journal_workbook import HEADINGS
from opora.exchange.mapping import to_values
from opora.exchange.record import Leaving
from opora.exchange.writers.sending import Sending
from opora.shared.tables import write_xlsx


class JournalWorkbookWriter:
    slug = "g1-journal-xlsx"
    title = "Книга Excel, 44 колонки"
    system = HMAO

    def name(self, sending: Sending) -> str:
        return f"journal_{sending.organisation}_{sending.made_at:%Y%m%d%H%M%S}.xlsx"

    def write(self, leaving: Iterable[Leaving], sending: Sending, target: Path) -> int:
        rows = (to_values(one.record, sending.book, sending.zone) for one in leaving)
        cells = ([values.get(name, "") for name in HEADINGS.values()] for values in rows)
        return write_xlsx(target, list(HEADINGS), cells, sheet="Sheet")
