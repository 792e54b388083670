"""The tabs over the pages of law: this room's own and those of rooms above that keep law of their own.

def ready(self) -> None:
    tabs.register("insured:eligibility", "Кто подлежит осмотрам")
"""

from typing import Any

from django.urls import reverse

_tabs = {
    "deadlines:waiting": "Срок ожидания",
    "deadlines:calendar": "Календарь",
    "deadlines:terms": "Сроки по закону",
}


def register(url_name: str, label: str) -> None:
    """Add a page; it needs DEADLINES_VIEW, as all of them do."""
    _tabs[url_name] = label


def tabs(current: str) -> list[dict[str, Any]]:
    """Return the tabs as ``{% tabs %}`` wants them."""
    return [
        {"label": label, "url": reverse(url_name), "current": url_name == current} for url_name, label in _tabs.items()
    ]
