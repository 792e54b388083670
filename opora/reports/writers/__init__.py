"""A counted report as a file: ``write(counted, "xlsx", seal=seal)`` → bytes.

Words: Sheet (a table laid out: headings, lines, texts of cells). A file says whose report it is, by which edition of
the form, and of a sealed one — which version, who sealed it, when, and the hash. The same report gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from opora.reports.errors import NoSuchFormat
from opora.reports.pictures import still
from opora.reports.writers.layout import Paper, lay_out

if TYPE_CHECKING:
    from opora.reports.counting import Counted
    from opora.reports.definitions import ReportPack
    from opora.reports.models import Seal

TYPES = {
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
}
FORMATS = frozenset(TYPES)
DRAWN = frozenset(["html", "docx", "pdf"])  # those with charts
TITLES = {"html": "HTML", "xlsx": "Excel", "docx": "Word", "pdf": "PDF", "csv": "CSV", "json": "JSON"}


def write(counted: Counted, form: str, *, seal: Seal | None = None, pack: ReportPack | None = None) -> bytes:
    """Return the file of a report; ``pack`` is its form, which says what charts it has. Raises NoSuchFormat."""
    if form == "json":
        return counted.text.encode()
    if form not in FORMATS:
        raise NoSuchFormat
    charts = still(counted, pack) if pack and form in DRAWN else {}
    has_codes = pack is None or pack.has_numbered_lines
    return _writer(form)(lay_out(counted, seal=seal, charts=charts, has_codes=has_codes))


def name_of(report: str, subject: str, period: str, form: str, *, is_narrowed: bool = False) -> str:
    """Return the name of the file; one narrowed is not taken for the whole.

    >>> name_of("pg-a", "54001", "2025-01:08", "xlsx")
    'pg-a-54001-2025-01-08.xlsx'
    """
    return f"{report}-{subject}-{period.replace(':', '-')}{'-otbor' if is_narrowed else ''}.{form}"


def _writer(form: str) -> Callable[[Paper], bytes]:
    """Libraries of documents are loaded with the first file of their kind."""
    if form == "xlsx":
        from opora.reports.writers.book import book

        return book
    if form == "docx":
        from opora.reports.writers.document import document

        return document
    if form == "pdf":
        from opora.reports.writers.page import page

        return page
    if form == "csv":
        from opora.reports.writers.lines import lines

        return lines
    from opora.reports.writers.web import web

    return web
