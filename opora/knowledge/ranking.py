"""Which answer fits the words of a caller: the index over cards. Pure; how it reads words is in ``shared.lookup``."""

from collections.abc import Iterable
from dataclasses import dataclass

from opora.classifiers import naming
from opora.shared import lookup

# Weights tried on the development part of ``tests/paraphrases.txt`` and never on the part held back.
IN_QUESTION, IN_VARIANTS, IN_WORDS, IN_BODY, IN_STEP, IN_TOPIC = 2.0, 2.0, 1.0, 0.3, 0.1, 0.5


@dataclass(frozen=True, slots=True)
class Entry:
    """What a card is found by; ``topic`` is the title and the search words of its topic."""

    key: int
    question: str
    variants: str = ""
    words: str = ""
    body: str = ""
    next_step: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    keys: tuple[int, ...]
    words: lookup.Lookup

    def found(self, text: str, *, most: int) -> list[int]:
        """Return keys of the best entries, the best first; endings, slips, synonyms, the wrong layout are forgiven."""
        scores = self.words.scores(text)
        return [self.keys[place] for place in sorted(scores, key=lambda at: (-round(scores[at], 6), at))[:most]]


def build(entries: Iterable[Entry], names: lookup.Synonyms | None = None) -> Ranking:
    """Make the index; without ``names`` the shipped synonyms are used."""
    listed = list(entries)
    fields = [
        (
            (entry.question, IN_QUESTION),
            (entry.variants, IN_VARIANTS),
            (entry.words, IN_WORDS),
            (entry.body, IN_BODY),
            (entry.next_step, IN_STEP),
            (entry.topic, IN_TOPIC),
        )
        for entry in listed
    ]
    return Ranking(
        tuple(entry.key for entry in listed), lookup.build(fields, naming.names() if names is None else names)
    )
