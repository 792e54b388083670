"""That sealed reports are what they were, and why the next version says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from django.db import connection
from psycopg import sql

from opora.access.scope import Scope, enter
from opora.appeals.models import Appeal, Event
from opora.organisations.models import Employee
from opora.reports import cube, hashes
from opora.reports.counting import Part, Report
from opora.reports.cube import Cube, FactRow, Group
from opora.reports.errors import NoSuchCell
from opora.reports.models import Change, Seal
from opora.reports.past import rows_at
from opora.reports.periods import Days
from opora.reports.services import sealing
from opora.reports.sources import SOURCES

MOST = 500  # facts under some cells that are told

type Cell = tuple[str, str, str]
WHY = "whether sealed numbers are still what they were concerns all of them"


@dataclass(frozen=True, slots=True)
class Proved:
    """How many seals hold; ``faults`` say in words what is wrong about each that does not."""

    seals: int
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """An event of an appeal: what, when, who."""

    kind: str
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A fact that came under some cells, went or changed between two versions; ``events`` — of its appeal, if seen.

    ``before`` and ``after`` are the values of the fact as it lay then, wherever it lay; None where there was none.
    """

    source: str
    key: str
    how: Literal["came", "went", "changed"]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    appeal: str | None
    events: list[Told] = field(default_factory=list)


def verify_seals(told: Callable[[Seal], None] = lambda one: None) -> Proved:
    """Count every sealed report again from the facts as they lay then; name all that are others."""
    with enter(Scope.system(WHY)):
        keys = list(Seal.objects.order_by("sealed_at", "pk").values_list("pk", flat=True))
    faults = []
    for key in keys:
        with enter(Scope.system(WHY)):
            one = Seal.objects.select_related("insurer").get(pk=key)
            told(one)
            if fault := _fault(one):
                faults.append(f"{one}: {fault}.")
    return Proved(len(keys) - len(faults), tuple(faults))


def reasons(seal: Seal, cells: Sequence[Cell], employee: Employee, *, former: Seal | None = None) -> list[Moved]:
    """Return what moved some cells since a former version (the one before), ``MOST`` facts of a source at most.

    A fact that only went from one of the cells to another has changed. Nothing for the first version. A fact of an
    appeal she may not see comes without its appeal and events.
    """
    with enter(Scope.system("facts under a number are told without people; appeals are asked for by her scope")):
        before = former or _before(seal)
        if before is None:
            return []
        was = _under(sealing.report_of(before), before, seal, cells)
        now = _under(sealing.report_of(seal), before, seal, cells)
        keys: dict[str, set[str]] = {}
        for source, key in {*was, *now}:
            keys.setdefault(source, set()).add(key)
        lay = {name: (_lay(name, found, before), _lay(name, found, seal)) for name, found in keys.items()}
    moved = []
    for source, key in sorted({*was, *now}):
        old, new = was.get((source, key)), now.get((source, key))
        some = new or old
        if old == new or some is None:
            continue
        how: Literal["came", "went", "changed"] = "came" if old is None else "went" if new is None else "changed"
        then, later = lay[source]
        moved.append(Moved(source, key, how, then.get(key), later.get(key), some.appeal))
    return _with_events(moved[:MOST], before.sealed_at, seal.sealed_at, employee)


def _before(seal: Seal) -> Seal | None:
    return (
        Seal.objects.select_related("insurer")
        .filter(
            report=seal.report,
            territory=seal.territory_id,
            insurer=seal.insurer_id,
            period=seal.period,
            number=seal.number - 1,
        )
        .first()
    )


def _lay(name: str, keys: Collection[str], seal: Seal) -> dict[str, Mapping[str, Any]]:
    """Return the facts of some keys as they lay at a seal, by key. One query."""
    source = SOURCES[name]
    table, parameters = rows_at(source, seal)
    columns = [str(field.column) for field in source.model._meta.concrete_fields]
    statement = sql.SQL("SELECT f.{key}::text, {columns} FROM {table} f WHERE f.{key}::text = ANY(%s)").format(
        key=sql.Identifier(source.key),
        columns=sql.SQL(", ").join(sql.SQL("f.{}").format(sql.Identifier(one)) for one in columns),
        table=table,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, list(keys)])
        return {line[0]: dict(zip(columns, line[1:], strict=True)) for line in cursor.fetchall()}


def _fault(one: Seal) -> str:
    if sha256(one.body.encode()).hexdigest() != one.sha256:
        return "хэш не сходится с текстом отчёта"
    subject, days = sealing.subject_of(one), Days(one.since, one.until)
    for name, lay in one.sources.items():
        source = SOURCES[name]
        found = hashes.hashed(source, subject, days, seal=one, columns=lay["columns"])
        if (found.rows, found.sha256) != (lay["rows"], lay["sha256"]):
            return f"строки «{source.title}» другие: было {lay['rows']}, сейчас {found.rows}"
    report = sealing.report_of(one)
    if not sealing.same_but_told(report.pack, report.counted(), one.body):
        return "по тем же строкам отчёт считается иначе"
    return ""


def _under(report: Report, former: Seal, later: Seal, cells: Sequence[Cell]) -> dict[tuple[str, str], FactRow]:
    """Facts under some cells as of the seal of ``report``, of those that changed between the two seals."""
    groups: dict[int, dict[str, Group]] = {}
    cubes: dict[int, Cube] = {}
    for table, row, column in cells:
        try:
            parts: Sequence[Part] = report.table(table).behind(row, column)
        except NoSuchCell:
            continue
        for part in parts:
            cubes[id(part.cube)] = part.cube
            groups.setdefault(id(part.cube), {}).update({group.key: group for group in part.groups})
    found = {}
    for which, counted in cubes.items():
        source = counted.question.source
        changed = Change.objects.filter(source=source.name, id__gt=former.last_change, id__lte=later.last_change)
        keys = list(changed.values_list("key", flat=True).distinct())
        for line in cube.rows(counted, list(groups[which].values()), keys=keys, limit=MOST):
            found[source.name, line.key] = line
    return found


def _with_events(moved: list[Moved], since: datetime, until: datetime, employee: Employee) -> list[Moved]:
    wanted = {one.appeal for one in moved if one.appeal}
    with enter(employee.scope):
        visible = Appeal.objects.accessible_to(employee).filter(pk__in=wanted)
        keys = list(visible.values_list("pk", flat=True))
        seen = {str(pk) for pk in keys}
        rows = Event.objects.filter(appeal__in=keys, at__gt=since, at__lte=until).order_by("at", "id")
        told: dict[str, list[Told]] = {}
        for event in rows:
            told.setdefault(str(event.appeal_id), []).append(
                Told(str(event.get_kind_display()), event.at, event.employee_name)
            )
    return [
        Moved(
            one.source,
            one.key,
            one.how,
            one.before,
            one.after,
            one.appeal if one.appeal in seen else None,
            told.get(one.appeal or "", []),
        )
        for one in moved
    ]
