"""The frame of a measurement: works, rounds, bars and what is said of them."""

import importlib
import operator
import pkgutil
import re
import statistics
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import structlog

import config.bench
from config.bench.errors import BenchRefused
from config.bench.place import Place

LEAST_ROUNDS = 3
GROUPS = (
    *("house", "journal", "informing", "complaints", "findings", "knowledge", "surveys", "policies"),
    *("reports", "doors", "telephony", "portal", "chat", "posts"),
)
_CONDITION = re.compile(r"(?:(?P<what>\w+) )?(?P<sign><=|>=) (?P<value>\d+(?:\.\d+)?)")
_SIGNS: dict[str, Callable[[float, float], bool]] = {"<=": operator.le, ">=": operator.ge}

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Bench:
    """What a work may use: where databases are made, how many people stand in ``opora_bench``, how often to measure.

    ``appeals`` is the size of the archive, ``touches`` that of a campaign, ``tablets`` how many posts come back;
    ``keeps`` — large databases stay for the next run.
    """

    place: Place
    scale: float
    people: int
    repeat: int = LEAST_ROUNDS
    say: Callable[[str], None] = lambda _: None
    appeals: int = 20_000
    keeps: bool = False
    touches: int = 100_000
    tablets: int = 500

    @property
    def rounds(self) -> range:
        return range(self.repeat)


@dataclass(frozen=True)
class Round:
    """A figure and the limit taken right beside it, in one unit; ``also`` are further figures a bar may name."""

    figure: float
    limit: float | None = None
    also: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Work:
    """One thing measured. Conditions of the bar read ``<= 3`` (the ratio), ``figure <= 50``, ``queries <= 12``."""

    name: str
    unit: str
    bar: tuple[str, ...]
    run: Callable[[Bench], Iterator[Round]]
    note: str = ""
    needs_people: bool = True
    least: int = LEAST_ROUNDS


@dataclass(frozen=True)
class Result:
    """One line of the table and of the JSON; None where nothing was measured. ``also`` are the further figures, of each
    that the bar names the worst round."""

    name: str
    figure: float | None
    unit: str
    limit: float | None
    ratio: float | None
    bar: str
    ok: bool
    runs: int
    note: str
    also: dict[str, float] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        return asdict(self)


WORKS: dict[str, Work] = {}


def work(
    name: str,
    *,
    unit: str,
    bar: tuple[str, ...],
    note: str = "",
    needs_people: bool = True,
    least: int = LEAST_ROUNDS,
) -> Callable[[Callable[[Bench], Iterator[Round]]], Callable[[Bench], Iterator[Round]]]:
    """Add a work to the bench; see the door plate of this room. ``least`` rounds prove something."""

    def add(run: Callable[[Bench], Iterator[Round]]) -> Callable[[Bench], Iterator[Round]]:
        if name.partition(".")[0] not in GROUPS or not all(map(_CONDITION.fullmatch, bar)):
            raise ValueError(f"{name}: a work is «group.work» and its bar is made of conditions")
        if name in WORKS and WORKS[name].run.__module__ != run.__module__:
            raise ValueError(f"{name} is measured twice: {WORKS[name].run.__module__} and {run.__module__}")
        WORKS[name] = Work(name, unit, bar, run, note, needs_people, least)
        return run

    return add


def discover() -> None:
    """Import every module of this package, so that its works are known; Django must be set up."""
    for module in pkgutil.iter_modules(config.bench.__path__):
        if module.name not in {"tests", "frame", "place", "errors"}:
            importlib.import_module(f"config.bench.{module.name}")


def chosen(names: list[str]) -> list[Work]:
    """Return the works of the names and groups asked for, all without any. Raises BenchRefused."""
    for name in names:
        if not any(_fits(known, name) for known in WORKS):
            raise BenchRefused(f"Нет такого замера: {name}. Есть: {', '.join(sorted(WORKS))}.")
    return [WORKS[known] for known in sorted(WORKS) if not names or any(_fits(known, name) for name in names)]


def _fits(known: str, name: str) -> bool:
    return known == name or known.startswith(f"{name}.")


def measure(found: Work, bench: Bench) -> Result:
    """Run a work and judge it. A work that fails is a result that says so: the others are still worth having."""
    try:
        rounds = list(found.run(bench))
    except Exception as fault:
        log.exception("bench.failed", work=found.name)
        reason = str(fault).strip().partition("\n")[0] or type(fault).__name__
        return Result(found.name, None, found.unit, None, None, _bar(found), False, 0, f"не измерено: {reason}")
    return judge(found, rounds)


def judge(found: Work, rounds: list[Round]) -> Result:
    """Fold rounds into medians and hold them against the bar; of further figures the worst round counts."""
    figure = statistics.median(one.figure for one in rounds)
    limits = [one.limit for one in rounds if one.limit is not None]
    limit = statistics.median(limits) if len(limits) == len(rounds) else None
    values: dict[str, float | None] = {"figure": figure, "": figure / limit if limit else None}
    for condition in found.bar:
        what, sign, _ = _parts(condition)
        if what not in values:
            values[what] = (max if sign == "<=" else min)(one.also[what] for one in rounds)
    told: dict[str, float | None] = dict(rounds[-1].also)
    told |= {what: value for what, value in values.items() if what in told}
    also = {what: value for what, value in told.items() if value is not None}
    further = [f"{what} {_grouped(value)}" for what, value in also.items()]
    return Result(
        name=found.name,
        figure=_rounded(figure),
        unit=found.unit,
        limit=_rounded(limit),
        ratio=_rounded(values[""]),
        bar=_bar(found),
        ok=len(rounds) >= found.least and all(_holds(condition, values) for condition in found.bar),
        runs=len(rounds),
        note="; ".join([*further, *([found.note] if found.note else [])]),
        also=also,
    )


def _holds(condition: str, values: Mapping[str, float | None]) -> bool:
    what, sign, bound = _parts(condition)
    value = values[what]
    return value is not None and _SIGNS[sign](value, bound)


def _parts(condition: str) -> tuple[str, str, float]:
    found = _CONDITION.fullmatch(condition)
    assert found, condition  # noqa: S101 - checked when the work was added
    return found["what"] or "", found["sign"], float(found["value"])


def _grouped(value: float) -> str:
    return f"{value:_.0f}".replace("_", " ")


def _bar(found: Work) -> str:
    return ", ".join(found.bar)


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
