"""A pack as a file: read, checked, told apart by kind. Pure.

A room above that has law of its own registers its kind in ``apps.py``: the shape of the file and its further checks.

    packs.register("eligibility", EligibilityPack, read_rules)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from opora.deadlines.calendar import read_calendar
from opora.deadlines.clock import DayOff, Term, Unit
from opora.deadlines.errors import PackRefused
from opora.deadlines.waiting import Suspicion, read_waiting

SHIPPED = Path(__file__).parent / "packs"
LARGEST = 5_000_000
FAULTS = {"missing": "поле обязательно", "extra_forbidden": "такого поля в паке не бывает"}


class Strict(BaseModel):
    """A part of a pack: an unknown field is a mistake, never ignored."""

    model_config = ConfigDict(extra="forbid")


class Head(Strict):
    """What every pack begins with."""

    kind: str
    code: str = Field(pattern=r"^[a-z_]{1,40}$")
    territory: str = Field(pattern=r"^(\d{5})?$")
    version: str = Field(min_length=1, max_length=40)
    since: date
    until: date | None
    title: str = Field(min_length=1, max_length=200)
    source: str = Field(min_length=1, max_length=1000)


class _Year(Strict):
    working_days: int = Field(ge=200, le=262)
    off: list[str]
    working: list[str]
    shortened: list[str]
    epidemic: list[str] = []
    sources: str = ""


class _CalendarPack(Head):
    holidays: list[str]
    years: dict[str, _Year]


class _RegionPack(Head):
    days: list[date]


class _Term(Strict):
    code: str
    title: str
    unit: Unit
    length: int = Field(ge=0, le=3660)
    start: str
    clause: str
    day_off: DayOff = DayOff.STAYS
    warn_after: list[int] = []
    is_verified: bool = False
    longest_extension: int = Field(0, ge=0, le=366)
    may_pause: bool = False


class _LawPack(Head):
    terms: list[_Term]


class _Limit(Strict):
    code: str
    title: str
    unit: Unit
    length: int = Field(ge=1, le=3660)
    start: str
    suspicion: Suspicion
    is_verified: bool


class _WaitingPack(Head):
    limits: list[_Limit]


SHAPES: dict[str, type[Head]] = {
    "calendar": _CalendarPack,
    "region": _RegionPack,
    "law": _LawPack,
    "waiting": _WaitingPack,
}
CHECKS: dict[str, Callable[[dict[str, Any]], object]] = {"calendar": read_calendar, "waiting": read_waiting}


def register(kind: str, shape: type[Head], check: Callable[[dict[str, Any]], object]) -> None:
    """Add a kind of pack; ``check`` raises PackRefused for what a shape cannot say."""
    SHAPES[kind] = shape
    CHECKS[kind] = check


@dataclass(frozen=True, slots=True)
class PackFile:
    """A checked pack: its head as fields, the whole as ``content``."""

    kind: str
    code: str
    territory: str
    version: str
    since: date
    until: date | None
    title: str
    source: str
    content: dict[str, Any]
    sha256: str


def read_pack(path: Path) -> PackFile:
    """Read and check a pack. Raises PackRefused with a sentence and the place of the fault."""
    raw = path.read_bytes()
    if len(raw) > LARGEST:
        raise PackRefused(f"{path.name}: файл больше {LARGEST // 1_000_000} МБ — это не пак")
    try:
        content = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise PackRefused(f"{path.name}: пак должен быть в UTF-8") from None
    except json.JSONDecodeError as fault:
        raise PackRefused(f"{path.name}, строка {fault.lineno}, знак {fault.colno}: это не JSON") from None
    return check_pack(content, name=path.name, sha256=hashlib.sha256(raw).hexdigest())


def check_pack(content: Any, *, name: str, sha256: str) -> PackFile:
    shape = SHAPES.get(content.get("kind", "")) if isinstance(content, dict) else None
    if shape is None:
        raise PackRefused(f"{name}: поле kind должно быть одним из {', '.join(SHAPES)}")
    try:
        head = TypeAdapter(shape).validate_python(content)
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        sentence = FAULTS.get(first["type"], f"значение «{str(first['input'])[:60]}» сюда не подходит")
        raise PackRefused(f"{name}, {place}: {sentence}") from None
    if head.until is not None and head.until < head.since:
        raise PackRefused(f"{name}: пак кончается раньше, чем начинается")
    if check := CHECKS.get(head.kind):
        check(content)
    if head.kind == "region" and not head.territory:
        raise PackRefused(f"{name}: у региональных дней должна быть территория")
    return PackFile(**{field: getattr(head, field) for field in Head.model_fields}, content=content, sha256=sha256)


def read_terms(content: dict[str, Any]) -> list[Term]:
    """Return the terms of a law pack."""
    return [
        Term(
            code=line["code"],
            title=line["title"],
            unit=Unit(line["unit"]),
            length=line["length"],
            start=line["start"],
            clause=line["clause"],
            day_off=DayOff(line.get("day_off", "stays")),
            warn_after=tuple(line.get("warn_after", ())),
            is_verified=line.get("is_verified", False),
            pack=f"{content['code']} {content['version']}",
            longest_extension=line.get("longest_extension", 0),
            may_pause=line.get("may_pause", False),
        )
        for line in content["terms"]
    ]


def shipped() -> Iterator[Path]:
    """Packs that come with the program, oldest first."""
    return iter(sorted(SHIPPED.glob("*.json")))
