"""``{% load surveys %}``."""

from django import template

from opora.surveys import charts, exports

register = template.Library()


@register.filter
def share(value: float) -> str:
    """``{{ line.raw.value|share }}`` — 84,5 %."""
    return f"{charts.percent(value)} %"


@register.filter
def points(value: float) -> str:
    """``{{ indicator.change|points }}`` — +1,3 п.п."""
    return exports.signed(value)


@register.filter
def whole(value: float) -> str:
    """A number without needless digits."""
    return f"{value:g}".replace(".", ",")


@register.filter
def unlocal(value: float) -> str:
    """A number as SVG reads it, with a point."""
    return f"{value:g}"
