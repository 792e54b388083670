"""CSV, line by line: the separator is found in the header, every line is bounded."""

import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from opora.shared.tables.errors import TableRefused
from opora.shared.tables.reading import Row
from opora.shared.tables.source import Source

DELIMITERS = ";\t,|"
NAMES = {";": "точкой с запятой", "\t": "табуляцией", ",": "запятой", "|": "чертой"}


class CsvTable:
    """A Table over the bytes of a CSV. The first line is the header."""

    def __init__(self, stream: BinaryIO, source: Source, delimiter: str = "") -> None:
        self.attributes: dict[str, str] = {}
        self._stream = stream
        self._source = source
        self._ended = True  # the last line read ends with a line feed
        csv.field_size_limit(source.limits.line)
        # We look for a BOM ourselves so that a wanted "utf-8" also takes "utf-8-sig".
        encoding = {"utf-8": "utf-8-sig"}.get(source.encoding, source.encoding)
        self._text = io.TextIOWrapper(stream, encoding, errors="strict", newline="")
        lines = self._lines()
        first = next(lines, "")
        self._delimiter = delimiter or _delimiter_of(first)
        self._reader = csv.reader(_chain(first, lines), delimiter=self._delimiter, strict=True)
        self.columns = self._header()

    def __iter__(self) -> Iterator[Row]:
        width = len(self.columns)
        reader = self._reader
        longest = self._source.limits.cell
        while True:
            line = reader.line_num + 1
            cells = self._next()
            if cells is None:
                return
            if not any(cells):
                continue
            if len(cells) == width:
                if self._is_long:
                    self._check_cells(cells, line, longest)
                yield Row(line, cells)
                continue
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
            yield Row(line, cells, "" if len(cells) == width else self._mismatch(cells, line))

    @property
    def done(self) -> float:
        return min(self._stream.tell() / max(self._source.size, 1), 1.0)

    def _lines(self) -> Iterator[str]:
        limit = self._source.limits.line
        longest = self._source.limits.cell
        self._is_long = False
        number = 0
        while True:
            number += 1
            try:
                line = self._text.readline(limit + 1)
            except UnicodeError as fault:
                raise TableRefused(
                    f"байты не читаются как {self._source.encoding}: файл повреждён или оборван.", line=number
                ) from fault
            if not line:
                return
            if len(line) > limit:
                raise TableRefused(f"строка длиннее {limit} знаков: не закрыта кавычка или это не CSV.", line=number)
            self._is_long = len(line) > longest
            self._ended = line.endswith(("\n", "\r"))
            yield line

    def _next(self) -> list[str] | None:
        try:
            return next(self._reader, None)
        except csv.Error as fault:
            raise _explained(fault, self._reader.line_num) from fault

    def _header(self) -> list[str]:
        names = [" ".join(name.split()) for name in self._next() or []]
        if len(names) < 2:
            raise TableRefused(
                "Колонки не разделены: в первой строке одна колонка. Разделите их точкой с запятой, запятой "
                "или табуляцией."
            )
        check_columns(names)
        return names

    def _mismatch(self, cells: list[str], line: int) -> str:
        if not self._ended and len(cells) < len(self.columns):
            raise TableRefused("файл обрывается на этой строке: в ней не хватает колонок.", line=line)
        if len(cells) == 1 and line <= 3:
            other = next((sign for sign in DELIMITERS if cells[0].count(sign) == len(self.columns) - 1), "")
            if other:
                raise TableRefused(
                    f"заголовок разделён {NAMES[self._delimiter]}, а строка — {NAMES[other]}. "
                    "Разделитель должен быть один.",
                    line=line,
                )
        return f"колонок {len(cells)}, а в заголовке {len(self.columns)}"

    def _check_cells(self, cells: list[str], line: int, longest: int) -> None:
        for name, cell in zip(self.columns, cells, strict=True):
            if len(cell) > longest:
                raise TableRefused(
                    f"в ячейке {len(cell)} знаков, можно до {longest}: не закрыта кавычка или файл испорчен.",
                    line=line,
                    column=name,
                )


def check_columns(names: list[str]) -> None:
    """Refuse a header with a column named twice or a name longer than a name can be. Raises TableRefused."""
    seen: set[str] = set()
    for name in names:
        if len(name) > 200:
            raise TableRefused("В заголовке название длиннее 200 знаков: это не заголовок таблицы.", line=1)
        key = name.casefold()
        if key and key in seen:
            raise TableRefused("колонка названа в заголовке дважды.", line=1, column=name)
        seen.add(key)


def _delimiter_of(line: str) -> str:
    bare = re.sub(r'"[^"]*"', "", line)
    best = max(DELIMITERS, key=bare.count)
    return best if best in bare else ";"


def _chain(first: str, lines: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
        yield from lines


def _explained(fault: csv.Error, line: int) -> TableRefused:
    text = str(fault)
    if "unexpected end of data" in text:
        return TableRefused("файл обрывается: открыта кавычка, а закрывающей нет.", line=line)
    if "field larger" in text:
        return TableRefused("ячейка слишком длинная: не закрыта кавычка.", line=line)
    if "expected after" in text:
        return TableRefused(
            "после закрывающей кавычки стоит не разделитель. Кавычку внутри ячейки пишут дважды.", line=line
        )
    return TableRefused("строка не разбирается как CSV.", line=line)
