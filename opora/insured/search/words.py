"""Which names the register knows that a word of the query may be: exact, by a beginning, by a part, with a slip."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from opora.insured.search.likeness import SHORTEST_FOR_ONE, SHORTEST_FOR_TWO, near, slips
from opora.shared.sql import question

SQL = Path(__file__).parent / "sql"
MOST = 40
MOST_READINGS = 24

_words = question(SQL, "words")
_near_words = question(SQL, "near_words")
_far_words = question(SQL, "far_words")


@dataclass(slots=True)
class Known:
    """Surnames and given names for each reading, the likelier first; readings whose surnames did not fit into MOST."""

    surnames: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    given: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    overflown: set[str] = field(default_factory=set)


def known(readings: Iterable[str]) -> Known:
    """Return names equal to a reading, beginning with it, or having it as a part; one query."""
    found = Known()
    asked = list(dict.fromkeys(readings))[:MOST_READINGS]
    for row in _words(readings=asked, most=MOST + 1) if asked else []:
        (found.surnames if row.dictionary == "surname" else found.given)[row.reading].append(row.key)
    for reading, names in found.surnames.items():
        if len(names) > MOST:
            found.overflown.add(reading)
            del names[MOST:]
    return found


def alike(readings: Iterable[str]) -> Known:
    """Return names one slip away from a reading (some two slips away come along), the nearer first; one query."""
    asks = [
        {"reading": reading, "near": near(reading)}
        for reading in list(dict.fromkeys(readings))[:MOST_READINGS]
        if len(reading) >= SHORTEST_FOR_ONE
    ]
    return _sorted(_near_words(asks=json.dumps(asks), most=4 * MOST)) if asks else Known()


def far(readings: Iterable[str]) -> Known:
    """Return surnames two slips away from a reading of six letters or more; one query."""
    asked = [reading for reading in dict.fromkeys(readings) if len(reading) >= SHORTEST_FOR_TWO][:4]
    return _sorted(_far_words(readings=asked, most=4 * MOST)) if asked else Known()


def _sorted(rows: Iterable[tuple[str, str, str]]) -> Known:
    found = Known()
    ranked = sorted((slips(reading, key), dictionary, reading, key) for reading, dictionary, key in rows)
    for _, dictionary, reading, key in ranked:
        kept = (found.surnames if dictionary == "surname" else found.given)[reading]
        if key not in kept and len(kept) < MOST:
            kept.append(key)
    return found
