"""Asking the database for people who may be meant: more than are shown, fewer than a thousand, by indexes only.

Under row security an index serves only leakproof operators, so every question here is made of ``=``, ``<`` and ``>=``;
whatever else narrows it is checked on rows already found.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from opora.insured.search.numbers import Field, Guess, How
from opora.insured.search.rank import Candidate, Name, Written
from opora.shared.dates import Days
from opora.shared.phones import digits as digits_of
from opora.shared.sql import question

SQL = Path(__file__).parent / "sql"
LAST = "\U0010ffff"
EVER = Days(date(1, 1, 1), date(9999, 12, 31))
MOST_OF_A_DAY = 2000
BESIDE_NAMES = {tail: [f"{tail} surname", f"{tail} given"] for tail in ("enp_tail", "snils_tail")}

_by_birth = question(SQL, "by_birth")
_by_name = question(SQL, "by_name")
_by_beginning = question(SQL, "by_beginning")
_by_former_name = question(SQL, "by_former_name")
_by_number = question(SQL, "by_number", branches=True)

SOURCES = {
    (Field.ENP, How.BEGINS): "enp",
    (Field.ENP, How.ENDS): "enp_tail",
    (Field.SNILS, How.BEGINS): "snils",
    (Field.SNILS, How.ENDS): "snils_tail",
    (Field.PHONE, How.BEGINS): "phone",
    (Field.PHONE, How.ENDS): "phone_tail",
    (Field.POLICY, How.BEGINS): "policy",
    (Field.POLICY, How.ENDS): "policy_tail",
    (Field.DOCUMENT, How.BEGINS): "document",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """One exact surname with a span of given names: ``given`` is a beginning, or a whole name when ``is_whole``."""

    surname: str
    given: str = ""
    is_whole: bool = False
    patronymic: str = ""

    @property
    def given_to(self) -> str:
        return self.given + ("\x01" if self.is_whole else LAST)


def born_on(day: date) -> list[Candidate]:
    """Everybody born on a day."""
    rows = _by_birth(day=day, most=MOST_OF_A_DAY)
    return [_candidate(row, [(name, None) for name in row.former or ()]) for row in rows]


def named(asks: Sequence[Ask], birth: Days | None, *, each: int, most: int) -> list[Candidate]:
    """People who bear the names now."""
    return [_candidate(row) for row in _by_name(**_names(asks, birth), each=each, most=most)] if asks else []


def formerly_named(asks: Sequence[Ask], birth: Days | None, *, each: int, most: int) -> list[Candidate]:
    """People who bore the surnames before."""
    if not asks:
        return []
    rows = _by_former_name(**_names(asks, birth), each=each, most=most)
    return [_candidate(row, [(row.former, row.former_key)]) for row in rows]


def beginning_with(surname: str, given: str, birth: Days | None, *, most: int) -> list[Candidate]:
    """People whose names begin so, in the order of names."""
    days = birth or EVER
    rows = _by_beginning(
        surname_from=surname,
        surname_to=surname + LAST,
        given_from=given,
        given_to=given + LAST,
        born_from=days.first,
        born_to=days.last,
        most=most,
    )
    return [_candidate(row) for row in rows]


def numbered(guesses: Iterable[Guess], stems: Sequence[str], *, each: int) -> list[Candidate]:
    """People who have a number that fits a guess; ``stems`` — first two letters of words beside the number."""
    asked: dict[tuple[str, str], Guess] = {}
    parameters: dict[str, Any] = defaultdict(list)
    for guess in guesses:
        how = How.BEGINS if guess.how is How.WHOLE else guess.how
        source = SOURCES[guess.field, how]
        low = guess.digits[::-1] if how is How.ENDS else guess.digits
        asked[source, low] = guess
        parameters[f"{source}_from"].append(low)
        parameters[f"{source}_to"].append(low + ("\x01" if guess.how is How.WHOLE else LAST))
    found: dict[int, Candidate] = {}
    sources = {source for source, _ in asked}
    if stems:
        sources = {branch for source in sources for branch in BESIDE_NAMES.get(source, [source])}
    for row in _by_number(branches=sources, **parameters, stems=list(stems), each=each) if asked else []:
        guess = asked[row.source.partition(" ")[0], row.low]
        if guess.series and digits_of(row.number)[: len(guess.series)] != guess.series:
            continue
        candidate = found.setdefault(row.id, _candidate(row))
        if (guess, row.number) not in candidate.numbers:  # found by the surname and by the given name
            candidate.numbers.append((guess, row.number))
    return list(found.values())


def _names(asks: Sequence[Ask], birth: Days | None) -> dict[str, Any]:
    days = birth or EVER
    return {
        "surnames": [ask.surname for ask in asks],
        "given_from": [ask.given for ask in asks],
        "given_to": [ask.given_to for ask in asks],
        "patronymics": [ask.patronymic for ask in asks],
        "born_from": days.first,
        "born_to": days.last,
    }


def _candidate(row: Any, former: Sequence[tuple[str, str | None]] = ()) -> Candidate:
    own = (
        Written.of(Name.SURNAME, row.surname, row.surname_key),
        Written.of(Name.GIVEN, row.given_name, row.given_key),
        Written.of(Name.PATRONYMIC, row.patronymic, row.patronymic_key),
    )
    names = [name for name in own if name.key]
    return Candidate(row.id, names + [Written.of(Name.FORMER, text, key) for text, key in former], row.birth_on)
