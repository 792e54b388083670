"""One door to every kind of table."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from opora.shared.tables.source import Kind, Source


@dataclass(slots=True)
class Row:
    """One record of a table: the line it begins on and its cells as text, in the order of ``Table.columns``.

    ``fault`` says what is wrong with the row as a whole (another number of cells, an error value of Excel).
    """

    line: int
    cells: list[str]
    fault: str = ""


class Table(Protocol):
    """Rows one after another. ``columns`` of an XML table grow while it is read; ``done`` is from 0 to 1."""

    columns: list[str]
    attributes: dict[str, str]

    def __iter__(self) -> Iterator[Row]: ...

    @property
    def done(self) -> float: ...


@contextmanager
def _csv(source: Source, delimiter: str) -> Iterator[Table]:
    from opora.shared.tables.csv_table import CsvTable

    with source.open() as stream:
        yield CsvTable(stream, source, delimiter)


@contextmanager
def _xlsx(source: Source) -> Iterator[Table]:
    from opora.shared.tables.xlsx_table import XlsxTable

    with XlsxTable(source) as table:
        yield table


@contextmanager
def _xml(source: Source, record: str) -> Iterator[Table]:
    from opora.shared.tables.xml_table import XmlTable

    with source.open() as stream:
        yield XmlTable(stream, source, record)


def open_table(source: Source, *, delimiter: str = "", record: str = "record") -> AbstractContextManager[Table]:
    """Open a source that was inspected. ``delimiter`` overrules the guess for CSV, ``record`` is the tag of an XML row.

    Opening and reading raise TableRefused with the place of the fault.
    """
    match source.kind:
        case Kind.CSV:
            return _csv(source, delimiter)
        case Kind.XLSX:
            return _xlsx(source)
        case Kind.XML:
            return _xml(source, record)
