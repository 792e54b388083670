"""What a line of the list says: read for the keys of one page, each part as deep as her grant lets it be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from opora.appeals.models import Grant
from opora.appeals.models.grant import depth_column
from opora.appeals.words import Depth, Stage
from opora.classifiers import words
from opora.shared.sql import question
from opora.shared.typography import duration

if TYPE_CHECKING:
    from opora.access.scope import Scope

_lines = question(Path(__file__).parent.parent / "sql", "lines", is_prepared=True)
LETTERS = 160
NAMELESS = "Без имени"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the row of ``lines.sql`` beside the depth her organisation has been granted."""

    row: Any
    depth: int
    now: datetime

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def applicant(self) -> str | None:
        """«Соловьёва П. А.»; None — she may not know."""
        if self.depth < Depth.PERSONAL:
            return None
        return short(self.row.surname, self.row.given_name, self.row.patronymic) or NAMELESS

    @property
    def owner(self) -> str:
        return short(self.row.owner_surname, self.row.owner_given_name, self.row.owner_patronymic)

    @property
    def text(self) -> str | None:
        """The beginning of what was said; None — she may not know."""
        return None if self.depth < Depth.TEXT else " ".join((self.row.text or "").split())

    @property
    def kind_word(self) -> str:
        return str(words.Kind(self.row.kind).label)

    @property
    def channel_word(self) -> str:
        return str(words.Channel(self.row.channel).label)

    @property
    def stage_word(self) -> str:
        return str(Stage(self.row.stage).label)

    @property
    def line_word(self) -> str:
        return str(words.Line(self.row.line).label)

    @property
    def outcome_word(self) -> str:
        return str(words.Outcome(self.row.outcome).label) if self.row.outcome else ""

    @property
    def flag_words(self) -> list[str]:
        return [str(words.Flag(flag).label) for flag in self.row.flags if flag in words.Flag.values]

    @property
    def state(self) -> tuple[str, str]:
        """The badge of the deadline: state of the page and its words."""
        return due_state(self.row.due_at, self.row.closed_at, self.now)


def details(rows: Sequence[Grant], scope: Scope, *, letters: int = LETTERS) -> list[Line]:
    """Return the lines of ``rows``, in their order. One query."""
    if not rows:
        return []
    found = {row.id: row for row in _lines(appeals=[row.appeal_id for row in rows], letters=letters)}
    now = timezone.now()
    depth = depth_column(scope)
    return [
        Line(found[row.appeal_id], Depth.PERSONAL if scope.sees == "all" else getattr(row, depth), now)
        for row in rows
        if row.appeal_id in found
    ]


def due_state(due_at: datetime | None, closed_at: datetime | None, now: datetime) -> tuple[str, str]:
    """Return state and words of a deadline: late, today, later, done.

    >>> from datetime import UTC, timedelta
    >>> now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> due_state(now - timedelta(days=2, hours=3), None, now)[0], due_state(None, now, now)
    ('late', ('done', 'закрыто'))
    """
    if closed_at:
        return "done", "закрыто"
    if due_at is None:
        return "none", "без срока"
    zone = timezone.get_current_timezone()
    local, today = due_at.astimezone(zone), now.astimezone(zone)
    if due_at < now:
        return "late", f"просрочено {_late(today, local)}"
    if local.date() == today.date():
        return "today", _today(local)
    days = (local.date() - today.date()).days
    return "none", "до завтра" if days == 1 else f"до {local:%d.%m}" + (
        "" if local.year == today.year else f".{local:%Y}"
    )


def _late(today: datetime, due: datetime) -> str:
    """By days of the calendar; hours and minutes matter on the day itself only."""
    days, seconds = (today.date() - due.date()).days, (today - due).total_seconds()
    return duration(timedelta(days=days) if days else timedelta(seconds=max(60, seconds // 60 * 60)))


def _today(local: datetime) -> str:
    return "сегодня" if (local.hour, local.minute) == (23, 59) else f"сегодня до {local:%H:%M}"


def short(surname: str | None, given_name: str | None, patronymic: str | None) -> str:
    """Return «Соловьёва П. А.»."""
    initials = [f"{part[0]}." for part in (given_name, patronymic) if part]
    return " ".join(filter(None, [surname, *initials]))


def applicants(lines: Iterable[Line]) -> int:
    """Return how many lines name a person: what the access log keeps about a page of a list."""
    return sum(1 for line in lines if line.depth >= Depth.PERSONAL)
