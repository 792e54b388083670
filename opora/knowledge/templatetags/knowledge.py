"""Numbers of this room's pages."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """Return a share as percent with one place: ``0.9036`` → «90,4 %»."""
    return "—" if share is None else f"{100 * share:.1f} %".replace(".", ",")


@register.filter
def of(code: str, titles: Mapping[str, str]) -> str:
    """Return what a code is called, nothing when nobody knows: ``{{ card.topic_code|of:topics }}``."""
    return titles.get(code, "")
