"""Rows behind a number as lines of a file: only what the employee may see, names only where her grant is personal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from opora.access.scope import enter
from opora.appeals.listing.exported import OF_APPEAL, OF_PERSON, Exporter, ExportLine
from opora.organisations.models import Employee, Organisation
from opora.reports.counting import Part
from opora.reports.cube import FactRow, walk
from opora.reports.models.facts import NOBODY
from opora.reports.sources import MADE

if TYPE_CHECKING:
    from opora.reports.sources import Source

CHUNK = 5_000
NOT_TOLD = [""] * len(OF_PERSON)
NOBODYS = UUID(int=0)  # a fact that leads to no appeal


@dataclass(slots=True)
class Listing:
    """Lines of a number. ``hidden`` — how many more appeals others handle, known once the lines are over."""

    parts: Sequence[Part]
    employee: Employee
    names_people: bool
    hidden: int = 0
    personal: int = 0
    _exporter: Exporter | None = field(default=None, init=False, repr=False)

    @property
    def total(self) -> int:
        return sum(group.count for part in self.parts for group in part.groups)

    @property
    def head(self) -> list[str]:
        source = self._source
        if source is None:
            return ["Дата отчёта"]
        if not source.appeal:
            return ["Дата отчёта", *(_title(source, name) for name in _shown(source)), *self._marks]
        number, *others = OF_APPEAL
        return [number, "Дата отчёта", *others, *(OF_PERSON if self.names_people else []), *self._marks]

    @property
    def is_of_appeals(self) -> bool:
        return bool(self._source and self._source.appeal)

    @property
    def _source(self) -> Source | None:
        return self.parts[0].cube.question.source if self.parts else None

    @property
    def _marks(self) -> list[str]:
        """A number made of several counts says which one a row belongs to."""
        return ["Счёт", "Знак"] if len(self.parts) > 1 else []

    def chunks(self) -> Iterator[list[list[Any]]]:
        """Yield lines by the thousand: facts in the caller's scope, appeals in the employee's. Two queries a chunk."""
        for part in self.parts:
            days = part.cube.question.days
            marks = [f"{days.since:%d.%m.%Y} — {days.until:%d.%m.%Y}", "−" if part.sign < 0 else "+"]
            is_of_appeals = self.is_of_appeals
            for facts in walk(part.cube, part.groups, chunk=CHUNK, has_values=not is_of_appeals):
                lines = self._of_appeals(facts) if is_of_appeals else self._plain(facts)
                yield [[*line, *marks] for line in lines] if self._marks else lines

    def _plain(self, facts: list[FactRow]) -> list[list[Any]]:
        source = self._source
        if source is None:
            return []
        words = {name: _choices(source, name) for name in _shown(source)}
        words |= _organisations(facts)
        return [
            [_day(fact.day), *(words[name].get(fact.values[name], fact.values[name]) for name in words)]
            for fact in facts
        ]

    def _of_appeals(self, facts: list[FactRow]) -> list[list[Any]]:
        """Grants are the first belt, row security the second."""
        with enter(self.employee.scope):
            if self._exporter is None:
                self._exporter = Exporter(self.employee.scope)
            keys = [UUID(fact.appeal) if fact.appeal else NOBODYS for fact in facts]
            seen = self._exporter.lines(keys)
        found: list[list[Any]] = []
        for fact, key in zip(facts, keys, strict=True):
            line = seen.get(key)
            if line is None:
                self.hidden += 1
                continue
            number, *others = line.cells
            found.append([number, _day(fact.day), *others, *(self._person(line) if self.names_people else ())])
        return found

    def _person(self, line: ExportLine) -> list[str]:
        if line.person is None:
            return NOT_TOLD
        self.personal += 1
        return line.person


def _shown(source: Source) -> list[str]:
    return [*sorted(source.columns - set(MADE)), *sorted(source.sums)]


def _organisations(facts: Sequence[FactRow]) -> dict[str, dict[Any, Any]]:
    """Names of whom the facts name, by the columns that do. One query."""
    columns = [name for name in ("insurer_id", "provider_id") if facts and name in facts[0].values]
    wanted = {fact.values[name] for fact in facts for name in columns}
    named = dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return {name: {**named, NOBODY: "ТФОМС" if name == "insurer_id" else ""} for name in columns}


def _title(source: Source, name: str) -> str:
    title = str(getattr(source.model._meta.get_field(name), "verbose_name", name))
    return title[:1].upper() + title[1:]


def _choices(source: Source, name: str) -> dict[Any, Any]:
    choices = getattr(source.model._meta.get_field(name), "choices", None) or ()
    return {value: str(label) for value, label in choices} | {True: "да", False: "нет"}


@lru_cache(maxsize=10_000)
def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""
