"""Reading of an XML list by its tree: one record at a time, nothing kept of what was read, every departure said.

The shape of a record (the row of its tags) is compared with the tree once for each distinct shape, not for each record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from opora.exchange.findings import Block, Finding, Record
from opora.exchange.format import Content
from opora.exchange.tree import Node, Tree, value_names
from opora.shared.tables.errors import TableRefused
from opora.shared.tables.parsers import piece_by_piece
from opora.shared.tables.xml_table import explained, refuse_doctype

CHUNK = 1 << 18
WITHOUT_RECORD = 8 << 20  # bytes: what is longer is no record of ours
MOST_SHAPES = 2000
MOST_SHORT = 1 << 16
SHORT = 12  # longer values are rarely the same in two records
SAID = 60  # characters of a foreign tag that we repeat

Fault = tuple[str, str]
"""Field and sentence."""


def read_tree(stream: BinaryIO, tree: Tree) -> Content:
    """Return everything the stream holds. Raises TableRefused for what is no XML, or not this tree at all."""
    return _Reading(tree).read(stream)


class _Element:
    """A node made ready for reading: where its leaves go, and the shapes of it met so far."""

    __slots__ = ("children", "fits", "is_open", "is_ordered", "is_single", "key", "node", "shapes", "skips")

    def __init__(self, node: Node, path: str, tree: Tree, scope: dict[str, str], skipped: Node) -> None:
        self.node = node
        self.key = scope.get(path, node.name)
        self.fits = node.shape.fits if node.shape else None
        self.is_single = not node.repeats
        self.skips = node is skipped
        self.is_ordered, self.is_open = tree.ordered, tree.is_open
        self.shapes: dict[tuple[str, ...], tuple[list[_Element | None], list[Fault]]] = {}
        self.children: dict[str, _Element] = {}
        for child in node.children if not self.skips else ():
            inner = f"{path}/{child.name}" if path else child.name
            own, inner = (value_names(child), "") if child.repeats and child.shape is None else (scope, inner)
            self.children[child.name] = _Element(child, inner, tree, own, skipped)

    def fault(self, value: str) -> str:
        return self.node.shape.fault(value) if self.node.shape else ""

    def slots(self, tags: tuple[str, ...]) -> tuple[list[_Element | None], list[Fault]]:
        """Return for every child what it is (None — not to be read) and what is wrong with the row of tags."""
        found = self.shapes.get(tags)
        if found is None:
            found = self._compare(tags)
            if len(self.shapes) < MOST_SHAPES:
                self.shapes[tags] = found
        return found

    def _compare(self, tags: tuple[str, ...]) -> tuple[list[_Element | None], list[Fault]]:
        names = [tag.rpartition("}")[2] for tag in tags]
        slots: list[_Element | None] = []
        faults: list[Fault] = []
        met: Counter[str] = Counter()
        for name in names:
            child = self.children.get(name)
            met[name] += 1
            is_read = child is not None and not child.skips and met[name] <= child.node.high
            slots.append(child if is_read else None)
        for name, times in met.items():
            child = self.children.get(name)
            if child is None:
                if self.is_open:
                    continue
                faults.append((name[:SAID], f"Элемент <{name[:SAID]}> здесь не ждали"))
            elif times > child.node.high:
                faults.append((name, f"Элемент <{name}> стоит {times} раз, можно до {child.node.high}"))
        for name, child in self.children.items():
            if met[name] < child.node.low and not child.skips:
                faults.append((name, _missing(child.node, met[name])))
        if self.is_ordered:
            faults += self._disorder(names)
        return slots, faults

    def _disorder(self, names: list[str]) -> Iterator[Fault]:
        places = {name: place for place, name in enumerate(self.children)}
        last = ""
        for name in names:
            if name not in places:
                continue
            if last and places[name] < places[last]:
                yield name, f"Элемент <{name}> стоит не на своём месте: ему быть раньше <{last}>"
                return
            last = name


def _missing(node: Node, times: int) -> str:
    if node.high == 1:
        return f"Нет обязательного элемента <{node.name}>"
    least = "хотя бы один" if node.low == 1 else f"нужно {node.low}"
    return f"Элементов <{node.name}> {times}, а {least}"


class _Short(dict[str, str]):
    """One object for each of the short values (codes, days) that thousands of records share."""

    def __missing__(self, value: str) -> str:
        if len(self) < MOST_SHORT:
            self[value] = value
        return value


class _Reading:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        node = tree.record_node
        self._outside = _Element(tree.root, "", tree, value_names(tree.root, without=node), node)
        nobody = Node("", 0, 0)
        self._inside = _Element(node, "", tree, value_names(node), nobody)
        self._path = [tree.root.name, *tree.record.split("/")]
        self._content = Content()
        self._short = _Short()
        self._silence = 0

    def read(self, stream: BinaryIO) -> Content:
        parser = piece_by_piece("end", tag=f"{{*}}{self._path[-1]}")
        met = at_end = False
        try:
            while chunk := stream.read(CHUNK):
                self._silence += len(chunk)
                parser.feed(chunk)
                events: Any = parser.read_events()
                for _, element in events:
                    if not met:
                        self._meet(element.getroottree().getroot())
                        met = True
                    self._record(element)
                if self._silence > WITHOUT_RECORD:
                    raise TableRefused("8 МБ подряд без единой записи: файл испорчен или это другой формат.")
            at_end = True
            root = parser.close()
        except etree.XMLSyntaxError as fault:
            raise explained(fault, parser.feed_error_log, at_end=at_end) from fault
        self._meet(root)
        self._root(root)
        return self._content

    def _meet(self, root: Any) -> None:
        refuse_doctype(root)
        name = etree.QName(root).localname
        if name != self._tree.root.name:
            raise TableRefused(f"Корень файла <{name[:SAID]}>, а нужен <{self._tree.root.name}>.")

    def _record(self, element: Any) -> None:
        parent = element.getparent()
        if not self._is_record(parent):
            return
        self._silence = 0
        faults: list[Fault] = []
        values: dict[str, str] = {}
        blocks: dict[str, list[Block]] = {}
        self._fill(self._inside, element, values, blocks, faults)
        place = len(self._content.records) + 1
        record = Record(place, values.get(self._tree.key, ""), values, blocks)
        self._content.records.append(record)
        for field, sentence in faults:
            self._content.findings.append(Finding(field, sentence, record.key or None, place))
        element.clear()
        former = element.getprevious()
        if former is not None and former.tag == element.tag:
            parent.remove(former)

    def _is_record(self, parent: Any) -> bool:
        for name in reversed(self._path[:-1]):
            if parent is None or parent.tag.rpartition("}")[2] != name:
                return False
            parent = parent.getparent()
        return parent is None

    def _root(self, root: Any) -> None:
        content, faults = self._content, list[Fault]()
        for name, value in root.attrib.items():
            content.header[f"@{name.rpartition('}')[2]}"] = value.strip()
        self._fill(self._outside, root, content.header, content.blocks, faults)
        node = self._tree.record_node
        count = len(content.records)
        if count < node.low:
            faults.append((node.name, f"В файле нет записей <{node.name}>"))
        elif count > node.high:
            faults.append((node.name, f"В файле {count} записей <{node.name}>, можно до {node.high}"))
        content.findings[:0] = [Finding(field, sentence) for field, sentence in faults]

    def _fill(
        self,
        plan: _Element,
        element: Any,
        values: dict[str, str],
        blocks: dict[str, list[Block]],
        faults: list[Fault],
    ) -> None:
        children = list(element)
        slots, wrong = plan.slots(tuple([child.tag for child in children]))
        if wrong:
            faults += wrong
        short = self._short
        for child, slot in zip(children, slots, strict=True):
            if slot is None:
                continue
            if (fits := slot.fits) is None:
                self._inner(slot, child, values, blocks, faults)
                continue
            value = (child.text or "").strip()
            if len(child):
                faults.append((slot.node.name, f"Внутри <{slot.node.name}> не ждали других элементов"))
            elif not fits(value):
                faults.append((slot.node.name, slot.fault(value)))
            if len(value) <= SHORT:
                value = short[value]
            if slot.is_single:
                values[slot.key] = value
            else:
                blocks.setdefault(slot.key, []).append(Block({slot.key: value}))

    def _inner(
        self,
        slot: _Element,
        child: Any,
        values: dict[str, str],
        blocks: dict[str, list[Block]],
        faults: list[Fault],
    ) -> None:
        if slot.is_single:
            self._fill(slot, child, values, blocks, faults)
            return
        inner = Block({})
        self._fill(slot, child, inner.values, inner.blocks, faults)
        blocks.setdefault(slot.node.name, []).append(inner)
