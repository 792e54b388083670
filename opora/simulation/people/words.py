"""The word lists of ``data/`` as arrays ready for drawing by frequency."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from opora.simulation.people import surnames
from opora.simulation.people.files import lines, sections

GROUPS = ("russian", "ukrainian", "tatar", "caucasian", "armenian", "other")
NAME_GROUP = {"russian": "slavic", "ukrainian": "slavic", "tatar": "muslim", "caucasian": "muslim",
              "armenian": "armenian", "other": "other"}  # fmt: skip
TAIL_SHARE = {"russian": 0.38, "tatar": 0.25, "caucasian": 0.25}  # bearers of surnames outside the list; assumed
LATER = 9999


@dataclass(frozen=True)
class Territory:
    """A region as the simulation needs it; ``okato`` and ``enp_region`` are texts with leading zeros."""

    okato: str
    enp_region: str
    time_zone: str
    area_code: str
    weight: float
    groups: tuple[float, ...]
    towns: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class Frequencies:
    """Indices into a list of words and their running share, the last being 1."""

    index: np.ndarray
    running: np.ndarray

    def draw(self, rng: np.random.Generator, count: int) -> np.ndarray:
        """Return ``count`` indices drawn by frequency."""
        return self.index[np.searchsorted(self.running, rng.random(count), side="right").clip(max=len(self.index) - 1)]


@dataclass(frozen=True)
class Surnames:
    """Every surname in both forms (arrays of texts) and the frequencies of each group, in the order of GROUPS."""

    masculine: np.ndarray
    feminine: np.ndarray
    groups: tuple[Frequencies, ...]


@dataclass(frozen=True)
class Cohort:
    """Names given up to the year ``until`` inclusive."""

    until: int
    names: Frequencies


@dataclass(frozen=True)
class GivenNames:
    """Every given name and the cohorts of (name group, sex), oldest first; sex is 1 male, 2 female."""

    words: np.ndarray
    cohorts: dict[tuple[str, int], tuple[Cohort, ...]]


@cache
def territories() -> tuple[Territory, ...]:
    """Return the territories of ``data/territories.tsv``, in the order of the file."""
    return tuple(_territory(line.split("\t")) for line in lines("territories.tsv"))


def _territory(cells: Sequence[str]) -> Territory:
    okato, region, zone, area, weight, groups, towns, name = cells
    shares = np.array([float(share) for share in groups.split()])
    parts = tuple((shares / shares.sum()).tolist())
    return Territory(okato, region, zone, area, float(weight), parts, tuple(towns.split(", ")), name)


@cache
def pyramid() -> np.ndarray:
    """Return rows of (first age, thousands of men, thousands of women); each row stands for five years of age."""
    return np.array([[float(cell) for cell in line.split("\t")] for line in lines("ages.tsv")])


@cache
def streets() -> np.ndarray:
    """Return names of streets, the usual ones first."""
    return texts(word.replace("_", " ") for line in lines("streets.txt") for word in line.split())


@cache
def surname_list() -> Surnames:
    """Return the surnames of the file and the long tail of rare ones."""
    heads = sections("surnames.txt")
    number: dict[str, int] = {}
    frequencies = []
    for name in GROUPS:
        head = list(dict.fromkeys(heads[name]))
        known = set(head)
        tail = [word for word in surnames.rare(name) if word not in known]
        index = np.array([number.setdefault(word, len(number)) for word in [*head, *tail]])
        frequencies.append(Frequencies(index, _running(len(head), len(tail), TAIL_SHARE.get(name, 0.0))))
    return Surnames(texts(number), texts(surnames.feminine(word) for word in number), tuple(frequencies))


@cache
def given_names() -> GivenNames:
    """Return the given names by cohort."""
    number: dict[str, int] = {}
    cohorts: dict[tuple[str, int], list[Cohort]] = {}
    block = ("", 0)
    for line in lines("given_names.txt"):
        if line.startswith("["):
            group, sex = line.strip("[]").split()
            block = (group, 1 if sex == "male" else 2)
            continue
        bound, names = line.split(":")
        words = list(dict.fromkeys(names.split()))
        index = np.array([number.setdefault(word, len(number)) for word in words])
        until = LATER if bound == "later" else int(bound.removeprefix("until "))
        cohorts.setdefault(block, []).append(Cohort(until, Frequencies(index, _running(len(words), 0, 0.0, shift=4))))
    return GivenNames(texts(number), {key: tuple(found) for key, found in cohorts.items()})


def texts(words: Iterable[str]) -> np.ndarray:
    """Return an array of Python texts (shared, so that taking by index costs a pointer)."""
    found = list(words)
    array = np.empty(len(found), dtype=object)
    array[:] = found
    return array


def _running(head: int, tail: int, tail_share: float, shift: int = 5) -> np.ndarray:
    """Running share: the head by a law of ranks (1 / (rank + shift) ** 0.85, assumed), the tail slowly falling."""
    weights = 1 / (np.arange(1, head + 1) + shift) ** 0.85
    weights *= (1 - tail_share) / weights.sum()
    if tail:
        rare = 1 / np.sqrt(np.arange(1, tail + 1) + 50)
        weights = np.concatenate([weights, rare * (tail_share / rare.sum())])
    running = np.cumsum(weights)
    return running / running[-1]
