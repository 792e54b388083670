"""Whether a page of hers waits for calls, and how lengths and numbers are read."""

from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from opora.access.rights import Right
from opora.organisations.models import Employee
from opora.shared import phones
from opora.shared.templatetags.ui import badge
from opora.telephony.rules import urgency

register = template.Library()


@register.simple_tag(takes_context=True)
def takes_calls(context: dict[str, Any]) -> bool:
    user = context["request"].user
    return isinstance(user, Employee) and user.assignment is not None and user.holds(Right.TELEPHONY_TAKE)


@register.filter
def number(caller: str) -> str:
    """A number as it is read aloud; «без номера» when it is hidden or forgotten."""
    return phones.show(f"+{caller}") if len(caller) >= 10 else caller or "без номера"


@register.filter
def hidden(caller: str) -> str:
    """A number as lists show it."""
    return phones.mask(f"+{caller}") if len(caller) >= 10 else caller or "без номера"


@register.filter
def seconds(length: float | None) -> str:
    """A length in minutes and seconds.

    >>> seconds(75), seconds(None)
    ('1:15', '—')
    """
    if length is None:
        return "—"
    whole = round(length)
    return f"{whole // 60}:{whole % 60:02}"


@register.filter
def share(level: float | None) -> str:
    """Per cents without a fraction.

    >>> share(None)
    '—'
    """
    return "—" if level is None else f"{level:.0f}\u00a0%"


@register.filter
def term(due: datetime) -> SafeString | str:
    """A badge of a moment to call back: red when it has gone by, amber in the last half an hour, nothing before."""
    state = urgency(due, timezone.now())
    return badge(state, "просрочено" if state == "late" else "скоро") if state != "word" else ""
