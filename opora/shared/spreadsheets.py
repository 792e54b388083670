"""Tables that leave the house: as CSV or XLSX, cells as text, so that no program on the way runs a formula.

Source: domain handbook 10 §3, row 9.
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
BOM = "\ufeff"
XLSX_ROWS = 1_048_575


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def harmless(value: Any) -> str:
    """Return the text of a cell; one that a spreadsheet would compute gets an apostrophe in front.

    >>> harmless("=1+1"), harmless("Иванова"), harmless(None), harmless(" =1")
    ("'=1+1", 'Иванова', '', "' =1")
    """
    text = "" if value is None else str(value)
    if text[:1].isalnum():  # nearly every cell
        return text
    return f"'{text}" if text.lstrip(" \u00a0").startswith(DANGEROUS) else text


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield the lines of a CSV that Russian Excel opens by a double click: BOM, semicolons."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield BOM + writer.writerow(head)
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def xlsx_file(head: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str) -> IO[bytes]:
    """Return a workbook with one sheet, written row by row; at most XLSX_ROWS rows, every cell a text."""
    import xlsxwriter

    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True})
        for column, name in enumerate(head):
            sheet.write_string(0, column, name, bold)
        for number, row in zip(range(1, XLSX_ROWS + 1), rows, strict=False):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, harmless(cell)[:32_767])
        sheet.freeze_panes(1, 0)
    file.seek(0)
    return file
