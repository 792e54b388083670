"""``{% load complaints %}``."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(found: Mapping[Any, Any], key: Any) -> Any:
    """``{{ badges|of:case.pk }}`` — what a mapping holds for a row."""
    return found.get(key)
