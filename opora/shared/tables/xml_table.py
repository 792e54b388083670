"""XML, record by record: no DTD, no entities, no network, nothing kept of what was read."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from opora.shared.tables.errors import TableRefused
from opora.shared.tables.parsers import piece_by_piece
from opora.shared.tables.reading import Row
from opora.shared.tables.source import Source

CHUNK = 1 << 16
ENTITIES, ENCODINGS, CUT = {26, 27, 28, 89, 104}, {31, 32, 81}, {5, 74, 77}  # error codes of libxml2
WITHOUT_RECORD = 8 << 20  # bytes: a record longer than this is not one


class XmlTable:
    """A Table over ``<root><record>…</record>…</root>``.

    A column is the path of tags joined by ``_``: ``<policy><number>`` is ``policy_number``; the second ``<policy>`` of
    a record gives ``policy_number_2``. Attributes of the root are ``attributes``.
    """

    def __init__(self, stream: BinaryIO, source: Source, record: str) -> None:
        self.columns: list[str] = []
        self.attributes: dict[str, str] = {}
        self._places: dict[str, int] = {}
        self._stream = stream
        self._source = source
        self._record = record
        self._silence = 0
        self._number = 0
        self._rows: Iterator[Row] = self._read()

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    @property
    def done(self) -> float:
        return min(self._stream.tell() / max(self._source.size, 1), 1.0)

    def _read(self) -> Iterator[Row]:
        parser = piece_by_piece("end", tag=f"{{*}}{self._record}")
        met = at_end = False
        try:
            while chunk := self._stream.read(CHUNK):
                self._silence += len(chunk)
                parser.feed(chunk)
                events: Any = parser.read_events()
                for _, element in events:
                    if not met:
                        self._meet(element.getroottree().getroot())
                        met = True
                    yield from self._row(element)
                if self._silence > WITHOUT_RECORD:
                    raise TableRefused("Одна запись XML длиннее 8 МБ: файл испорчен или это другой формат.")
            at_end = True
            root = parser.close()
            if not met:
                self._meet(root)
        except etree.XMLSyntaxError as fault:
            raise explained(fault, parser.feed_error_log, at_end=at_end) from fault

    def _meet(self, root: Any) -> None:
        refuse_doctype(root)
        self.attributes = {etree.QName(name).localname: value for name, value in root.attrib.items()}

    def _row(self, element: Any) -> Iterator[Row]:
        self._silence = 0
        self._number += 1
        line = element.sourceline or self._number
        yield Row(line, self._cells(element, line))
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]

    def _cells(self, element: Any, line: int) -> list[str]:
        cells = [""] * len(self.columns)
        seen: Counter[str] = Counter()
        for child in element:
            tag = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else "?"
            seen[tag] += 1
            suffix = f"_{seen[tag]}" if seen[tag] > 1 else ""
            if len(child):
                for leaf in child:
                    name = f"{tag}_{leaf.tag.rpartition('}')[2] if isinstance(leaf.tag, str) else '?'}{suffix}"
                    self._put(cells, name, leaf.text or "", line)
            else:
                self._put(cells, tag + suffix, child.text or "", line)
        return cells

    def _put(self, cells: list[str], name: str, text: str, line: int) -> None:
        if len(text) > self._source.limits.cell:
            raise TableRefused(
                f"в поле {len(text)} знаков, можно до {self._source.limits.cell}.", line=line, column=name
            )
        place = self._places.get(name)
        if place is None:
            if len(self.columns) > 1000:
                raise TableRefused("Разных полей в XML больше тысячи: это другой формат.", line=line)
            place = self._places[name] = len(self.columns)
            self.columns.append(name)
        if place >= len(cells):
            cells.extend([""] * (place + 1 - len(cells)))
        cells[place] = text


def refuse_doctype(root: Any) -> None:
    """Refuse a document with a DTD: we never need one, and it is how entities come in. Raises TableRefused."""
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise TableRefused("В XML объявлен DOCTYPE. Такие файлы не читаем: уберите объявление и сущности.")


def explained(fault: etree.XMLSyntaxError, log: Any = (), *, at_end: bool = False) -> TableRefused:
    """Return the refusal for what the parser met; ``log`` is its ``feed_error_log``, ``at_end`` — while closing."""
    codes = {entry.type for entry in log} | {getattr(fault, "code", None)}
    line = fault.lineno or next((entry.line for entry in log), None)
    text = str(fault).lower()
    if codes & ENTITIES or "entity" in text:
        return TableRefused("в XML встретилась сущность (&…;), такие файлы не читаем.", line=line)
    if "huge" in text or "too long" in text or "depth" in text:
        return TableRefused("текст или вложенность в XML больше допустимого.", line=line)
    if codes & ENCODINGS or "encoding" in text or "not proper utf-8" in text:
        return TableRefused("кодировка в объявлении XML не та, в которой записан файл.", line=line)
    if at_end or codes & CUT or "document is empty" in text:
        return TableRefused("файл обрывается: XML не закрыт до конца.", line=line)
    return TableRefused("файл не разбирается как XML.", line=line)
