"""Texts found by words as people say them: an index in the memory of the process. Pure.

A text is weighed by BM25 over its fields. A word of the question is met by its own stem, by what it begins while it is
still being typed, by synonyms, and, when nobody knows it, with one slip or with another ending; a question in the wrong
keyboard layout is read in the right one. Nothing here knows what the texts are about.
Source: Robertson, Zaragoza, «The Probabilistic Relevance Framework: BM25 and Beyond» (2009), simple BM25F.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from opora.shared.layout import detect, to_russian
from opora.shared.russian import STOP, WEAK, one_slip, stem, words

EXACT, BEGUN, SLIPPED, OTHER_ENDING = 1.0, 0.75, 0.6, 0.6
WEAKLY = 0.35
K1, B = 1.2, 0.4
SLIP_FROM, ENDING_FROM, BEGINS_FROM = 4, 4, 2
MOST_WORDS = 60  # a whole letter is searched by its beginning

type Fields = Sequence[tuple[str, float]]
type Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """What else a word or a phrase is called: by stems; ``weight`` of a meeting by another name."""

    others: Mapping[Phrase, tuple[Phrase, ...]]
    weight: float = 0.7
    longest: int = 1

    def of(self, heard: Sequence[str]) -> Iterator[tuple[int, int, Phrase]]:
        """Yield (from, to, another name) for every phrase of the question that has one."""
        for start in range(len(heard)):
            for end in range(start + 1, min(len(heard), start + self.longest) + 1):
                for other in self.others.get(tuple(heard[start:end]), ()):
                    yield start, end, other


NONE = Synonyms({})


def synonyms(groups: Iterable[Iterable[str]], weight: float = 0.7) -> Synonyms:
    """Return synonyms of groups of equal names; a name may be of several words.

    >>> synonyms([["больничный", "листок нетрудоспособности"]]).others[("больничн",)]
    (('листок', 'нетрудоспособн'),)
    """
    found: dict[Phrase, list[Phrase]] = defaultdict(list)
    for group in groups:
        names = list(dict.fromkeys(tuple(stem(word) for word in words(name) if word not in STOP) for name in group))
        for name in names:
            found[name] += [other for other in names if other not in (name, *found[name])]
    longest = max((len(name) for name in found), default=1)
    return Synonyms({name: tuple(others) for name, others in found.items()}, weight, longest)


@dataclass(frozen=True, slots=True)
class Lookup:
    """``postings``: stem → text → its weight by BM25 with rarity; ``ordered`` and ``slips`` serve half-known words."""

    postings: Mapping[str, Mapping[int, float]]
    ordered: Sequence[str]
    slips: Mapping[str, Sequence[str]]
    synonyms: Synonyms

    def scores(self, text: str) -> dict[int, float]:
        """Return texts by their place with how well each fits; the wrong layout is read when it fits better."""
        found = self._scores(text)
        meant = detect(text) or ("" if found else to_russian(text))
        if meant and (other := self._scores(meant)):
            return other if not found or max(other.values()) > max(found.values()) else found
        return found

    def _scores(self, text: str) -> dict[int, float]:
        said = words(text)[:MOST_WORDS]
        heard = [word for word in said if word not in STOP] or said
        if not heard:
            return {}
        is_typing = not text[-1:].isspace()
        slots = [self._slot(word, is_last=is_typing and at == len(heard) - 1) for at, word in enumerate(heard)]
        for start, end, other in self.synonyms.of([stem(word) for word in heard]):
            self._call_otherwise(slots, start, end, other)
        total: dict[int, float] = defaultdict(float)
        for slot in slots:
            for place, value in slot.items():
                total[place] += value
        return dict(total)

    def _slot(self, word: str, *, is_last: bool) -> dict[int, float]:
        """Return how well each text answers to one word."""
        share = WEAKLY if word in WEAK else 1.0
        best: dict[int, float] = {}
        for known, likeness in self._like(word, is_last=is_last):
            for place, value in self.postings[known].items():
                if (met := value * likeness * share) > best.get(place, 0):
                    best[place] = met
        return best

    def _call_otherwise(self, slots: list[dict[int, float]], start: int, end: int, other: Phrase) -> None:
        """Let a phrase be met by another name: the first of its words takes the whole of it."""
        met: dict[int, float] = defaultdict(float)
        for part in other:
            for place, value in self.postings.get(part, {}).items():
                met[place] += value * self.synonyms.weight / len(other)
        slot = slots[start]
        for place, value in met.items():
            already = sum(slots[at].get(place, 0) for at in range(start, end))
            if value > already:
                slot[place] = slot.get(place, 0) + value - already

    def _like(self, word: str, *, is_last: bool) -> Iterator[tuple[str, float]]:
        root = stem(word)
        if root in self.postings:
            yield root, EXACT
        if is_last and len(word) >= BEGINS_FROM and not word.isdecimal():
            yield from ((known, BEGUN) for known in self._beginning(word) if known != root)
        if root in self.postings or word.isdecimal():
            return
        if len(root) >= ENDING_FROM:
            yield from ((known, OTHER_ENDING) for known in self._other_endings(root))
        if len(root) >= SLIP_FROM:
            yield from ((known, SLIPPED) for known in self._slipped(root))

    def _beginning(self, start: str) -> Iterator[str]:
        at = bisect_left(self.ordered, start)
        while at < len(self.ordered) and self.ordered[at].startswith(start):
            yield self.ordered[at]
            at += 1

    def _other_endings(self, root: str) -> Iterator[str]:
        """Stems that begin with this one, or that it begins with but for three letters."""
        yield from self._beginning(root)
        for length in range(len(root) - 1, max(ENDING_FROM, len(root) - 3) - 1, -1):
            if root[:length] in self.postings:
                yield root[:length]

    def _slipped(self, root: str) -> Iterator[str]:
        near = {known for short in (root, *_shorter(root)) for known in self.slips.get(short, ())}
        yield from sorted(known for known in near if one_slip(root, known))


def build(texts: Iterable[Fields], names: Synonyms = NONE) -> Lookup:
    """Make the index: a text is its fields, each with a weight. 2 000 texts of 100 words take about a second."""
    counts, lengths = _counted(texts)
    number, average = len(lengths), (sum(lengths) / len(lengths) if lengths else 1) or 1
    postings: dict[str, dict[int, float]] = {}
    for root, places in counts.items():
        rarity = math.log(1 + (number - len(places) + 0.5) / (len(places) + 0.5))
        postings[root] = {
            place: rarity * often * (K1 + 1) / (often + K1 * (1 - B + B * lengths[place] / average))
            for place, often in places.items()
        }
    slips: dict[str, list[str]] = defaultdict(list)
    for root in postings:
        if len(root) >= SLIP_FROM - 1 and not root.isdecimal():
            for short in (root, *_shorter(root)):
                slips[short].append(root)
    return Lookup(postings, sorted(postings), dict(slips), names)


def _counted(texts: Iterable[Fields]) -> tuple[dict[str, dict[int, float]], list[float]]:
    counts: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    lengths = []
    for place, fields in enumerate(texts):
        length = 0.0
        for text, weight in fields:
            for word in words(text):
                if word not in STOP:
                    counts[stem(word)][place] += weight
                    length += weight
        lengths.append(length)
    return counts, lengths


def _shorter(root: str) -> set[str]:
    return {root[:at] + root[at + 1 :] for at in range(len(root))}
