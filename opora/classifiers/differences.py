"""What is not as in the version before, topic by topic and code by code. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from opora.classifiers.tables import table
from opora.classifiers.words import Flag, Kind


class Change(StrEnum):
    """What happened to a topic or to a partner's code."""

    ADDED = "added"
    GONE = "gone"
    RETITLED = "retitled"
    ROWS = "rows"
    KINDS = "kinds"
    FLAGS = "flags"
    TYPICAL = "typical"
    PARENT = "parent"
    CODES = "codes"

    @property
    def words(self) -> str:
        return WORDS[self]


WORDS = {
    Change.ADDED: "добавлено",
    Change.GONE: "убрано",
    Change.RETITLED: "названо иначе",
    Change.ROWS: "другая строка отчёта",
    Change.KINDS: "другие виды обращений",
    Change.FLAGS: "другие признаки",
    Change.TYPICAL: "другой уровень",
    Change.PARENT: "в другом разделе",
    Change.CODES: "другой код партнёра",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One change of one topic (or of one word in a partner's list), in words for a person."""

    change: Change
    code: str
    title: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        head = f"{self.code} {self.title}".strip() + f" — {self.change.words}"
        if self.change == Change.GONE:
            return f"{head}, перешло в {self.after or 'никуда'}"
        if not self.before and not self.after:
            return head
        return f"{head}: было — {self.before or 'ничего'}, стало — {self.after or 'ничего'}"


class Topicish(Protocol):
    """A row or a line of a file."""

    @property
    def code(self) -> str: ...
    @property
    def parent(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def kinds(self) -> Iterable[str]: ...
    @property
    def is_typical(self) -> bool: ...
    @property
    def flags(self) -> Iterable[str]: ...
    @property
    def rows(self) -> Mapping[str, Mapping[str, str]]: ...


class Pairish(Protocol):
    @property
    def of(self) -> str: ...
    @property
    def ours(self) -> str: ...
    @property
    def theirs(self) -> str: ...


def between(before: Iterable[Topicish], after: Iterable[Topicish], moved: Mapping[str, str]) -> list[Difference]:
    """Return what is different, in the order of the later version; topics that are gone come last."""
    old, new = {topic.code: topic for topic in before}, {topic.code: topic for topic in after}
    found: list[Difference] = []
    for code, topic in new.items():
        if code in old:
            found += _changes(old[code], topic)
        else:
            found.append(Difference(Change.ADDED, code, topic.title))
    for code, topic in old.items():
        if code not in new:
            target = moved.get(code, "")
            words = f"{target} {new[target].title}" if target in new else ""
            found.append(Difference(Change.GONE, code, topic.title, after=words))
    return found


def between_lists(before: Iterable[Pairish], after: Iterable[Pairish]) -> list[Difference]:
    """Return words of ours whose codes at the partner are different."""
    old, new = _codes(before), _codes(after)
    return [
        Difference(
            Change.CODES, f"{of}: {ours}", "", ", ".join(old.get((of, ours), [])), ", ".join(new.get((of, ours), []))
        )
        for of, ours in {**new, **old}
        if old.get((of, ours)) != new.get((of, ours))
    ]


def _changes(old: Topicish, new: Topicish) -> Iterator[Difference]:
    said = {
        Change.RETITLED: (old.title, new.title),
        Change.PARENT: (old.parent, new.parent),
        Change.KINDS: (_labels(Kind, old.kinds), _labels(Kind, new.kinds)),
        Change.FLAGS: (_labels(Flag, old.flags), _labels(Flag, new.flags)),
        Change.TYPICAL: (_typical(old.is_typical), _typical(new.is_typical)),
    }
    for change, (before, after) in said.items():
        if before != after:
            yield Difference(change, new.code, new.title, before, after)
    for generation in sorted({*old.rows, *new.rows}):
        was, now = old.rows.get(generation, {}), new.rows.get(generation, {})
        for kind in sorted({*was, *now}):
            if was.get(kind) != now.get(kind):
                name = (
                    f"{table(generation).short}, {Kind(kind).label.lower() if kind in Kind.values else 'любой вид'}: "
                )
                turn = [name + row if row else "" for row in (was.get(kind, ""), now.get(kind, ""))]
                yield Difference(Change.ROWS, new.code, new.title, *turn)


def _labels(words: type[Kind] | type[Flag], values: Iterable[str]) -> str:
    return ", ".join(words(value).label.lower() for value in sorted(values))


def _typical(is_typical: bool) -> str:
    return "типовой вопрос" if is_typical else "не типовой вопрос"


def _codes(pairs: Iterable[Pairish]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for pair in pairs:
        found.setdefault((pair.of, pair.ours), []).append(pair.theirs)
    return found
