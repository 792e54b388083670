"""Waiting limits of the guarantee programme: which one applies and what to tell the caller. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from opora.deadlines.calendar import Calendar
from opora.deadlines.clock import Clock, Term, Unit, due_at, run
from opora.deadlines.errors import NoSuchLimit


class Suspicion(StrEnum):
    """A suspected disease that shortens the wait."""

    NONE = ""
    ONCOLOGY = "oncology"
    CARDIOVASCULAR = "cardiovascular"

    @property
    def words(self) -> str:
        return {"": "нет", "oncology": "онкология", "cardiovascular": "сердце и сосуды"}[self.value]


@dataclass(frozen=True, slots=True)
class WaitingLimit:
    """One line of a pack: a service, a suspicion and the longest lawful wait."""

    service: str
    title: str
    unit: Unit
    length: int
    start: str
    suspicion: Suspicion
    is_verified: bool

    @property
    def in_words(self) -> str:
        return f"{self.length} {self.unit.after(self.length)}"


@dataclass(frozen=True, slots=True)
class WaitingPack:
    """Limits in force from ``since`` to ``until`` (inclusive, ``None`` — still); no ``territory`` — the country."""

    version: str
    territory: str
    since: date
    until: date | None
    source: str
    limits: tuple[WaitingLimit, ...]

    def covers(self, day: date, territory: str) -> bool:
        return self.territory in {"", territory} and self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the calculator says: the limit, its clock for days or its moment for hours, and words for the caller."""

    limit: WaitingLimit
    pack: WaitingPack
    clock: Clock | None
    due_at: datetime | None
    words: str


def choose(
    packs: Sequence[WaitingPack], *, service: str, on: date, suspicion: Suspicion, territory: str
) -> tuple[WaitingLimit, WaitingPack]:
    """Return the limit that applies and its pack.

    The suspicion's own comes before the common, the territory's before the country's. The day of
    referral chooses the year. Raises NoSuchLimit. Source: domain handbook 06 §3, rule 3.
    """
    in_force = sorted(
        (pack for pack in packs if pack.covers(on, territory)),
        key=lambda pack: (pack.territory == "", _newest_first(pack)),
    )
    for wanted in dict.fromkeys((suspicion, Suspicion.NONE)):
        for pack in in_force:
            for limit in pack.limits:
                if limit.service == service and limit.suspicion == wanted:
                    return limit, pack
    raise NoSuchLimit


def answer(
    packs: Sequence[WaitingPack],
    calendar: Calendar,
    *,
    service: str,
    started: datetime,
    suspicion: Suspicion = Suspicion.NONE,
    territory: str = "",
) -> Answer:
    """Return the last lawful day (or moment) of a wait; ``started`` is local and aware. Raises NoSuchLimit."""
    limit, pack = choose(packs, service=service, on=started.date(), suspicion=suspicion, territory=territory)
    term = Term(
        code=limit.service,
        title=limit.title,
        unit=limit.unit,
        length=limit.length,
        start=limit.start,
        clause=pack.source,
        is_verified=limit.is_verified,
        pack=pack.version,
    )
    if limit.unit in {Unit.MINUTES, Unit.HOURS}:
        moment = due_at(term, started)
        return Answer(limit, pack, None, moment, f"{limit.title}: не позже {moment:%H:%M} {moment:%d.%m.%Y}.")
    clock = run(term, started.date(), calendar)
    words = (
        f"{limit.title}: вас должны принять не позже {clock.due_on:%d.%m.%Y}. Это {limit.in_words}, "
        f"начало — {limit.start} {started:%d.%m.%Y}. Если свободной записи нет, клиника обязана найти другое место. "
        "Отсутствие талонов — не основание для отказа."
    )
    return Answer(limit, pack, clock, None, words)


def read_waiting(pack: Mapping[str, Any]) -> WaitingPack:
    """Build the limits from the content of a pack."""
    return WaitingPack(
        version=pack["version"],
        territory=pack["territory"],
        since=date.fromisoformat(pack["since"]),
        until=date.fromisoformat(pack["until"]) if pack["until"] else None,
        source=pack["source"],
        limits=tuple(
            WaitingLimit(
                service=line["code"],
                title=line["title"],
                unit=Unit(line["unit"]),
                length=line["length"],
                start=line["start"],
                suspicion=Suspicion(line["suspicion"]),
                is_verified=line["is_verified"],
            )
            for line in pack["limits"]
        ),
    )


def _newest_first(pack: WaitingPack) -> int:
    return -pack.since.toordinal()


def services(packs: Sequence[WaitingPack]) -> list[tuple[str, str]]:
    """Return (code, title) of every service that has a limit, the newest wording, in the order of the packs."""
    found: dict[str, str] = {}
    for pack in sorted(packs, key=lambda pack: pack.since, reverse=True):
        for limit in pack.limits:
            if limit.suspicion is Suspicion.NONE:
                found.setdefault(limit.service, limit.title)
    for pack in packs:
        for limit in pack.limits:
            found.setdefault(limit.service, limit.title)
    return list(found.items())
