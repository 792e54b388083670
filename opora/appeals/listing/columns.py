"""Columns of the list and of its export: one fact each, as deep as the line lets it be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from opora.appeals.listing.details import Line
from opora.shared import phones, typography

HIDDEN = "скрыто"


@dataclass(frozen=True, slots=True)
class Column:
    """``text`` gives the cell; ``css`` its place in the table. ``deep`` columns are masked below their depth."""

    code: str
    title: str
    text: Callable[[Line], Any]
    css: str = "fit"
    label: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as the page shows it: ``state`` makes a badge of it, ``is_hidden`` a word of what she may not know."""

    text: str
    css: str
    label: str = ""
    state: str = ""
    is_hidden: bool = False


def _moment(value: Any) -> str:
    from django.utils import timezone

    return typography.moment(timezone.localtime(value)) if value else ""


def _deep(value: str | None) -> str:
    return HIDDEN if value is None else value


def _personal(line: Line, value: str | None) -> str:
    return HIDDEN if line.applicant is None else value or ""


COLUMNS = {
    column.code: column
    for column in (
        Column("due", "Срок", lambda line: line.state[1]),
        Column("kind", "Вид", lambda line: line.kind_word),
        Column("topic", "Тема", lambda line: line.topic, "clip"),
        Column("applicant", "Заявитель", lambda line: _deep(line.applicant)),
        Column("text", "Содержание", lambda line: _deep(line.text), "clip"),
        Column("stage", "Этап", lambda line: line.stage_word, "fit roomy"),
        Column("owner", "У кого", lambda line: line.owner or f"очередь {line.line_word}"),
        Column("handler", "Кто отвечает", lambda line: line.handler, "fit roomy"),
        Column("line", "Линия", lambda line: line.line_word, "fit roomy"),
        Column("channel", "Способ", lambda line: line.channel_word, "fit roomy"),
        Column("registered_at", "Поступило", lambda line: _moment(line.registered_at), "right num roomy spare"),
        Column("due_at", "Ответить до", lambda line: _moment(line.due_at), "right num roomy"),
        Column("closed_at", "Закрыто", lambda line: _moment(line.closed_at), "right num roomy"),
        Column("outcome", "Исход", lambda line: line.outcome_word, "fit roomy"),
        Column("flags", "Признаки", lambda line: ", ".join(line.flag_words), "roomy"),
        Column("phone", "Телефон", lambda line: _personal(line, phones.show(line.phone) if line.phone else ""), "fit"),
        Column("incoming_number", "Входящий", lambda line: line.incoming_number, "fit roomy"),
    )
}
USUAL = ("due", "topic", "applicant", "kind", "owner", "registered_at")
EXPORTED = tuple(code for code in COLUMNS if code != "due")


def chosen(codes: Iterable[str] | None) -> list[Column]:
    """Return columns by their codes, unknown ones left out; the usual ones for nobody's choice."""
    return [COLUMNS[code] for code in codes or USUAL if code in COLUMNS] or [COLUMNS[code] for code in USUAL]


def cells(line: Line, columns: Iterable[Column]) -> list[Cell]:
    found = []
    for column in columns:
        text = str(column.text(line))
        state = line.state[0] if column.code == "due" else ""
        found.append(Cell(text, column.css, column.title.lower(), state, is_hidden=text == HIDDEN))
    return found
