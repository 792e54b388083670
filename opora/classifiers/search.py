"""Topics by words of the question as a caller says it, by code, by a row number. Pure: an index of one edition.

An edition holds about a hundred topics and never changes, so that its index lives in the process and a key press costs
no query but the one for the edition. Words are compared by ``opora.shared.lookup``, as those of answers are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opora.classifiers import naming
from opora.classifiers.differences import Topicish
from opora.shared import lookup

CODE = re.compile(r"[\d.,/юб ]+$")
ROW = re.compile(r"(?:ж|;)\s*(\d+(?:[.,/юб]\d+)*)$", re.IGNORECASE)
DOTS = str.maketrans(",/юб", "....")
IN_TITLE, IN_WORDS = 1.6, 1.0

type Also = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Index:
    """Topics in their order, their words, and for each row of a report the topics counted in it."""

    topics: tuple[Topicish, ...]
    words: lookup.Lookup
    rows: dict[str, list[int]]

    def find(self, text: str, *, limit: int = 10, also: Also | None = None) -> list[int]:
        """Return places of topics in ``topics``, the best first; ``also`` by code, 0 to 1, moves them by words only."""
        return (self.coded(text) or self.spoken(text, also or {}))[:limit]

    def coded(self, text: str) -> list[int]:
        """Return places of topics named by a code or by a row, none when the text is words."""
        text = text.strip().lower()
        if row := ROW.match(text):
            return self._by_row("ж" + row[1].translate(DOTS))
        if CODE.match(text) and any(sign.isdigit() for sign in text):
            return self._by_code(text.replace(" ", "").translate(DOTS))
        return []

    def spoken(self, text: str, also: Also) -> list[int]:
        """Return places of topics by words alone. What the words do not find ``also`` does not bring."""
        found = self.words.scores(text)
        most = max(found.values(), default=1.0) or 1.0

        def order(place: int) -> tuple[float, bool, int]:
            topic = self.topics[place]
            return -round(found[place] / most + also.get(topic.code, 0), 6), not topic.is_typical, place

        return sorted(found, key=order)

    def _by_code(self, code: str) -> list[int]:
        """By code, exact first, then those it begins; digits alone stand for a code without its dots."""
        places = {topic.code: place for place, topic in enumerate(self.topics)}
        code = code.strip(".")
        found = [places[code]] if code in places else []
        found += [place for name, place in places.items() if name.startswith(code + ".")]
        if code.isdecimal():
            found += [place for name, place in places.items() if name.replace(".", "").startswith(code)]
        else:
            found += [place for name, place in places.items() if name.startswith(code)]
        return list(dict.fromkeys(found))

    def _by_row(self, row: str) -> list[int]:
        near = [places for name, places in self.rows.items() if name.startswith(row + ".")]
        return list(dict.fromkeys([*self.rows.get(row, []), *(place for places in near for place in places)]))


def index(topics: Iterable[Topicish], words: Iterable[str]) -> Index:
    """Make the index of an edition; ``words`` are those for search, topic by topic."""
    listed = tuple(topics)
    rows: dict[str, list[int]] = defaultdict(list)
    for place, topic in enumerate(listed):
        for row in {row for by_kind in topic.rows.values() for row in by_kind.values()}:
            rows[row].append(place)
    fields = [((topic.title, IN_TITLE), (more, IN_WORDS)) for topic, more in zip(listed, words, strict=True)]
    return Index(listed, lookup.build(fields, naming.names()), dict(rows))
