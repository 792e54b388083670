"""Which card answers words a caller has said: an index in memory, because there are hundreds of cards, not millions."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log

from opora.shared import layout

WORD = re.compile(r"[a-zа-я0-9]+")
# Words of every question: they tell nothing apart.
COMMON = frozenset(
    """
    а без бы в во вот все где да для до его ее если есть еще за и из или их к как какая какие какой кто ли меня мне
    много мой моя мы на надо не нет ни но о об он она они от по под при про с сейчас со так такое там то только ты
    у уже хочу что чтобы это я здравствуйте скажите пожалуйста подскажите можно нужно могу
    """.split()  # noqa: SIM905 - words are read better as a text
)
ENDINGS = re.compile(
    r"(иями|ями|ами|ого|его|ому|ему|ыми|ими|ется|ются|ится|ятся|аться|яться|иться|ешься|ишься|ить|ать|ять|еть|ть|ться"
    r"|ая|яя|ое|ее|ой|ей|ый|ий|ые|ие|ую|юю|ом|ем|ам|ям|ах|ях|ов|ев|ел|ал|ил|ла|ло|ли|ет|ит|ют|ат|ят|ут|у|ю|а|я|о|е|ы|и|ь)$"
)
SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One card: its key and its words by weight."""

    key: int
    question: str
    words: str
    body: str


@dataclass(slots=True)
class Index:
    """Stems → how much each entry has of them."""

    size: int
    by_stem: dict[str, dict[int, float]] = field(default_factory=dict)

    def found(self, text: str, *, most: int) -> list[int]:
        """Return keys of the best entries, the best first; a wrong keyboard layout is understood."""
        readings = [text, *filter(None, [layout.detect(text)])]
        scores = max((self._scores(reading) for reading in readings), key=lambda s: max(s.values(), default=0.0))
        if not scores:
            return []
        enough = max(scores.values()) * 0.35
        best = sorted((-score, key) for key, score in scores.items() if score >= enough)
        return [key for _, key in best[:most]]

    def _scores(self, text: str) -> Counter[int]:
        scores: Counter[int] = Counter()
        stems = list(dict.fromkeys(stems_of(text)))
        for number, stem in enumerate(stems):
            last = number == len(stems) - 1
            for key, (weight, rarity) in self._near(stem, unfinished=last).items():
                scores[key] += weight * rarity  # type: ignore[assignment]
        return scores

    def _near(self, stem: str, *, unfinished: bool) -> dict[int, tuple[float, float]]:
        """Entries with this stem; the last word may be only begun, so a longer stem counts too."""
        near: dict[int, float] = {}
        for other in [stem] if stem in self.by_stem and not unfinished else self._alike(stem, unfinished=unfinished):
            share = 1.0 if other == stem else 0.7
            for key, weight in self.by_stem[other].items():
                near[key] = max(near.get(key, 0.0), weight * share)
        rarity = log(1 + self.size / max(1, len(near)))
        return {key: (weight, rarity) for key, weight in near.items()}

    def _alike(self, stem: str, *, unfinished: bool) -> list[str]:
        if len(stem) < SHORTEST:
            return [stem] if stem in self.by_stem else []
        slack = 20 if unfinished else 2
        return [
            other
            for other in self.by_stem
            if (other.startswith(stem) and len(other) - len(stem) <= slack)
            or (len(other) > SHORTEST and stem.startswith(other) and len(stem) - len(other) <= 2)
        ]


def build(entries: Iterable[Entry]) -> Index:
    """Build the index: words of the question weigh most, then the search words, then the answer itself."""
    entries = list(entries)
    by_stem: dict[str, dict[int, float]] = defaultdict(dict)
    for entry in entries:
        for text, weight in ((entry.body, 0.25), (entry.words, 1.0), (entry.question, 1.6)):
            for stem in stems_of(text):
                by_stem[stem][entry.key] = max(by_stem[stem].get(entry.key, 0.0), weight)
    return Index(len(entries), dict(by_stem))


def stems_of(text: str) -> Sequence[str]:
    """Return the words of a text that tell something, without their endings.

    >>> stems_of("Как сменить страховую компанию?")
    ['смен', 'страхов', 'компани']
    """
    return [stem(word) for word in WORD.findall(text.lower().replace("ё", "е")) if word not in COMMON]


def stem(word: str) -> str:
    shorter = ENDINGS.sub("", word)
    return shorter if len(shorter) >= SHORTEST else word
