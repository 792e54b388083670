"""Topics by words of the question as a caller says it, by code, by a row number. Pure: an index of one edition.

An edition holds about a hundred topics and never changes, so that its index lives in the process and a key press costs
no query but the one for the edition. Words are compared by a short Russian stem, by their beginning while they are
still being typed, and with one slip; text in the wrong keyboard layout is read in the right one.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from opora.classifiers.differences import Topicish
from opora.shared.layout import detect

CODE = re.compile(r"[\d.,/юб ]+$")
ROW = re.compile(r"(?:ж|;)\s*(\d+(?:[.,/юб]\d+)*)$", re.IGNORECASE)
DOTS = str.maketrans(",/юб", "....")
WORD = re.compile(r"[^\W_]+")
ENDINGS = re.compile(
    r"(иями|ями|ами|ией|иям|ием|иях|ого|его|ому|ему|ыми|ими|ться|тся|ешь|ете|ить|ать|ять|еть|уть|ала|ила|ела|али|или|ели"
    r"|ает|яет|ует|ают|яют|уют|ся|сь|ая|яя|ою|ею|ой|ей|ий|ый|ое|ее|ие|ые|ом|ем|ам|ям|ах|ях|ов|ев|ую|юю|ия|ью|ию|ет|ит|ут"
    r"|ют|ат|ят|ал|ил|ел|ть|а|я|о|е|и|ы|у|ю|ь|й)$"
)
SHORTEST = 3
ROOT = 3  # a longer form is known by a shorter stem of more letters than these
STOP = frozenset(
    """
    а без бы в во вы да для до его ее если же за и из или их к как ко ли мне мой моя мы на над не нет ни
    но о об он она они от по под при с со та так то тот у уже что чтобы это этот я можно надо нужно есть
    был была меня нам нас вас вам где когда куда какой какая какие какое почему зачем сколько кто хочу
    подскажите скажите здравствуйте пожалуйста
    """.split()  # noqa: SIM905
)
EXACT, BEGUN, SLIPPED = 1.0, 0.75, 0.55
IN_TITLE, IN_WORDS, IN_STOP = 1.6, 1.0, 0.25


@dataclass(frozen=True, slots=True)
class Index:
    """Topics in their order, and for each stem the topics that hold it with a weight."""

    topics: tuple[Topicish, ...]
    stems: dict[str, dict[int, float]]
    rows: dict[str, list[int]]

    def find(self, text: str, *, limit: int = 10) -> list[int]:
        """Return places of topics in ``topics``, the best first."""
        text = text.strip().lower().replace("ё", "е")
        if not text:
            return []
        if row := ROW.match(text):
            return self._by_row("ж" + row[1].translate(DOTS))[:limit]
        if CODE.match(text) and any(sign.isdigit() for sign in text):
            return self._by_code(text.replace(" ", "").translate(DOTS))[:limit]
        found = self._by_words(text)
        meant = detect(text)
        if meant and (other := self._by_words(meant.lower().replace("ё", "е"))):
            found = other if not found or max(other.values()) > max(found.values()) else found
        return sorted(found, key=lambda place: (-round(found[place], 6), not self.topics[place].is_typical, place))[
            :limit
        ]

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

    def _by_words(self, text: str) -> dict[int, float]:
        score: dict[int, float] = defaultdict(float)
        words = WORD.findall(text)
        heard = [word for word in words if word not in STOP] or words
        for place, word in enumerate(heard):
            is_last = place == len(heard) - 1 and not text.endswith(" ")
            best: dict[int, float] = {}
            for stem, likeness in self._like(stemmed(word), word, is_last=is_last):
                rarity = math.log(1 + len(self.topics) / len(self.stems[stem]))
                for topic, weight in self.stems[stem].items():
                    best[topic] = max(best.get(topic, 0), weight * likeness * rarity)
            for topic, value in best.items():
                score[topic] += value
        return score

    def _like(self, stem: str, word: str, *, is_last: bool) -> Iterator[tuple[str, float]]:
        if stem in self.stems:
            yield stem, EXACT
        if len(word) >= 2 and (is_last or len(stem) >= 5):
            beginning = word if is_last and stem not in self.stems else stem
            yield from ((known, BEGUN) for known in self.stems if known != stem and known.startswith(beginning))
        if stem not in self.stems:
            shorter = (stem[:length] for length in range(len(stem) - 1, max(ROOT, len(stem) - 4), -1))
            yield from ((known, SLIPPED) for known in shorter if known in self.stems)
        if stem not in self.stems and len(stem) >= 4:
            yield from ((known, SLIPPED) for known in self.stems if one_slip(stem, known))


def index(topics: Iterable[Topicish], words: Iterable[str]) -> Index:
    """Make the index of an edition; ``words`` are those for search, topic by topic."""
    listed = tuple(topics)
    stems: dict[str, dict[int, float]] = defaultdict(dict)
    rows: dict[str, list[int]] = defaultdict(list)
    for place, (topic, more) in enumerate(zip(listed, words, strict=True)):
        for text, weight in ((topic.title, IN_TITLE), (more, IN_WORDS)):
            for word in WORD.findall(text.lower().replace("ё", "е")):
                held = stems[stemmed(word)]
                held[place] = max(held.get(place, 0), weight * (IN_STOP if word in STOP else 1))
        for row in {row for by_kind in topic.rows.values() for row in by_kind.values()}:
            rows[row].append(place)
    return Index(listed, dict(stems), dict(rows))


def stemmed(word: str) -> str:
    """Return the word without its ending, never shorter than three letters.

    >>> stemmed("поликлинику"), stemmed("поликлиникам"), stemmed("прикрепиться"), stemmed("мрт")
    ('поликлиник', 'поликлиник', 'прикреп', 'мрт')
    """
    word = re.sub(r"(ся|сь)$", "", word) if len(word) > 5 else word
    short = ENDINGS.sub("", word)
    if len(short) < SHORTEST:
        return word
    again = ENDINGS.sub("", short) if len(short) > 6 else short
    return again if len(again) >= 5 else short


def one_slip(first: str, second: str) -> bool:
    """Return whether one letter is wrong, missing, extra or swapped with its neighbour.

    >>> one_slip("полеклиник", "поликлиник"), one_slip("поилс", "полис"), one_slip("рак", "тромб")
    (True, True, False)
    """
    if abs(len(first) - len(second)) > 1 or first == second:
        return False
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    rest, other = first[start:], second[start:]
    if len(rest) == len(other):
        return rest[1:] == other[1:] or (rest[:2] == other[1::-1] and rest[2:] == other[2:])
    longer, shorter = (rest, other) if len(rest) > len(other) else (other, rest)
    return longer[1:] == shorter
