"""Which topic operators choose for such words: naive Bayes over hashed stems. Pure.

Nothing readable is kept: words without persons become stems, stems become one of 65 536 numbers, and a number stays
only when it was met in ``LEAST_APPEALS`` appeals. The same examples in the same order give the same bytes.
Source: Rennie et al., «Tackling the Poor Assumptions of Naive Bayes Text Classifiers» (2003): weights by rarity and
length.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np

from opora.knowledge.asked import Example, roots_without_persons

LEAST_APPEALS = 5  # a stem of fewer appeals could tell of one person
MOST_WORDS = 60
SMOOTHING = 0.3
BUCKETS = 1 << 16


@dataclass(frozen=True, slots=True)
class Learned:
    """``weights``: topic × bucket, logarithms; ``prior`` by topic; ``places`` finds a bucket's column."""

    codes: tuple[str, ...]
    prior: np.ndarray
    weights: np.ndarray
    places: dict[int, int]

    def hints(self, text: str) -> dict[str, float]:
        """Return the chances of topics for a text, adding up to one; nothing when no word is known."""
        heard = [self.places[number] for number in set(_numbers(text)) if number in self.places]
        if not heard or not self.codes:
            return {}
        scores = self.prior + self.weights[:, heard].sum(axis=1) / np.sqrt(len(heard))
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        return {code: float(chance) for code, chance in zip(self.codes, chances, strict=True) if chance > 0.001}

    def dump(self) -> bytes:
        """Return the model as bytes, half precision: what ``load`` reads."""
        numbers = sorted(self.places, key=self.places.__getitem__)
        head = json.dumps({"codes": self.codes, "features": len(numbers)}, sort_keys=True)
        arrays = (np.array(numbers, "<u4"), self.prior.astype("<f2"), self.weights.astype("<f2"))
        return head.encode() + b"\n" + b"".join(array.tobytes() for array in arrays)


def load(content: bytes) -> Learned:
    """Read what ``dump`` has written."""
    head, _, body = content.partition(b"\n")
    known = json.loads(head)
    codes, features = tuple(known["codes"]), known["features"]
    numbers = np.frombuffer(body, "<u4", features)
    prior = np.frombuffer(body, "<f2", len(codes), 4 * features).astype("f4")
    weights = np.frombuffer(body, "<f2", len(codes) * features, 4 * features + 2 * len(codes)).astype("f4")
    return Learned(codes, prior, weights.reshape(len(codes), features), {int(n): at for at, n in enumerate(numbers)})


def learn(examples: Iterable[Example]) -> Learned:
    """Return what the examples teach. 50 000 appeals take about ten seconds, most of it stems."""
    told = [(sorted(set(_numbers(one.text))), one.code) for one in examples]
    often = Counter(number for numbers, _ in told for number in numbers)
    kept = sorted(number for number, times in often.items() if times >= LEAST_APPEALS)
    places = {number: at for at, number in enumerate(kept)}
    codes = tuple(sorted({code for _, code in told}))
    rows = {code: at for at, code in enumerate(codes)}
    counts = np.zeros((len(codes), len(kept)), "f8")
    seen = np.zeros(len(codes), "f8")
    for numbers, code in told:
        seen[rows[code]] += 1
        for number in numbers:
            if number in places:
                counts[rows[code], places[number]] += 1
    return Learned(codes, _prior(seen), _weights(counts, often, kept, len(told)), places)


def _prior(seen: np.ndarray) -> np.ndarray:
    """How common a topic is, its difference softened: a rare topic said in its own words must still be found."""
    return 0.5 * np.log(seen + 1)


def _weights(counts: np.ndarray, often: Counter[int], kept: Sequence[int], number: int) -> np.ndarray:
    rarity = np.array([np.log((1 + number) / (1 + often[one])) for one in kept])
    weighed = counts * rarity
    share = (weighed + SMOOTHING) / (weighed.sum(axis=1, keepdims=True) + SMOOTHING * max(1, len(kept)))
    return np.log(share) if len(kept) else share


def _numbers(text: str) -> list[int]:
    return [_number(root) for root in roots_without_persons(text, MOST_WORDS)]


@lru_cache(maxsize=50_000)
def _number(root: str) -> int:
    return int.from_bytes(blake2b(root.encode(), digest_size=4).digest(), "little") % BUCKETS
