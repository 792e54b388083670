"""The monthly analysis as a text: figures of the report «fund-analysis» in the shape that ``narrative`` tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import structlog

from opora.classifiers.words import Channel, Kind
from opora.complaints.words import Restored
from opora.organisations.models import Territory
from opora.reports import narrative
from opora.reports.counting import Counted, Report, TableAsked
from opora.reports.definitions import TOTAL
from opora.reports.narrative import Analysis, Complaints, Count, Item, Measure, Name, Timeliness
from opora.reports.subjects import Subject
from opora.shared.typography import counted

log = structlog.get_logger(__name__)

FUND = "ТФОМС"
LISTED = 10  # topics and reasons that a text names
# How a right was restored → what was done, in the words of the text; the rest is told by a sentence.
DEEDS = {Restored.APPOINTMENT: "booked", Restored.MONEY: "refunded"}
SENTENCES = {
    Restored.HOSPITALISATION: "Помогли с госпитализацией",
    Restored.DRUG: "Обеспечили лекарствами",
    Restored.RECORDS: "Исправили сведения об оказанных услугах",
}
ENDINGS = (
    ("ская область", "ской области"),
    ("ный край", "ного края"),
    ("ский край", "ского края"),
    ("ый автономный округ", "ого автономного округа"),
    ("ий автономный округ", "ого автономного округа"),
    ("ая автономная область", "ой автономной области"),
    ("ая Республика", "ой Республики"),
)
BEGINNINGS = (
    ("Республика ", "Республики "),
    ("Территориальный фонд ", "Территориального фонда "),
    ("Страховая компания ", "Страховой компании "),
)


def told(report: Report) -> Counted:
    """Return a report counted, with what is to be said of it: as it is shown, written to files and sealed."""
    return replace(report.counted(), words=text(report))


def text(report: Report) -> narrative.Text | None:
    """Return what is to be said of a report, None where its form has no text or its figures contradict each other.

    Contradictions (a part larger than its whole) are told by the control relations of the report itself.
    """
    if report.pack.text != "analysis":
        return None
    try:
        return narrative.write(analysis(report))
    except ValueError as fault:
        log.warning("reports.no_text", report=report.pack.name, period=report.period.code, reason=str(fault))
        return None


def analysis(report: Report) -> Analysis:
    """Return the figures of a counted period, and of the same days of the year before where the journal knows them."""
    figures = _Figures(report)
    territory = Territory.objects.get(pk=report.subject.territory).name
    return Analysis(
        organisation=_organisation(report.subject, territory),
        territory=Name(territory, genitive(territory)),
        since=report.period.since,
        until=report.period.until,
        total=figures.count("kinds", TOTAL),
        kinds={Kind(code): count for code, count in figures.lines("kinds") if code in Kind.values},
        channels={Channel(code): count for code, count in figures.lines("channels") if code in Channel.values},
        oral=figures.count("forms", "oral"),
        written=figures.count("forms", "written"),
        topics=figures.items("topics"),
        by_fund=figures.count("performers", "fund") if report.subject.insurer is None else None,
        by_insurers=figures.items("organisations", without="0") if report.subject.insurer is None else (),
        complaints=_complaints(figures),
        timeliness=_timeliness(figures),
        measures=tuple(_measures(figures)),
    )


def _organisation(subject: Subject, territory: str) -> Name:
    """Whose contact centre the text speaks of: of a territory as a whole it is the fund's."""
    if subject.insurer is None:
        return Name(FUND, f"{FUND} {genitive(territory)}")
    return Name(subject.name, genitive(subject.name))


class _Figures:
    """Cells of the report as counts; without any appeal a year ago nothing is said of that year."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.has_former = bool(self.number("kinds", TOTAL, "before"))

    def number(self, table: str, row: str, column: str = "now") -> int:
        value = self.report.table(table).value(row, column)
        return int(value) if isinstance(value, int | Decimal) else 0

    def count(self, table: str, row: str) -> Count:
        return Count(self.number(table, row), self.number(table, row, "before") if self.has_former else None)

    def lines(self, table: str) -> Iterator[tuple[str, Count]]:
        """Yield codes of lines that hold something, now or a year ago."""
        for row in self.asked(table).rows:
            count = self.count(table, row.code)
            if row.code != TOTAL and (count.now or count.former):
                yield row.code, count

    def items(self, table: str, *, without: str = "") -> tuple[Item, ...]:
        """Return named lines of the period, the largest first."""
        titles = {row.code: row.title for row in self.asked(table).rows}
        found = [Item(titles[code], count) for code, count in self.lines(table) if code != without and count.now]
        return tuple(found[:LISTED])

    def decimal(self, table: str, row: str, column: str) -> Decimal | None:
        value = self.report.table(table).value(row, column)
        return value if isinstance(value, Decimal) else None

    def asked(self, table: str) -> TableAsked:
        return self.report.table(table)


def _complaints(figures: _Figures) -> Complaints:
    return Complaints(
        received=figures.count("complaints", "received"),
        decided=figures.count("complaints", "decided"),
        justified=figures.count("complaints", "justified"),
        reasons=figures.items("reasons"),
        settled=figures.number("complaints", "pretrial"),
        in_court=figures.number("complaints", "court"),
    )


def _timeliness(figures: _Figures) -> Timeliness | None:
    answered = figures.count("terms", "answered")
    if not answered.now:
        return None
    at_once = figures.number("terms", "at_once")
    return Timeliness(
        answered=answered,
        in_time=figures.count("terms", "in_time"),
        at_once=at_once if at_once <= answered.now else None,
        mean_days=figures.decimal("terms", "mean", "now"),
        former_mean_days=figures.decimal("terms", "mean", "before") if figures.has_former else None,
    )


def _measures(figures: _Figures) -> Iterator[Measure]:
    for code, count in figures.lines("measures"):
        if not count.now:
            continue
        how: Any = Restored(code) if code in Restored.values else None
        if how == Restored.MONEY:
            yield Measure(DEEDS[how], figures.decimal("measures", code, "money") or Decimal(0))
        elif how in DEEDS:
            yield Measure(DEEDS[how], count.now)
        elif how in SENTENCES:
            yield Measure(sentence=f"{SENTENCES[how]}: {counted(count.now, 'случай', 'случая', 'случаев')}.")


def genitive(name: str) -> str:
    """Return a name of a territory, fund or insurer in the genitive; one that no rule knows stays as it is.

    A fund whose name gives its territory after a colon is called as it calls itself.

    >>> genitive("Новосибирская область"), genitive("Республика Татарстан"), genitive("ТФОМС Алтайского края")
    ('Новосибирской области', 'Республики Татарстан', 'ТФОМС Алтайского края')
    >>> genitive("ТФОМС: Республика Коми")
    'ТФОМС Республики Коми'
    """
    head, colon, rest = name.partition(": ")
    if colon and head == FUND:
        return f"{FUND} {genitive(rest)}"
    for former, then in BEGINNINGS:
        if name.startswith(former):
            return then + name.removeprefix(former)
    for former, then in ENDINGS:
        if name.endswith(former):
            return name.removesuffix(former) + then
    return name
