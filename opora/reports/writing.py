"""What stands in a file somebody has asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from django.utils import timezone

from opora.audit.purposes import Purpose
from opora.reports import analysis, sealed
from opora.reports.writers import write
from opora.shared.tables.beside import beside
from opora.shared.tables.sheets import Book, Sheets
from opora.shared.tables.writing import CsvWriter, private_file
from opora.shared.typography import counted

if TYPE_CHECKING:
    from opora.reports.counting import Report
    from opora.reports.listed import Listing
    from opora.reports.listed_people import PeopleListing
    from opora.reports.models import Export


class Lines(Protocol):
    def rows(self, lines: list[list[Any]]) -> None: ...

    def close(self, after: list[str]) -> None: ...


def write_report(report: Report, export: Export, path: Path) -> int:
    """Write a report; of a sealed one the sealed text. Return how many lines its tables have."""
    counted = sealed.counted(report.seal) if report.seal else analysis.told(report)
    path.write_bytes(write(counted, export.form, seal=report.seal, pack=report.pack))
    return sum(len(table.rows) for table in counted.tables)


def write_rows(export: Export, listing: Listing | PeopleListing, path: Path, tell: Callable[[int], None]) -> int:
    """Write all rows behind a number by the thousand; return how many."""
    written = 0
    with _opened(export, listing, path) as lines:
        with beside() as give:
            for chunk in listing.chunks():
                give(lines.rows, chunk)
                written += len(chunk)
                tell(written)
        lines.close(closing(export, listing))
    return written


def mark(export: Export) -> str:
    """Say who exported persons' data and why, empty for other files."""
    if not export.names_people:
        return ""
    employee, organisation = export.employee, export.assignment.organisation
    why = Purpose(export.purpose).label
    return (
        f"Персональные данные. Выгружено: {employee.full_name}, {organisation.name}, "
        f"{timezone.localtime(export.asked_at):%d.%m.%Y %H:%M}. Зачем: {why}."
    )


def closing(export: Export, listing: Listing | PeopleListing) -> list[str]:
    more = counted(listing.hidden, "обращение", "обращения", "обращений")
    hidden = f"Ещё {more} ведут другие организации: их строк здесь нет." if listing.hidden else ""
    return [line for line in (hidden, mark(export)) if line]


@contextmanager
def _opened(export: Export, listing: Listing | PeopleListing, path: Path) -> Iterator[Lines]:
    if export.form == "csv":
        with private_file(path) as stream:
            yield _Csv(stream, export, listing.head)
        return
    with Book(path) as book:
        about = Sheets(book, "Сведения", _about(export, listing)[:1])
        for text in _about(export, listing)[1:]:
            about.row([text])
        about.close()
        yield Sheets(book, "Строки", listing.head, before=mark(export), foot=mark(export))


def _about(export: Export, listing: Listing | PeopleListing) -> list[str]:
    told = [mark(export)] if export.names_people else []
    seal = export.seal
    return [
        *told,
        export.title,
        f"Отчёт {export.report}, таблица {export.table}, строка {export.row}, графа {export.column}",
        f"Строк за числом: {listing.total}",
        f"Попросили: {timezone.localtime(export.asked_at):%d.%m.%Y %H:%M}, {export.employee.full_name}",
        *([f"Как при закрытии периода, версия {seal.number}, SHA-256 {seal.sha256}"] if seal else []),
    ]


class _Csv:
    """A CSV of persons begins and ends with who exported it and why."""

    def __init__(self, stream: Any, export: Export, head: list[str]) -> None:
        first = mark(export)
        self._writer = CsvWriter(stream, [first] if first else head)
        if first:
            self._writer.row(head)

    def rows(self, lines: list[list[Any]]) -> None:
        self._writer.rows(lines)

    def close(self, after: list[str]) -> None:
        for text in after:
            self._writer.row([text])
