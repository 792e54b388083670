"""A book of Excel of any number of rows: streamed into the file, sheet after sheet, in constant memory.

A million rows of sixteen columns take XlsxWriter some hundred seconds of processor time; texts written in place, most
of which come again and again, take a fraction of it. Source of the form: ECMA-376, part 1, SpreadsheetML.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Self
from xml.sax.saxutils import escape

from opora.shared.spreadsheets import harmless

MOST_ROWS = 1_048_576
LONGEST = 32_767
PIECE = 1_000  # rows given to the compressor at once
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/>'
    '<sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs '
    'count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs>'
    "</styleSheet>"
)


class Book:
    """``with Book(path) as book`` — sheets are written one after another; what is left by an error is no book."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._names: list[str] = []
        self._last: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._finish()
        elif self._last is not None:
            self._last.close()  # else the archive complains of it, and nobody hears of the error
        self._zip.close()

    def sheet(self, name: str) -> IO[bytes]:
        self._names.append(name[:31])
        self._last = self._zip.open(f"xl/worksheets/sheet{len(self._names)}.xml", "w", force_zip64=True)
        return self._last

    def _finish(self) -> None:
        numbered = list(enumerate(self._names, 1))
        sheets = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered)
        targets = "".join(
            f'<Relationship Id="rId{n}" Type="{RELATED}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n, _ in numbered
        )
        targets += f'<Relationship Id="rId{len(numbered) + 1}" Type="{RELATED}/styles" Target="styles.xml"/>'
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{OFFICE}.worksheet+xml"/>'
            for n, _ in numbered
        )
        for name, text in {
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets>{sheets}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{targets}</Relationships>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{OFFICE}.sheet.main'
            f'+xml"/><Override PartName="/xl/styles.xml" ContentType="{OFFICE}.styles+xml"/>{parts}</Types>',
        }.items():
            self._zip.writestr(name, HEAD + text)
        self._zip.writestr("xl/styles.xml", STYLES)


class Sheets:
    """Rows over as many sheets as they need: a head on each, ``before`` it a line of text, ``foot`` on printed pages.

    Numbers stay numbers, every other cell is a harmless text. ``widths`` of columns by their heads, in signs.
    """

    def __init__(
        self,
        book: Book,
        title: str,
        head: Sequence[str],
        *,
        before: str = "",
        foot: str = "",
        widths: Mapping[str, int] | None = None,
    ) -> None:
        self._book, self._title, self._head, self._before, self._foot = book, title[:24], head, before, foot
        self._widths = widths or {}
        self._sheet: IO[bytes] | None = None
        self._place, self._count = MOST_ROWS, 0
        self._pending: list[str] = []
        self.written = 0

    def row(self, cells: Sequence[Any]) -> None:
        self._put(cells)
        self.written += 1

    def rows(self, lines: Iterable[Sequence[Any]]) -> None:
        for cells in lines:
            self.row(cells)

    def close(self, after: Sequence[str] = ()) -> None:
        """Add lines of text under the last row and end the sheet; with no rows at all the head stands alone."""
        for text in after:
            self._put([text])
        if self._sheet is None:
            self._begin()
        self._end()

    def _put(self, cells: Sequence[Any], style: str = "") -> None:
        if self._place >= MOST_ROWS:
            self._end()
            self._begin()
        self._place += 1
        self._pending.append(f"<row>{''.join([_cell(one, style) for one in cells])}</row>")
        if len(self._pending) >= PIECE:
            self._flush()

    def _begin(self) -> None:
        self._count += 1
        self._place = 0
        self._sheet = self._book.sheet(f"{self._title} {self._count}")
        top = 2 if self._before else 1
        wide = [self._widths.get(name, max(12, min(40, len(name) + 4))) for name in self._head]
        widths = "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(wide, 1))
        self._pending.append(
            f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane xSplit="1" '
            f'ySplit="{top}" topLeftCell="B{top + 1}" state="frozen"/></sheetView></sheetViews>'
            f"<cols>{widths}</cols><sheetData>"
        )
        if self._before:
            self._put([self._before], ' s="1"')
        self._put(self._head, ' s="1"')

    def _end(self) -> None:
        if self._sheet is None:
            return
        foot = f"<headerFooter><oddFooter>{escape('&L' + self._foot[:200])}</oddFooter></headerFooter>"
        self._pending.append(f"</sheetData>{foot if self._foot else ''}</worksheet>")
        self._flush()
        self._sheet.close()
        self._sheet = None

    def _flush(self) -> None:
        if self._sheet is not None:
            self._sheet.write("".join(self._pending).encode())
        self._pending.clear()


def _cell(value: Any, style: str) -> str:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"<c{style}><v>{value}</v></c>"
    return _text("" if value is None else str(value), style)


@lru_cache(maxsize=20_000)
def _text(text: str, style: str) -> str:
    """Return a cell with a text in place; kinds, topics and names of organisations come again and again."""
    if not text:
        return "<c/>"
    shown = escape(UNFIT.sub("", harmless(text))[:LONGEST])
    return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{shown}</t></is></c>'
