"""Figures of the line by line, hour and group of operators, and half-hours for staffing. Never by one employee."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from opora.shared.charts import Chart, Series
from opora.shared.sql import question
from opora.telephony.rules import SERVICE_SECONDS

if TYPE_CHECKING:
    from opora.organisations.models import Employee, Organisation

SQL = Path(__file__).parent / "sql"
FEWEST = 3  # people in a group that is shown: a smaller one names somebody
NOBODYS = {"line": "линия не указана", "hour": "", "group": "без отдела"}
type By = Literal["line", "hour", "group"]

_figures = question(SQL, "figures")
_half_hours = question(SQL, "half_hours")
_served = question(SQL, "served")
_waiting = question(SQL, "waiting")


@dataclass(frozen=True, slots=True)
class Figure:
    """Calls of one group; lengths are seconds, None where nobody was answered. ``level`` is per cent."""

    title: str
    calls: int
    answered: int
    abandoned: int
    secretary: int
    level: float | None
    waited: float | None
    waited_95: int | None
    talked: float | None
    wrap: float | None
    score: float | None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class HalfHour:
    """Load of one line in half an hour; ``half_hour`` is its beginning, ``line`` the key of the line."""

    organisation: int
    line: int
    half_hour: datetime
    calls: int
    answered: int
    abandoned: int
    talk_seconds: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Incoming calls of some lines; ``in_time`` of ``counted`` make the service level. ``waited`` — seconds of all that
    were answered, ``waited_95`` — the longest of the luckiest 95 %; None where nobody was answered."""

    calls: int
    answered: int
    abandoned: int
    secretary: int
    in_time: int
    counted: int
    waited: int | None
    waited_95: int | None


def figures(employee: Employee, by: By, since: date, until: date) -> list[Figure]:
    """Return figures of her organisation's lines from ``since`` to ``until``, both inclusive. One query."""
    return [_figure(row, by) for row in rows_of(employee, by, since, until)]


def rows_of(employee: Employee, by: By, since: date, until: date) -> list[Any]:
    """Return rows of ``figures.sql`` for her organisation's lines; both days inclusive. One query."""
    assignment = employee.assignment
    if assignment is None:
        return []
    begins, ends = moments(assignment.organisation, since, until)
    return _figures(
        by=by,
        organisation=assignment.organisation_id,
        zone=str(assignment.organisation.zone),
        since=begins,
        until=ends,
        seconds=SERVICE_SECONDS,
    )


def half_hours(since: datetime, until: datetime, organisations: Sequence[int] | None = None) -> list[HalfHour]:
    """Return the load of lines by half-hour, half-open; what the scope of the transaction sees. One query."""
    wanted = None if organisations is None else list(organisations)
    return [HalfHour(*row) for row in _half_hours(since=since, until=until, organisations=wanted)]


def waiting(organisations: Sequence[int], since: datetime, until: datetime) -> Waiting:
    """Return how long calls waited, half-open; what the scope of the transaction sees. One query."""
    given = {"since": since, "until": until, "organisations": list(organisations), "seconds": SERVICE_SECONDS}
    return Waiting(*_waiting(**given)[0])


def served_for_others(organisation: Organisation, since: date, until: date) -> list[Any]:
    """Return rows (whose, whose_name, served, served_name, calls, talk_seconds) of overflow in her scope. One query."""
    begins, ends = moments(organisation, since, until)
    return _served(since=begins, until=ends)


def chart(found: Sequence[Figure]) -> Chart:
    """Return calls by hour of the day."""
    hours = {figure.title: figure for figure in found}
    names = [f"{hour:02}" for hour in range(24)]
    every = [hours.get(name) for name in names]
    return Chart(
        "stack",
        "Звонки по часам",
        "звонков",
        names,
        [
            Series("Ответили", [one.answered if one else 0 for one in every]),
            Series("Не дождались", [one.abandoned if one else 0 for one in every]),
            Series("Секретарь", [one.secretary if one else 0 for one in every]),
        ],
    )


def _figure(row: Any, by: By) -> Figure:
    title = row.title or NOBODYS[by]
    if by == "group" and row.people < FEWEST:
        return Figure(title, row.calls, row.answered, 0, 0, None, None, None, None, None, None, is_hidden=True)
    level = 100 * row.in_time / row.counted if row.counted else None
    lengths = (row.waited, row.waited_95, row.talked, row.wrap, row.score)
    return Figure(title, row.calls, row.answered, row.abandoned, row.secretary, level, *lengths)


def moments(organisation: Organisation, since: date, until: date) -> tuple[datetime, datetime]:
    """Return the beginning of the first day and the end of the last by the clock of the place."""
    zone = organisation.zone
    return datetime.combine(since, time(), zone), datetime.combine(until + timedelta(days=1), time(), zone)
