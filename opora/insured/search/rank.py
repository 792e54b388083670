"""Judging a candidate: which word of the query is which of his names, how well, and what to mark on the screen.

Costs are small numbers to sort by, nothing more: an exact surname before a beginning, a beginning before a slip.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from opora.insured.search.likeness import SHORTEST_FOR_ONE, SHORTEST_FOR_TWO, slips
from opora.insured.search.numbers import Guess, How
from opora.insured.search.parse import Word
from opora.shared.names import name_key

READING, BEGINNING, INITIAL, PART = 0.5, 1.0, 2.0, 1.0
FORMER, MISPLACED, SLIP, SECOND_SLIP, UNMATCHED = 3.0, 2.0, 10.0, 6.0, 30.0
NUMBER = {How.WHOLE: 0.0, How.ENDS: 2.0, How.BEGINS: 3.0}
LEAST_BEGINNING = 2


class Name(StrEnum):
    SURNAME = "surname"
    GIVEN = "given_name"
    PATRONYMIC = "patronymic"
    FORMER = "former"


@dataclass(frozen=True, slots=True)
class Match:
    """A word against a name: what it costs, and which letters of the written name to mark."""

    cost: float
    span: tuple[int, int]
    is_alike: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """One name of a candidate: as written, its key, and the parts of a double name with their places."""

    kind: Name
    text: str
    key: str
    pieces: tuple[tuple[str, int, int], ...] = ()

    @classmethod
    def of(cls, kind: Name, text: str, key: str | None = None) -> "Written":
        pieces = tuple(_pieces(text)) if "-" in text or " " in text else ()
        return cls(kind, text, name_key(text) if key is None else key, pieces)


@dataclass(slots=True)
class Candidate:
    """A person as the search sees him, with the numbers by which he was found."""

    id: int
    names: list[Written]
    birth_on: date
    numbers: list[tuple[Guess, str]] = field(default_factory=list)

    @property
    def order(self) -> tuple[str, ...]:
        return (*(name.key for name in self.names), self.birth_on.isoformat())


@dataclass(slots=True)
class Verdict:
    """What a candidate costs and why he is here: ``marks`` by name, words that fit nothing, former names that did."""

    cost: float = 0.0
    marks: dict[Name, tuple[int, int]] = field(default_factory=dict)
    former: str = ""
    alike: list[Name] = field(default_factory=list)
    unmatched: int = 0


def judge(words: Sequence[Word], candidate: Candidate, *, spare: int = 0, alike: bool = True) -> Verdict | None:
    """Return the cheapest way to read the words as his names; None when more than ``spare`` words fit nothing.

    Without ``alike`` slips of the finger are not forgiven, which is ten times faster.
    """
    best: Verdict | None = None
    for joined in _readings(words):
        verdict = _assign(joined, candidate.names, spare, alike)
        if verdict and (best is None or verdict.cost < best.cost):
            best = verdict
    if best is None:
        return None
    if candidate.numbers:
        best.cost += min(NUMBER[guess.how] for guess, _ in candidate.numbers)
    return best


def match(word: Word, name: Written, *, alike: bool = True) -> Match | None:
    """Compare one word with one written name.

    >>> match(Word(("седая",)), Written.of(Name.SURNAME, "Соловьёва-Седая"))
    Match(cost=1.0, span=(10, 15), is_alike=False)
    >>> match(Word(("перт",)), Written.of(Name.GIVEN, "Пётр")).is_alike
    True
    """
    best: Match | None = None
    for place, reading in enumerate(word.keys):
        found = _plain(reading, name, READING * place)
        if found and (best is None or found.cost < best.cost):
            best = found
    if best is None and alike:
        for place, reading in enumerate(word.keys):
            found = _alike(reading, name, READING * place)
            if found and (best is None or found.cost < best.cost):
                best = found
    return best


def _plain(reading: str, name: Written, cost: float) -> Match | None:
    key = name.key
    if reading == key:
        return Match(cost, (0, len(name.text)))
    if key.startswith(reading):
        price = INITIAL if len(reading) < LEAST_BEGINNING else BEGINNING + 0.02 * (len(key) - len(reading))
        return Match(cost + price, (0, _written(name.text, len(reading))))
    for piece, start, end in name.pieces:
        if piece == reading:
            return Match(cost + PART, (start, end))
        if len(reading) > LEAST_BEGINNING and piece.startswith(reading):
            return Match(cost + PART + BEGINNING, (start, start + len(reading)))
    return None


def _alike(reading: str, name: Written, cost: float) -> Match | None:
    if len(reading) < SHORTEST_FOR_ONE:
        return None
    for whole, start, end in ((name.key, 0, len(name.text)), *name.pieces):
        if len(whole) < SHORTEST_FOR_ONE:
            continue
        count = slips(reading, whole)
        if count == 1:
            return Match(cost + SLIP, (start, end), is_alike=True)
        if count == 2 and min(len(reading), len(whole)) >= SHORTEST_FOR_TWO:
            return Match(cost + SLIP + SECOND_SLIP, (start, end), is_alike=True)
    return None


def _pieces(name: str) -> Iterator[tuple[str, int, int]]:
    for found in re.finditer(r"[^\-− ]+", name):
        yield name_key(found[0]), found.start(), found.end()


def _written(name: str, letters: int) -> int:
    """Return where the first ``letters`` letters of the key end in the written name."""
    for place, letter in enumerate(name):
        letters -= len(name_key(letter))
        if letters == 0:
            return place + 1
    return len(name)


def _readings(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """The words as they stand, then with two neighbours as one: «Соловьёва Седая», «Мамед оглы»."""
    yield words
    for place in range(len(words) - 1):
        joined = words[place] + words[place + 1]
        yield [*words[:place], joined, *words[place + 2 :]]


type Choice = list[tuple[int, Match] | None]


def _assign(words: Sequence[Word], names: list[Written], spare: int, alike: bool) -> Verdict | None:
    options: list[list[tuple[int, Match]]] = []
    empty = 0
    for word in words:
        fits = [(place, found) for place, name in enumerate(names) if (found := match(word, name, alike=alike))]
        empty += not fits
        if empty > spare:
            return None
        options.append(fits)
    best: tuple[float, Choice] | None = None
    for choice in _choices(options, spare, frozenset()):
        cost = sum(UNMATCHED if one is None else one[1].cost for one in choice) + _order_cost(choice, names)
        if best is None or cost < best[0]:
            best = (cost, choice)
    return _verdict(*best, names) if best else None


def _choices(options: list[list[tuple[int, Match]]], spare: int, taken: frozenset[int]) -> Iterator[Choice]:
    if not options:
        yield []
        return
    for place, found in options[0]:
        if place not in taken:
            for rest in _choices(options[1:], spare, taken | {place}):
                yield [(place, found), *rest]
    if spare:
        for rest in _choices(options[1:], spare - 1, taken):
            yield [None, *rest]


def _order_cost(choice: Choice, names: list[Written]) -> float:
    """A former name is worth less than the present one; a patronymic comes after the given name, or somewhat costs."""
    kinds = [names[one[0]].kind for one in choice if one]
    cost = FORMER * kinds.count(Name.FORMER)
    if Name.PATRONYMIC in kinds and (
        Name.GIVEN not in kinds or kinds.index(Name.GIVEN) + 1 != kinds.index(Name.PATRONYMIC)
    ):
        cost += MISPLACED
    return cost


def _verdict(cost: float, choice: Choice, names: list[Written]) -> Verdict:
    verdict = Verdict(cost=cost)
    for one in choice:
        if one is None:
            verdict.unmatched += 1
            continue
        name, found = names[one[0]], one[1]
        if name.kind is Name.FORMER:
            verdict.former = name.text
        verdict.marks[name.kind] = found.span
        if found.is_alike:
            verdict.alike.append(name.kind)
    return verdict
