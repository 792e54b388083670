"""A file out of records: those that lack something are set apart with a sentence, the rest is written and read back.

What we could not read ourselves never leaves: the same controls that partners' files pass look at ours.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from opora.exchange.codebook import CodeUnknown
from opora.exchange.context import Context
from opora.exchange.engine import examine
from opora.exchange.errors import ExchangeRefused, FactMissing
from opora.exchange.findings import Record, Severity
from opora.exchange.outbound.units import Unit

MOST_FAULTS = 1000
ROUNDS = 3
Write = Callable[[Sequence[Unit]], bytes]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a record stays here: ``field`` of the format where it is known."""

    unit: Unit
    message: str
    field: str = ""


@dataclass(slots=True)
class Written:
    """``kept`` pairs what was read back with what it was made of; a unit may take several records of its own."""

    raw: bytes = b""
    kept: list[tuple[Record, Unit]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def write_units(units: Sequence[Unit], name: str, write: Write, on: date) -> Written:
    """Return the file of the records that are whole, and what the others lack. Raises for a fault of the file itself.

    A file without a single whole record has no bytes. ``on`` is the day of the file: nothing in it comes later.
    """
    done = Written(faults=_sieved(units, write))
    good = _without(units, done.faults)
    for _ in range(ROUNDS):
        if not good:
            return done
        done.raw = write(good)
        done.kept, found = _read_back(done.raw, good, name, on)
        if not found:
            return done
        done.faults += found
        good = _without(good, found)
    raise ExchangeRefused("Файл не проходит собственную проверку: сообщите администратору.")


def rows_of(unit: Unit) -> int:
    """Return how many records of a file a unit makes: facts after the first stand in rows of their own."""
    return max(1, len(unit.entries), len(unit.contacts))


def _sieved(units: Sequence[Unit], write: Write) -> list[Fault]:
    """Find records that cannot be written by halves: a few bad ones among many cost a few tries."""
    faults: list[Fault] = []

    def look(some: Sequence[Unit]) -> None:
        try:
            write(some)
        except (CodeUnknown, FactMissing) as fault:
            if len(some) == 1:
                if len(faults) >= MOST_FAULTS:
                    raise ExchangeRefused(f"Неполных записей больше {MOST_FAULTS}: проверьте, то ли выбрано.") from None
                faults.append(Fault(some[0], fault.sentence, str(fault.details.get("field", ""))))
                return
            before = len(faults)
            look(some[: len(some) // 2])
            look(some[len(some) // 2 :])
            if len(faults) == before:
                raise  # each half is fine: what is wrong is the file

    if units:
        look(units)
    return faults


def _read_back(raw: bytes, units: Sequence[Unit], name: str, on: date) -> tuple[list[tuple[Record, Unit]], list[Fault]]:
    with tempfile.TemporaryDirectory(prefix="opora-exchange-") as folder:
        path = Path(folder) / name
        path.write_bytes(raw)
        outcome, content = examine(path, Context(on))
    errors = [found for found in outcome.findings if found.severity is Severity.ERROR]
    for found in errors:
        if found.place is None:
            raise ExchangeRefused(f"Файл не проходит собственную проверку: {found.message}")
    made = _owners(units, content.records)
    faults: dict[int, Fault] = {}
    for found in errors:
        unit = made[(found.place or 1) - 1]
        faults.setdefault(id(unit), Fault(unit, found.message, found.field))
    return list(zip(content.records, made, strict=True)), list(faults.values())


def _owners(units: Sequence[Unit], records: Sequence[Record]) -> list[Unit]:
    for owners in (list(units), [unit for unit in units for _ in range(rows_of(unit))]):
        if len(owners) == len(records):
            return owners
    raise ExchangeRefused(f"В файле оказалось записей {len(records)}, а должно быть {len(units)}.")


def _without(units: Sequence[Unit], faults: Sequence[Fault]) -> list[Unit]:
    bad = {id(fault.unit) for fault in faults}
    return [unit for unit in units if id(unit) not in bad]
