"""How a term is shown: one sign, one colour, one word. ``{% load appeals %}``."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils import timezone

from opora.appeals.words import Stage
from opora.classifiers.words import Line
from opora.shared import typography

register = template.Library()
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
    now = timezone.localtime()
    at = timezone.localtime(appeal.due_at)
    if at < now:
        days = (now.date() - at.date()).days
        return Due("late", f"просрочено {typography.counted(days, 'день', 'дня', 'дней')}" if days else "просрочено")
    if at.date() == now.date():
        return Due("today", f"сегодня до {at:%H:%M}")
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
