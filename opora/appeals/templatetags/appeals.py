"""How a term is shown: one sign, one colour, one word. ``{% load appeals %}``."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from opora.appeals.listing.columns import Cell
from opora.appeals.listing.details import due_state
from opora.appeals.words import Stage
from opora.classifiers.words import Line
from opora.shared import typography
from opora.shared.templatetags.ui import badge

register = template.Library()
LABELLED = {"у кого", "телефон"}  # words a narrow page shows before the cell
UNTOUCHED = {Stage.REGISTERED, Stage.ASSIGNED}


@dataclass(frozen=True, slots=True)
class Due:
    """``state`` is that of a badge: late ▲, today ●, none ○, word, done ✓."""

    state: str
    words: str


@register.filter
def due(appeal: Any) -> Due:
    """Overdue is red, today's is amber, what nobody has begun has an empty circle; anything else is only a date."""
    if appeal.closed_at is not None:
        return Due("done", f"закрыто {typography.day(timezone.localtime(appeal.closed_at))}")
    if appeal.due_at is None:
        return Due("word", "без срока")
    state, words = due_state(appeal.due_at, None, timezone.now())
    if state != "none":
        return Due(state, words)
    at = timezone.localtime(appeal.due_at)
    if appeal.stage in UNTOUCHED:
        return Due("none", f"нет результата, до {at:%d.%m}")
    return Due("word", f"до {at:%d.%m.%Y}")


@register.filter
def is_missed(promise: Any) -> bool:
    """Whether the moment of a promise to phone back has gone by."""
    return bool(promise.due_at < timezone.now())


@register.filter
def waits(line: str) -> str:
    """What waits for a level, by name."""
    return Line(line).queue


@register.simple_tag
def cells(row: Iterable[Cell]) -> SafeString:
    """The cells of a line of the journal. Four hundred of them are on a page: nodes of a template cost it a third."""
    return mark_safe("".join(map(_cell, row)))  # noqa: S308 - every text is escaped


def _cell(cell: Cell) -> str:
    label = f' data-label="{escape(cell.label)}"' if cell.label in LABELLED else ""
    text = badge(cell.state, cell.text) if cell.state else escape(cell.text)
    words = f'<span class="muted">{text}</span>' if cell.is_hidden else text
    return f'<td class="{cell.css}"{label}>{words}</td>'
