"""What the house promises about the data of the journal: the row of an appeal is the fold of its events, its text and
its people are those that were bound to them, numbers have no gaps, counters and lists tell the truth."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from opora.appeals.chain.digest import SQL
from opora.appeals.chain.findings import Finding
from opora.appeals.intake import content_digest
from opora.appeals.models import Appeal
from opora.appeals.models.appeal import NO_ANSWER_NEEDED
from opora.appeals.rules import FOLDED
from opora.appeals.words import EventKind, Stage
from opora.shared.sql import question

# Columns compared as they were told; that of closing has a check of its own.
CODES = (
    "kind",
    "topic_code",
    "channel",
    "flags",
    "received_at",
    "registered_at",
    "due_on",
    "needs_answer",
    "interim_answered_at",
    "answered_at",
    "handler_id",
    "responsible",
    "line",
    "owner_id",
    "outcome",
    "verdict",
    "outside",
    "outside_at",
    "outgoing_number",
    "outgoing_on",
)
ARMS = (
    *("number_missing", "closed_without", "no_clock", "term_differs", "list_differs", "nobody_sees", "answer_changed"),
    *("tally_differs", "answered_differs", "queue_differs", "promises_differ"),
)
TITLES = {
    "number_missing": "Нумерация прервана.",
    "tally_differs": "Счётчик расходится с журналом.",
    "answered_differs": "Счётчик расходится с журналом.",
    "promises_differ": "Счётчик расходится с журналом.",
}
SHOWN = 100  # of one kind
AT_ONCE = 1000

_broken = question(SQL, "chain_invariants")
_folded = question(SQL, "chain_folded")


def check(findings: list[Finding], organisations: Sequence[int] | None, tell: Callable[[str, int, int], None]) -> int:
    """Add what does not hold to ``findings``; return how many appeals were looked at."""
    chosen = None if organisations is None else list(organisations)
    for number, arm in enumerate(ARMS):
        tell("правила журнала", number, len(ARMS))
        rows = _broken(branches=[arm], organisations=chosen, no_answer=[str(one) for one in NO_ANSWER_NEEDED])
        findings += [_said(row) for row in rows[:SHOWN]]
    tell("правила журнала", len(ARMS), len(ARMS))
    return _check_folds(findings, chosen, tell)


def _said(row: Any) -> Finding:
    title = TITLES.get(row.what, "")
    return Finding(row.what, row.organisation_id, f"{title} {row.about}".strip(), number=row.number)


def _check_folds(
    findings: list[Finding], organisations: list[int] | None, tell: Callable[[str, int, int], None]
) -> int:
    found = Appeal.objects.all() if organisations is None else Appeal.objects.filter(organisation__in=organisations)
    total, done, after = found.count(), 0, UUID(int=0)
    while rows := _folded(after=after, organisations=organisations, most=AT_ONCE):
        for row in rows:
            if len(findings) < 10 * SHOWN:
                findings += [Finding(what, row.organisation_id, text, number=row.number) for what, text in wrong(row)]
        done += len(rows)
        after = rows[-1].id
        tell("обращения", done, total)
    return done


def wrong(row: Any) -> Iterator[tuple[str, str]]:
    """Say what of one appeal differs from what its events told."""
    events = json.loads(row.events or "[]")
    if not any(kind == EventKind.REGISTERED for kind, _ in events):
        yield "not_registered", "У обращения нет события о регистрации."
        return
    told = fold(events)
    for column in CODES:
        key = FOLDED[column]
        if key not in told:
            continue
        said, real = _read(told[key], getattr(row, column))
        if said != real:
            title = getattr(Appeal._meta.get_field(column), "verbose_name", column)
            yield "row_changed", f"«{title}»: события говорят {_shown(said)}, а в обращении {_shown(real)}."
    if told["is_closed"] != (row.closed_at is not None) or ("stage" in told and told["stage"] != row.stage):
        yield "row_changed", f"Этап обращения «{Stage(row.stage).label}» не следует из его событий."
    if told.get("closed") and row.closed_at and datetime.fromisoformat(told["closed"]) != row.closed_at:
        yield "row_changed", "Момент закрытия не тот, что назвало событие."
    if row.due_on and row.due_at and abs((row.due_at.astimezone(UTC).date() - row.due_on).days) > 1:
        yield "row_changed", f"Срок {_shown(row.due_on)} кончается {_shown(row.due_at)}."
    if told.get("number", row.number) != row.number:
        yield "row_changed", f"Номер не тот, что назвало событие: {told['number']}."
    if "content" in told and told["content"] != content_digest(row.id, row.text or "", json.loads(row.parties or "[]")):
        yield "content_changed", "Текст или участники изменены без события: они не дают прежнего отпечатка."


def _read(said: Any, real: Any) -> tuple[Any, Any]:
    """Return what JSON has kept and what the row holds as values of one kind."""
    if isinstance(real, list):
        return sorted(said or []), sorted(real)
    if isinstance(said, str) and isinstance(real, datetime):
        return datetime.fromisoformat(said), real
    if isinstance(said, str) and isinstance(real, date):
        return date.fromisoformat(said), real
    return said, real


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d.%m.%Y %H:%M:%S.%f}"
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else repr(value)


def fold(events: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """Return the last word of the events about each column they tell, and whether they leave the appeal closed.

    A stage that a file of a partner has moved is not told: then only open or closed is known.
    """
    told: dict[str, Any] = {"is_closed": False}
    for kind, details in events:
        told |= {name: value for name, value in details.items() if name in _TOLD}
        fields = details.get("fields")
        if isinstance(fields, dict):
            told |= {FOLDED[name]: pair[1] for name, pair in fields.items() if name in FOLDED}
        if "stage" in details:
            told["is_closed"] = details["stage"] == Stage.CLOSED
        if "parcel" in details:
            told.pop("stage", None)
        if kind == EventKind.CLOCK_MOVED and details.get("is_main") and "due_on" not in details:
            told.pop("due_on", None)  # a recount of an older edition named the clock alone
        if kind == EventKind.CLOSED:
            told |= {"is_closed": True, "stage": str(Stage.CLOSED)}
        if kind == EventKind.REOPENED:
            told["is_closed"] = False
    return told


_TOLD = {*FOLDED.values(), "number", "content"}
