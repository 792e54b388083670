"""What was done for the people of a partner's list, in the shape in which partners are told of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from pathlib import Path
from typing import Any

from opora.informing.incoming import IncomingContact
from opora.informing.models import Roll
from opora.informing.rules import INFORMED
from opora.informing.words import Channel, Measure, Outcome, Purpose, Reason, Sequence, TouchState
from opora.organisations.models import Organisation
from opora.shared.sql import question

SQL = Path(__file__).parent / "sql"
touched = question(SQL, "facts_of_roll")
of_period = question(SQL, "facts_of_period")
INFORMING = frozenset({Purpose.INVITE, Purpose.REMIND})
NOT_INFORMED = frozenset(
    {
        Outcome.CALL_LATER,
        Outcome.NO_ANSWER,
        Outcome.BUSY,
        Outcome.WRONG_NUMBER,
        Outcome.FOREIGN_PERSON,
        Outcome.UNDELIVERED,
        Outcome.UNKNOWN,
        Outcome.RETURNED,
        Outcome.IMPOSSIBLE,
        Outcome.WITHDRAWN,
    }
)


def facts_of_roll(roll: Roll) -> list[IncomingContact]:
    """Return touches that informed somebody, under the keys of the list; surveys and vain attempts are left out."""
    parameters = {
        "roll": roll.pk,
        "states": sorted(INFORMED),
        "purposes": sorted(INFORMING),
        "vain": sorted(NOT_INFORMED),
    }
    return [
        IncomingContact(
            place=row.place,
            key=row.key,
            measure=Measure(row.measure),
            channel=Channel(row.channel),
            purpose=Purpose(row.purpose),
            outcome=Outcome(row.outcome) if row.outcome else None,
            on=row.on_day,
            sequence=Sequence.FIRST if row.is_first else Sequence.REPEAT,
        )
        for row in touched(**parameters)
    ]


@dataclass(frozen=True, slots=True)
class Period:
    """Days of a zone: ``until`` is the first day that is over."""

    since: date
    until: date
    zone: tzinfo

    @property
    def moments(self) -> tuple[datetime, datetime]:
        return datetime.combine(self.since, time(), self.zone), datetime.combine(self.until, time(), self.zone)


@dataclass(frozen=True, slots=True)
class Fact:
    """A touch that took place, in the shape in which partners are told of it; ``contact`` names nobody yet."""

    touch: int
    person: int
    contact: IncomingContact


def facts_of_period(
    insurer: Organisation,
    period: Period,
    *,
    purposes: Iterable[Purpose],
    left_out: Iterable[Outcome],
    measures: Iterable[Measure] | None = None,
) -> list[Fact]:
    """Return what an insurer did in a period, but for contacts that ended in ``left_out``. One query."""
    since, until = period.moments
    reached = frozenset(left_out) >= NOT_INFORMED
    rows = of_period(
        insurer=insurer.pk,
        years=list(range(period.since.year - 1, period.until.year + 1)),
        since=since,
        until=until,
        purposes=sorted(purposes),
        informing=sorted(INFORMING),
        measures=sorted(measures) if measures is not None else None,
        states=sorted(INFORMED if reached else INFORMED | {TouchState.FAILED}),
        left_out=sorted(left_out),
        vain=sorted(NOT_INFORMED),
    )
    return [
        Fact(
            row.id,
            row.person_id,
            IncomingContact(
                place=0,
                key="",
                measure=Measure(row.measure),
                channel=Channel(row.channel),
                purpose=Purpose(row.purpose),
                outcome=Outcome(row.outcome) if row.outcome else None,
                reason=Reason(row.reason) if row.reason else None,
                on=row.on_day,
                sequence=_turn(row),
                provider_code=row.provider_code,
                note=row.note,
            ),
        )
        for row in rows
    ]


def _turn(row: Any) -> Sequence | None:
    if row.purpose not in INFORMING:
        return None
    return Sequence.FIRST if row.is_first else Sequence.REPEAT
