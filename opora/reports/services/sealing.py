"""A period is closed: the report as it was counted, with hashes, for ever. What changes later makes another version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Max, QuerySet
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.organisations.models import Employee, Organisation, Territory
from opora.reports import analysis, definitions, following, hashes, measures, subjects
from opora.reports.counting import Counted, Report
from opora.reports.definitions import ReportPack, Table
from opora.reports.errors import AlreadySealed, NoSuchReport, PeriodNotOver
from opora.reports.models import Change, Seal
from opora.reports.models.facts import NOBODY
from opora.reports.periods import Days, Period
from opora.reports.sources import SOURCES
from opora.reports.subjects import Subject

KEEPING = 20150015  # the advisory lock of reports_keep_sealed
WHY = "a sealed report counts everything its subject may see"


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that differs between two versions; None — it was not there, or there was nothing to say."""

    table: str
    row: str
    column: str
    was: Any
    now: Any


def seal(name: str, subject: Subject, period: Period, *, by: Employee, note: str = "") -> Seal:
    """Close a period of a report, or make its next version where something has changed under the former one.

    Facts are read to the end first; while it counts nobody writes facts. Raises RightMissing, NotYourSubject,
    NoSuchReport, PeriodNotOver, AlreadySealed.
    """
    if not by.holds(Right.REPORTS_SEAL):
        raise RightMissing(right=Right.REPORTS_SEAL)
    subjects.subject(subject.code, by)
    following.follow()
    with enter(Scope.system(WHY)):
        _check_is_over(subject, period)
        pack_id, pack = definitions.current(name, period.until, subject.territory)
        if subject.kind not in pack.subjects:
            raise NoSuchReport("Этот отчёт для такой организации не составляют.")
        _lock()
        counted, days = analysis.told(Report(pack, subject, period)), widest(pack, period)
        names = source_names(pack)
        lay = {one: asdict(hashes.hashed(SOURCES[one], subject, days)) for one in names}
        former = _versions(name, subject, period).order_by("-number").first()
        if former is not None and (former.sha256, former.sources) == (counted.sha256, lay):
            raise AlreadySealed
        made = Seal.objects.create(
            report=name,
            pack_id=pack_id,
            territory_id=subject.territory,
            insurer_id=_organisation(subject),
            period=period.code,
            since=days.since,
            until=days.until,
            number=former.number + 1 if former else 1,
            body=counted.text,
            sha256=counted.sha256,
            sources=lay,
            source_names=names,
            corrections=[asdict(one) for one in changes(former.body, counted.text)] if former else [],
            note=note.strip()[:500],
            last_change=Change.objects.aggregate(last=Max("pk"))["last"] or 0,
            sealed_at=timezone.now(),
            sealed_by=by,
            sealed_by_name=by.full_name,
        )
        details = {"report": name, "period": period.code, "number": made.number, "sha256": made.sha256}
        record("reports.seal", made, by=by, details=details)
    return made


def versions(name: str, subject: Subject, period: Period, employee: Employee) -> QuerySet[Seal]:
    """Return the versions of a sealed report that she may see, the newest first."""
    return _versions(name, subject, period).accessible_to(employee).order_by("-number")


def differences(former: Seal, later: Seal) -> list[CellChange]:
    """Return the cells in which two versions differ, in the order of the report."""
    return changes(former.body, later.body)


def changes(former: str, later: str) -> list[CellChange]:
    """Compare two bodies cell by cell."""
    was, now = _values(json.loads(former)), _values(json.loads(later))
    return [
        CellChange(*cell, was.get(cell), now.get(cell))
        for cell in dict.fromkeys((*now, *was))
        if was.get(cell) != now.get(cell)
    ]


def report_of(one: Seal) -> Report:
    """Return the report as of its seal: counted again it gives the same numbers."""
    return Report(definitions.of_pack(one.pack_id), subject_of(one), Period.read(one.period), seal=one)


def subject_of(one: Seal) -> Subject:
    """Return whose report was sealed, under the name it had then."""
    body = json.loads(one.body)
    insurer = one.insurer_id
    if insurer is not None and one.insurer is not None and one.insurer.kind == Organisation.Kind.FUND:
        insurer = NOBODY
    return Subject(one.territory_id, insurer, body["subject_name"], body["subject"])


def widest(pack: ReportPack, period: Period) -> Days:
    """Return the days from the first to the last that any column of the form counts."""
    spans = [period.days(column.span) for table in pack.tables for column in table.columns]
    return Days(
        min([period.since, *(one.since for one in spans)]),
        max([period.until, *(one.until for one in spans)]),
    )


def source_names(pack: ReportPack) -> list[str]:
    """Return the sources a form counts from, by its tables, its rows and the measures they name."""
    named = {asks.facts for table in pack.tables for asks in table.asks}
    for table in pack.tables:
        for row in table.rows:
            named |= set(measures.SOURCES_OF.get(row.measure, ()))
    return sorted(named)


def beside_facts(table: Table) -> set[str]:
    """Return the rows that a seal keeps as they were told: measures of what is no fact (the register, informing, lines
    of the centre) and whatever is made of them. They cannot be counted again as of a seal."""
    found = {row.code for row in table.rows if row.measure and not measures.SOURCES_OF.get(row.measure)}
    while more := {row.code for row in table.rows if not found.isdisjoint(row.parts)} - found:
        found |= more
    return found


def same_but_told(pack: ReportPack, counted: Counted, body: str) -> bool:
    """Whether a report counted again is the sealed one; names, words, and what is beside facts, stay as told then.

    What a seal did not keep in its day is not asked of it.
    """
    sealed, again = json.loads(body), json.loads(counted.text)
    # Relations and words follow from the cells.
    again |= {key: sealed[key] for key in ("subject_name", "broken", "words") if key in sealed}
    again = {key: value for key, value in again.items() if key in sealed}
    told = {table.code: beside_facts(table) for table in pack.tables}
    for old, new in zip(sealed["tables"], again["tables"], strict=False):
        for was, now in zip(old["rows"], new["rows"], strict=False):
            if was["code"] == now["code"] and was["code"] in told.get(old["code"], ()):
                now.update(was)
        for lines in ("rows", "columns"):
            for was, now in zip(old[lines], new[lines], strict=False):
                if was["code"] == now["code"]:
                    now["title"] = was["title"]
    return json.dumps(again, ensure_ascii=False, sort_keys=True, separators=(",", ":")) == body


def _lock() -> None:
    """Read what came since, then keep everybody from writing facts until the seal is there."""
    while True:
        read = following.read()
        if read.turns < following.TURNS and read.others < following.TURNS:
            break
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [KEEPING])


def _check_is_over(subject: Subject, period: Period) -> None:
    territory = Territory.objects.get(pk=subject.territory)
    if timezone.localdate(timezone=ZoneInfo(territory.time_zone)) <= period.until:
        raise PeriodNotOver


def _organisation(subject: Subject) -> int | None:
    """What a seal names: nobody — the territory as a whole, the fund itself — what the fund did alone."""
    if subject.insurer != NOBODY:
        return subject.insurer
    return Organisation.objects.get(territory=subject.territory, kind=Organisation.Kind.FUND).pk


def _versions(name: str, subject: Subject, period: Period) -> Any:
    return Seal.objects.filter(
        report=name, territory=subject.territory, insurer=_organisation(subject), period=period.code
    )


def _values(body: Mapping[str, Any]) -> dict[tuple[str, str, str], Any]:
    return {
        (table["code"], row["code"], cell["column"]): cell["value"]
        for table in body["tables"]
        for row in table["rows"]
        for cell in row["cells"]
    }
