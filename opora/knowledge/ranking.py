"""Which answer fits the words of a caller: the search of topics over questions of cards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from opora.classifiers import search


@dataclass(frozen=True, slots=True)
class Entry:
    """A question as the search of topics sees one: its title, and words it is also asked by."""

    key: int
    title: str
    words: str
    code: str = ""
    parent: str = ""
    kinds: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    is_typical: bool = False
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ranking:
    keys: tuple[int, ...]
    index: search.Index

    def found(self, text: str, *, most: int) -> list[int]:
        """Return keys of the best entries, the best first; endings, a slip, the wrong layout are forgiven."""
        return [self.keys[place] for place in self.index.find(text, limit=most)]


def build(entries: Iterable[Entry]) -> Ranking:
    listed = list(entries)
    return Ranking(tuple(entry.key for entry in listed), search.index(listed, (entry.words for entry in listed)))
