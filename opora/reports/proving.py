"""That sealed reports are what they were, and why the next version says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from opora.access.scope import Scope, enter
from opora.appeals.models import Appeal, Event
from opora.organisations.models import Employee
from opora.reports import cube, hashes
from opora.reports.counting import Part, Report
from opora.reports.cube import FactRow
from opora.reports.errors import NoSuchCell
from opora.reports.models import Change, Seal
from opora.reports.periods import Days
from opora.reports.services import sealing
from opora.reports.sources import SOURCES

MOST = 500  # facts under one cell that are told
WHY = "whether sealed numbers are still what they were concerns all of them"


@dataclass(frozen=True, slots=True)
class Proved:
    """How many seals hold; ``fault`` says in words what the first that does not is wrong about."""

    seals: int
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """An event of an appeal: what, when, who."""

    kind: str
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A fact under a cell that came, went or changed between two versions; ``events`` — of its appeal, if she sees it.

    ``before`` and ``after`` are the values of the fact, None where it did not lie under the cell.
    """

    source: str
    key: str
    how: Literal["came", "went", "changed"]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    appeal: str | None
    events: list[Told] = field(default_factory=list)


def verify_seals(told: Callable[[Seal], None] = lambda one: None) -> Proved:
    """Count every sealed report again from the facts as they lay then; stop at the first that is another."""
    with enter(Scope.system(WHY)):
        keys = list(Seal.objects.order_by("sealed_at", "pk").values_list("pk", flat=True))
    for place, key in enumerate(keys):
        with enter(Scope.system(WHY)):
            one = Seal.objects.select_related("insurer").get(pk=key)
            told(one)
            if fault := _fault(one):
                return Proved(place, f"{one}: {fault}.")
    return Proved(len(keys))


def reasons(seal: Seal, table: str, row: str, column: str, employee: Employee) -> list[Moved]:
    """Return what moved a cell since the former version, ``MOST`` facts at most; nothing for the first version.

    A fact of an appeal she may not see comes without its appeal and events.
    """
    with enter(Scope.system("facts under a number are told without people; appeals are asked for by her scope")):
        former = Seal.objects.select_related("insurer").filter(
            report=seal.report,
            territory=seal.territory_id,
            insurer=seal.insurer_id,
            period=seal.period,
            number=seal.number - 1,
        )
        before = former.first()
        if before is None:
            return []
        was = _under(sealing.report_of(before), before, seal, table, row, column)
        now = _under(sealing.report_of(seal), before, seal, table, row, column)
    moved = []
    for source, key in sorted({*was, *now}):
        old, new = was.get((source, key)), now.get((source, key))
        if old is not None and new is not None and old == new:
            continue
        some = new or old
        moved.append(
            Moved(
                source=source,
                key=key,
                how="came" if old is None else "went" if new is None else "changed",
                before=old.values if old else None,
                after=new.values if new else None,
                appeal=some.appeal if some else None,
            )
        )
    return _with_events(moved[:MOST], before.sealed_at, seal.sealed_at, employee)


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


def _under(
    report: Report, former: Seal, later: Seal, table: str, row: str, column: str
) -> dict[tuple[str, str], FactRow]:
    """Facts under a cell as of the seal of ``report``, of those that changed between the two seals."""
    try:
        parts: Sequence[Part] = report.table(table).behind(row, column)
    except NoSuchCell:
        return {}
    found = {}
    for part in parts:
        source = part.cube.question.source
        changed = Change.objects.filter(source=source.name, id__gt=former.last_change, id__lte=later.last_change)
        keys = list(changed.values_list("key", flat=True).distinct())
        for line in cube.rows(part.cube, part.groups, keys=keys, limit=MOST):
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
