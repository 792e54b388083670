"""The tabs over the pages of the room."""

from typing import Any

from django.urls import reverse

_TABS = {
    "mailroom:letters": "Входящие",
    "mailroom:out": "К отправке",
    "mailroom:sent": "Отправленные",
    "mailroom:lists": "Списки",
}


def tabs(current: str) -> list[dict[str, Any]]:
    """Return the tabs as ``{% tabs %}`` wants them."""
    return [{"label": label, "url": reverse(name), "current": name == current} for name, label in _TABS.items()]
