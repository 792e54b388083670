"""A format of an XML list as data: elements, how often they stand, what they hold. Read by ``treereader``.

    TREE = Tree(
        block("DN_LIST", "1",
            block("ZGLV", "1", leaf("VERSION", "1", like(r"P1\\.20")), leaf("SD_Z", "1", NUMBER)),
            block("ZAP", "1..n", leaf("CODE_L", "1", text(1, 36)), leaf("DR", "0..1", DAY)),
        ),
        record="ZAP",
        key="CODE_L",
    )

Values of a record are flat: a block that stands once gives its leaves to the record under their own tags, or under
``BLOCK/LEAF`` where two leaves of one record bear the same tag. A block or a leaf that may stand several times becomes
``Record.blocks[tag]``. What lies outside of the records goes the same way into ``Content.header`` and
``Content.blocks``; attributes of the root are ``@name``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

MANY = 10**9


@dataclass(frozen=True, slots=True)
class Shape:
    """What a leaf may hold. ``fits`` is asked of the stripped text, empty included; ``words`` say what is expected."""

    fits: Callable[[str], object]
    words: str
    longest: int = 0

    def fault(self, value: str) -> str:
        if not value:
            return "Поле не заполнено"
        if self.longest and len(value) > self.longest:
            return f"В поле {len(value)} знаков, можно до {self.longest}"
        return f"Значение «{value[:60]}» не подходит: нужно {self.words}"


def text(shortest: int, longest: int) -> Shape:
    """Characters, counted: ``text 0–40`` of the handbook lets the tag stand empty."""
    fits = re.compile(f".{{{shortest},{longest}}}", re.DOTALL).fullmatch
    return Shape(fits, f"от {shortest} до {longest} знаков", longest)


def like(pattern: str, words: str = "", *, may_be_empty: bool = False) -> Shape:
    """A pattern over the whole value; ``words`` are for people, else the pattern itself is shown."""
    whole = f"(?:{pattern})?" if may_be_empty else pattern
    return Shape(re.compile(whole, re.ASCII).fullmatch, words or f"значение вида {pattern}")


def codes(*values: str, may_be_empty: bool = False) -> Shape:
    allowed = frozenset((*values, "") if may_be_empty else values)
    return Shape(allowed.__contains__, "одно из: " + ", ".join(values))


@lru_cache(maxsize=1 << 16)
def parse_day(value: str) -> date | None:
    """Return the day of ``YYYY-MM-DD`` or ``YYYYMMDD``, None when the calendar has no such day."""
    if len(value) == 10 and value[4] == value[7] == "-":
        value = value.replace("-", "")
    if len(value) != 8 or not (value.isascii() and value.isdigit()):
        return None
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return None


@lru_cache(maxsize=1 << 16)
def parse_moment(value: str) -> datetime | None:
    """Return the moment of ``YYYY-MM-DDTHH:MM:SS``, with a zone or without; None for anything else."""
    if len(value) < 19 or value[10] != "T":
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


@lru_cache(maxsize=1 << 16)
def _day_with_hyphens(value: str) -> bool:
    return len(value) == 10 and parse_day(value) is not None


@lru_cache(maxsize=1 << 16)
def _day_of_eight(value: str) -> bool:
    return len(value) == 8 and parse_day(value) is not None


DAY = Shape(_day_with_hyphens, "дата вида ГГГГ-ММ-ДД")
DAY_OR_EMPTY = Shape(lambda value: not value or _day_with_hyphens(value), "дата вида ГГГГ-ММ-ДД или пусто")
DAY8 = Shape(_day_of_eight, "дата вида ГГГГММДД")
MOMENT = Shape(parse_moment, "дата и время вида ГГГГ-ММ-ДДTЧЧ:ММ:СС")
NUMBER = like(r"[0-9]{1,18}", "целое число")
DIAGNOSIS = like(r"[A-Z][0-9]{2}(\.[0-9]{1,2})?", "код МКБ-10 вида I10 или E11.9")


@dataclass(frozen=True, slots=True)
class Node:
    """An element: a leaf has a ``shape``, a block has ``children``, in the order in which they must stand."""

    name: str
    low: int
    high: int
    shape: Shape | None = None
    children: tuple[Node, ...] = ()

    @property
    def repeats(self) -> bool:
        return self.high > 1


def leaf(name: str, occurs: str, shape: Shape) -> Node:
    return Node(name, *bounds(occurs), shape)


def block(name: str, occurs: str, *children: Node) -> Node:
    return Node(name, *bounds(occurs), None, children)


def bounds(occurs: str) -> tuple[int, int]:
    """Return how often an element may stand.

    >>> bounds("1"), bounds("0..1"), bounds("1..12"), bounds("5")
    ((1, 1), (0, 1), (1, 12), (5, 5))
    """
    low, _, high = occurs.partition("..")
    return int(low), MANY if high == "n" else int(high or low)


@dataclass(frozen=True, slots=True)
class Tree:
    """A whole format. ``record`` is the path of the record below the root: ``ZAP``, ``evFactInfos/evFactInfo``.

    ``key`` is the leaf that names a record. ``ordered`` False lets elements stand in any order. ``is_open``: elements
    that the tree does not name are passed over in silence, with all that they hold.
    """

    root: Node
    record: str
    key: str
    ordered: bool = True
    is_open: bool = False

    @property
    def record_node(self) -> Node:
        node = self.root
        for name in self.record.split("/"):
            node = next(child for child in node.children if child.name == name)
        return node


def value_names(scope: Node, *, without: Node | None = None) -> dict[str, str]:
    """Return path → name of every leaf that ``scope`` holds once: its tag, the path itself where tags repeat."""
    paths = list(_paths(scope, "", without))
    times = Counter(path.rpartition("/")[2] for path in paths)
    return {path: name if times[name := path.rpartition("/")[2]] == 1 else path for path in paths}


def _paths(scope: Node, path: str, without: Node | None) -> Iterator[str]:
    for child in scope.children:
        if child is without or child.repeats:
            continue
        if child.shape is None:
            yield from _paths(child, f"{path}{child.name}/", without)
        else:
            yield f"{path}{child.name}"
