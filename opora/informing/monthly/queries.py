"""The table as pages and files show it: sums of counters, and the rows behind each figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Max, QuerySet, Sum
from django.http import QueryDict
from django.utils import timezone

from opora.informing.models import Informed, MonthCount
from opora.informing.monthly.words import Word, themes, ways
from opora.informing.words import MONTHS
from opora.organisations.models import Organisation
from opora.shared.dates import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from opora.organisations.models import Employee

HEAD = (
    *("Страховая", "Год", "Месяц", "Код темы", "Тема", "Код способа", "Способ", "Впервые, чел.", "Повторно, чел."),
    *("Всего человек", "Сообщений", "Пришли после", "Стоимость, руб."),
)
ORDER = ("on", "touch_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """``first`` and ``repeated`` are people, each once; ``messages`` are contacts that went out; ``cost`` roubles."""

    first: int = 0
    repeated: int = 0
    people: int = 0
    messages: int = 0
    came: int = 0
    cost: Decimal = Decimal(0)

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Sums:
        given: dict[str, Any] = {one.name: row[one.name] or 0 for one in fields(cls)}
        return cls(**given)

    @property
    def is_unpriced(self) -> bool:
        """The form wants a cost wherever there are messages."""
        return self.messages > 0 and self.cost == 0


@dataclass(frozen=True, slots=True)
class Chosen:
    """The words of the address. ``month`` 0 — the whole year; ``insurer`` None — all she sees."""

    year: int
    month: int = 0
    insurer: int | None = None
    theme: str = ""
    way: str = ""
    only: str = ""

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Chosen:
        def number(name: str, low: int, high: int, otherwise: int) -> int:
            text = str(given.get(name, ""))
            return int(text) if text.isdecimal() and len(text) < 18 and low <= int(text) <= high else otherwise

        return cls(
            year=number("year", FIRST_YEAR, LAST_YEAR, timezone.localdate().year),
            month=number("month", 1, 12, 0),
            insurer=number("insurer", 1, 10**17, 0) or None,
            theme=str(given.get("theme", "")) if given.get("theme") in themes() else "",
            way=str(given.get("way", "")) if given.get("way") in ways() else "",
            only=str(given.get("only", "")) if given.get("only") in ONLY else "",
        )


ONLY = {"first": "впервые", "repeated": "повторно", "came": "пришли после"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table with the address words that open it."""

    title: str
    sums: Sums
    month: int = 0
    theme: Word | None = None
    way: Word | None = None


def months(employee: Employee, chosen: Chosen) -> tuple[list[Line], Sums, datetime | None]:
    """Return the twelve months of a year, empty ones as zeros, their sum (people of several months count in each), and
    the freshness. One query over counters."""
    found = _counts(employee, chosen).filter(theme="", way="").values("month")
    rows = {row["month"]: row for row in found.annotate(**_SUMS, at=Max("counted_at"))}
    lines = [
        Line(name, Sums.of(rows[number]) if number in rows else Sums(), month=number)
        for number, name in enumerate(MONTHS, start=1)
    ]
    whole = Sums.of({one.name: sum(getattr(line.sums, one.name) for line in lines) for one in fields(Sums)})
    return lines, whole, max((row["at"] for row in rows.values()), default=None)


def month(employee: Employee, chosen: Chosen) -> list[Line]:
    """Return one month: each theme with its ways, then its sum over all ways; last the whole month. One query."""
    found = _counts(employee, chosen).filter(month=chosen.month).values("theme", "way")
    rows = {(row["theme"], row["way"]): Sums.of(row) for row in found.annotate(**_SUMS)}
    lines = []
    for theme in themes().values():
        of_theme = [
            Line(way.name, rows[theme.value, way.value], chosen.month, theme, way)
            for way in ways().values()
            if (theme.value, way.value) in rows
        ]
        if of_theme or theme.code:
            whole = rows.get((theme.value, ""), Sums())
            lines += [*of_theme, Line("все способы", whole, chosen.month, theme)]
    return [*lines, Line("Всего за месяц", rows.get(("", ""), Sums()), chosen.month)]


def contacts(employee: Employee, chosen: Chosen) -> QuerySet[Informed]:
    """Return the rows behind a figure, in ``ORDER``; the person is loaded."""
    first = date(chosen.year, chosen.month or 1, 1)
    last_month = chosen.month or 12
    last = date(chosen.year + last_month // 12, last_month % 12 + 1, 1)
    found = Informed.objects.accessible_to(employee).filter(on__gte=first, on__lt=last)
    if chosen.insurer:
        found = found.filter(insurer=chosen.insurer)
    if chosen.theme:
        found = found.filter(theme=chosen.theme)
    if chosen.way:
        found = found.filter(way=chosen.way)
    wanted: dict[str, dict[str, bool]] = {
        "": {},
        "first": {"is_first": True},
        "repeated": {"is_informing": True, "is_first": False},
        "came": {"came": True},
    }
    return found.filter(**wanted[chosen.only]).select_related("person")


def insurers(employee: Employee) -> list[Organisation]:
    """Return the insurers that have counts within her scope."""
    known = MonthCount.objects.accessible_to(employee).order_by().values_list("insurer", flat=True).distinct()
    return list(Organisation.objects.filter(pk__in=list(known)).order_by("name"))


def cells(employee: Employee, query: QueryDict) -> Iterator[Sequence[Any]]:
    """Yield the table of a year or a month as cells: each insurer, each month, empty ones as zeros."""
    yield HEAD
    chosen = Chosen.read(query.dict())
    for insurer in insurers(employee):
        if chosen.insurer not in {None, insurer.pk}:
            continue
        for number in [chosen.month] if chosen.month else range(1, 13):
            one = Chosen(year=chosen.year, month=number, insurer=insurer.pk)
            for line in month(employee, one):
                theme, way, sums = line.theme or Word("", "", "Все темы"), line.way or Word("", "", "Все"), line.sums
                yield (
                    *(insurer.name, chosen.year, MONTHS[number - 1], theme.code, theme.title, way.code, way.title),
                    *(sums.first, sums.repeated, sums.people, sums.messages, sums.came, float(sums.cost)),
                )


_SUMS = {one.name: Sum(one.name) for one in fields(Sums)}


def _counts(employee: Employee, chosen: Chosen) -> QuerySet[MonthCount]:
    found = MonthCount.objects.accessible_to(employee).filter(year=chosen.year)
    return found.filter(insurer=chosen.insurer) if chosen.insurer else found
