"""Writing of an XML list by its tree: the other way of ``treereader``, element by element in the order of the tree.

Optional leaves without a value are left out (an empty tag is not valid where a pattern stands); an obligatory one is
written empty where its shape lets it stand empty, else the record lacks a fact and nothing is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from xml.sax.saxutils import escape

from opora.exchange.errors import FactMissing
from opora.exchange.findings import Block, Record
from opora.exchange.tree import Node, Tree, value_names

ENCODING = "windows-1251"
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
INDENT = "  "
Blocks = Mapping[str, Sequence[Block]]


def write_tree(
    tree: Tree,
    header: Mapping[str, str],
    records: Iterable[Record],
    *,
    blocks: Blocks | None = None,
    encoding: str = ENCODING,
) -> bytes:
    """Return the file. Raises FactMissing where a value is missing or does not fit, with the record and the field."""
    lines = [f'<?xml version="1.0" encoding="{encoding}"?>']
    lines += _TreeWriter(tree, records).root(header, blocks or {})
    return ("\n".join(lines) + "\n").encode(encoding, "xmlcharrefreplace")


class _TreeWriter:
    def __init__(self, tree: Tree, records: Iterable[Record]) -> None:
        self._tree = tree
        self._record = tree.record_node
        self._records = records
        self._names = cache(lambda node: value_names(node))
        self._who = "Заголовок"

    def root(self, header: Mapping[str, str], blocks: Blocks) -> Iterator[str]:
        node = self._tree.root
        yield f"<{node.name}>"
        yield from self._children(node, "", header, blocks, value_names(node, without=self._record), INDENT)
        yield f"</{node.name}>"

    def _children(
        self, node: Node, path: str, values: Mapping[str, str], blocks: Blocks, names: Mapping[str, str], indent: str
    ) -> Iterator[str]:
        for child in node.children:
            inner = f"{path}{child.name}"
            if child is self._record:
                yield from self._all(indent)
            elif child.repeats:
                yield from self._repeated(child, blocks.get(child.name, ()), indent)
            elif child.shape is not None:
                yield from self._leaf(child, values.get(names[inner], ""), indent)
            elif child.low or _holds(child, f"{inner}/", values, blocks, names):
                lines = list(self._children(child, f"{inner}/", values, blocks, names, indent + INDENT))
                yield from _wrapped(child, lines, indent)

    def _all(self, indent: str) -> Iterator[str]:
        node, names, count = self._record, value_names(self._record), 0
        for record in self._records:
            count += 1
            self._who = f"Запись {record.key or record.place}"
            yield f"{indent}<{node.name}>"
            yield from self._children(node, "", record.values, record.blocks, names, indent + INDENT)
            yield f"{indent}</{node.name}>"
        self._who = "Заголовок"
        if count < node.low or count > node.high:
            raise FactMissing(f"Записей {count}, а в файл этого вида столько не пишут")

    def _repeated(self, node: Node, parts: Sequence[Block], indent: str) -> Iterator[str]:
        if not node.low <= len(parts) <= node.high:
            raise FactMissing(f"{self._who}: частей {node.name} {len(parts)}, а нужно от {node.low}")
        for part in parts:
            if node.shape is not None:
                yield from self._leaf(node, part.values.get(node.name, ""), indent)
            else:
                lines = list(self._children(node, "", part.values, part.blocks, self._names(node), indent + INDENT))
                yield from _wrapped(node, lines, indent)

    def _leaf(self, node: Node, value: str, indent: str) -> Iterator[str]:
        value = UNWRITABLE.sub("", value).strip()
        if not value and not node.low:
            return
        if node.shape is not None and not node.shape.fits(value):
            raise FactMissing(f"{self._who}, {node.name}: {node.shape.fault(value)}")
        yield f"{indent}<{node.name}>{escape(value)}</{node.name}>" if value else f"{indent}<{node.name}/>"


def _holds(node: Node, path: str, values: Mapping[str, str], blocks: Blocks, names: Mapping[str, str]) -> bool:
    """Whether anything stands in an optional block: without it the block is left out whole."""
    for child in node.children:
        if child.repeats:
            found = bool(blocks.get(child.name))
        elif child.shape is not None:
            found = bool(values.get(names[f"{path}{child.name}"]))
        else:
            found = _holds(child, f"{path}{child.name}/", values, blocks, names)
        if found:
            return True
    return False


def _wrapped(node: Node, lines: list[str], indent: str) -> Iterator[str]:
    yield f"{indent}<{node.name}>"
    yield from lines
    yield f"{indent}</{node.name}>"
