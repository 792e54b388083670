"""XLSX read as a stream: the sheet by an XML pull parser, shared strings spilled to disk when there are many.

python-calamine is faster but keeps the whole sheet in memory; a million rows would not fit the promise of 500 MB.
"""

import os
import re
import tempfile
import zipfile
from array import array
from collections.abc import Iterator
from datetime import date, timedelta
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

from lxml import etree

from opora.shared.tables.csv_table import check_columns
from opora.shared.tables.errors import TableRefused
from opora.shared.tables.parsers import piece_by_piece, whole
from opora.shared.tables.reading import Row
from opora.shared.tables.source import DAMAGED, Source
from opora.shared.tables.xml_table import explained, refuse_doctype

CHUNK = 1 << 16
SMALL_PART = 32 << 20
ROW_BYTES = 32 << 20
IN_MEMORY = 24 << 20
DATE_FORMATS = {14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 30, 36, 45, 46, 47, 50, 57}
LAST_SERIAL = 2_958_465  # 31.12.9999
EXACT = 10**15  # Excel keeps fifteen digits of a number


class XlsxTable:
    """A Table over the first sheet of a book. Dates come as ``YYYY-MM-DD``, whole numbers without a point."""

    def __init__(self, source: Source) -> None:
        self.attributes: dict[str, str] = {}
        self.columns: list[str] = []
        self._source = source
        self._read_bytes = 0
        self._sheet_size = 1
        self._since_row = 0

    def __enter__(self) -> Self:
        try:
            self._archive = zipfile.ZipFile(self._source.path)
            self._sheet, self._is_1904 = self._find_sheet()
            self._sheet_size = max(self._archive.getinfo(self._sheet).file_size, 1)
            self._dates = self._date_styles()
            self._strings = Strings(self._part_strings())
            self._rows = self._read()
            self._take_header()
        except (*DAMAGED, KeyError) as fault:
            raise _damaged() from fault
        except etree.XMLSyntaxError as fault:
            raise _damaged() from fault
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._strings.close()
        self._archive.close()

    def __iter__(self) -> Iterator[Row]:
        width = len(self.columns)
        for line, cells, fault in self._rows:
            if not any(cells):
                continue
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
            if len(cells) > width:
                fault = fault or f"заполнено колонок {len(cells)}, а в заголовке {width}"
            yield Row(line, cells + [""] * (width - len(cells)), fault)

    @property
    def done(self) -> float:
        return min(self._read_bytes / self._sheet_size, 1.0)

    def _take_header(self) -> None:
        first = next(self._rows, None)
        if first is None:
            raise TableRefused("Первый лист книги пуст: нет строки заголовка.")
        self.columns = [" ".join(name.split()) for name in first[1]]
        while self.columns and not self.columns[-1]:
            self.columns.pop()
        if len(self.columns) < 2:
            raise TableRefused("В первой строке книги меньше двух колонок: это не заголовок таблицы.")
        check_columns(self.columns)

    def _small(self, name: str) -> Any:
        if self._archive.getinfo(name).file_size > SMALL_PART:
            raise TableRefused("Служебная часть книги больше 32 МБ: книга испорчена.")
        root = etree.fromstring(self._archive.read(name), whole())
        refuse_doctype(root)
        return root

    def _find_sheet(self) -> tuple[str, bool]:
        book = self._small("xl/workbook.xml")
        sheet = book.find("{*}sheets/{*}sheet")
        if sheet is None:
            raise TableRefused("В книге нет листов.")
        key = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
        links = self._small("xl/_rels/workbook.xml.rels")
        target = next((link.get("Target") for link in links if link.get("Id") == key), "")
        settings = book.find("{*}workbookPr")
        is_1904 = settings is not None and settings.get("date1904") in ("1", "true")
        return target.lstrip("/") if target.startswith("/") else f"xl/{target}", is_1904

    def _date_styles(self) -> list[bool]:
        if "xl/styles.xml" not in self._archive.namelist():
            return []
        styles = self._small("xl/styles.xml")
        own = {
            int(form.get("numFmtId")): form.get("formatCode", "") for form in styles.iterfind("{*}numFmts/{*}numFmt")
        }
        codes = [int(cell.get("numFmtId") or 0) for cell in styles.iterfind("{*}cellXfs/{*}xf")]
        return [_is_date_format(own[code]) if code in own else code in DATE_FORMATS for code in codes]

    def _part_strings(self) -> Iterator[str]:
        if "xl/sharedStrings.xml" not in self._archive.namelist():
            return
        for element in self._elements("xl/sharedStrings.xml", "si"):
            yield self._text_of(element, None)

    def _elements(self, part: str, tag: str, *, counted: bool = False) -> Iterator[Any]:
        parser = piece_by_piece("start", "end", tag=(f"{{*}}{tag}", "{*}sst", "{*}worksheet"))
        silence = 0
        at_end = False
        try:
            with self._archive.open(part) as packed:
                stream = cast(BinaryIO, packed)
                while chunk := stream.read(CHUNK):
                    silence += len(chunk)
                    self._read_bytes += len(chunk) if counted else 0
                    parser.feed(chunk)
                    events: Any = parser.read_events()
                    for event, element in events:
                        if event == "start":
                            if element.getparent() is None:
                                refuse_doctype(element)
                            continue
                        if not element.tag.endswith("}" + tag) and element.tag != tag:
                            continue
                        silence = 0
                        yield element
                        element.clear()
                        while element.getprevious() is not None:
                            del element.getparent()[0]
                    if silence > ROW_BYTES:
                        raise TableRefused("Одна строка книги длиннее 32 МБ: книга испорчена.")
                at_end = True
                parser.close()
        except DAMAGED as fault:
            raise _damaged() from fault
        except etree.XMLSyntaxError as fault:
            raise explained(fault, parser.feed_error_log, at_end=at_end) from fault

    def _text_of(self, element: Any, line: int | None) -> str:
        """Text of a shared or inline string: plain or of pieces; phonetic hints are left out."""
        first = element.find("{*}t")
        if first is not None and len(element) == 1:
            text = first.text or ""
        else:
            pieces = list(element.iterfind("{*}r/{*}t")) or ([first] if first is not None else [])
            text = "".join(piece.text or "" for piece in pieces)
        if len(text) > self._source.limits.cell:
            raise TableRefused(f"в ячейке {len(text)} знаков, можно до {self._source.limits.cell}.", line=line)
        return _escapes(text) if "_x" in text else text

    def _read(self) -> Iterator[tuple[int, list[str], str]]:
        line = 0
        for row in self._elements(self._sheet, "row", counted=True):
            line = int(row.get("r") or line + 1)
            cells: list[str] = []
            fault = ""
            for cell in row:
                place = _place(cell.get("r")) if cell.get("r") else len(cells)
                if place > 16_384:
                    raise TableRefused("в строке больше 16 384 колонок: книга испорчена.", line=line)
                text, wrong = self._value(cell, line)
                fault = fault or wrong
                if place >= len(cells):
                    cells.extend([""] * (place + 1 - len(cells)))
                cells[place] = text
            yield line, cells, fault

    def _value(self, cell: Any, line: int) -> tuple[str, str]:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inner = cell.find("{*}is")
            return (self._text_of(inner, line) if inner is not None else ""), ""
        node = cell.find("{*}v")
        raw = (node.text or "") if node is not None else ""
        if not raw:
            return "", ""
        if kind == "s":
            return self._strings[int(raw)], ""
        if kind == "e":
            return "", f"в ячейке {cell.get('r')} ошибка Excel {raw[:12]}"
        if kind in ("str", "d", "b"):
            return raw[:10] if kind == "d" else raw, ""
        return self._number(raw, int(cell.get("s") or 0), cell.get("r") or "")

    def _number(self, raw: str, style: int, place: str) -> tuple[str, str]:
        try:
            number = float(raw)
        except ValueError:
            return raw, ""
        if style < len(self._dates) and self._dates[style]:
            day = from_serial(number, is_1904=self._is_1904)
            return (day, "") if day else (raw, f"в ячейке {place} число {raw[:20]} не может быть датой")
        if number.is_integer():
            wrong = f"в ячейке {place} длинное число: Excel хранит 15 цифр, сделайте колонку текстовой"
            return str(int(number)), wrong if abs(number) >= EXACT else ""
        return raw, ""


class Strings:
    """The shared strings of a book: a list while they are few, a file with offsets when they are many."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._list: list[str] = []
        self._offsets = array("Q", [0])
        self._file: Any = None
        size = 0
        for text in texts:
            if self._file is None:
                self._list.append(text)
                size += len(text) + 60
                if size > IN_MEMORY:
                    self._spill()
            else:
                self._write(text)
        if self._file is not None:
            self._file.flush()

    def __getitem__(self, index: int) -> str:
        if self._file is None:
            if not 0 <= index < len(self._list):
                raise _damaged()
            return self._list[index]
        if not 0 <= index < len(self._offsets) - 1:
            raise _damaged()
        start, end = self._offsets[index], self._offsets[index + 1]
        return os.pread(self._file.fileno(), end - start, start).decode()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _spill(self) -> None:
        self._file = tempfile.TemporaryFile(buffering=1 << 20)  # noqa: SIM115 — closed with the table
        for text in self._list:
            self._write(text)
        self._list = []

    def _write(self, text: str) -> None:
        packed = text.encode(errors="replace")
        self._file.write(packed)
        self._offsets.append(self._offsets[-1] + len(packed))


def from_serial(number: float, *, is_1904: bool = False) -> str:
    """Return the day Excel means by a number, or an empty text for one that is no day.

    >>> from_serial(31120), from_serial(59), from_serial(-1)
    ('1985-03-14', '1900-02-28', '')
    """
    if is_1904:
        number += 1462
    if not 1 <= number <= LAST_SERIAL:
        return ""
    whole = int(number) + (1 if number < 60 else 0)  # Excel believes that 1900 was a leap year
    return (date(1899, 12, 30) + timedelta(days=whole)).isoformat()


def _is_date_format(code: str) -> bool:
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code).lower()
    return bool(re.search("[dyдг]|m{2,}|м{2,}", bare)) and "0" not in bare.replace("ss.0", "")


def _place(reference: str) -> int:
    place = 0
    for letter in reference:
        if not "A" <= letter <= "Z":
            break
        place = place * 26 + ord(letter) - 64
    return place - 1


def _escapes(text: str) -> str:
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def _damaged() -> TableRefused:
    return TableRefused("Книга оборвана или повреждена. Сохраните её в Excel ещё раз и передайте заново.")
