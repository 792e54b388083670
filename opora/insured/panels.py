"""What other rooms show on the page of a person: they register a panel in their ``apps.py``, this room knows no names.

    def ready(self) -> None:
        panels.register(Panel(
            slug="appeals", title="Обращения", right=Right.APPEALS_VIEW, order=10,
            query=queries.person_panel, template="appeals/person_panel.html",
        ))

``query(person, employee)`` returns the context of ``template``. A panel asks at most ``budget`` queries; one that needs
more time than the page has is ``lazy`` and arrives by htmx. A panel that fails says so in its own place and spoils
nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from opora.access.rights import Right

if TYPE_CHECKING:
    from opora.insured.models import Person
    from opora.organisations.models import Employee

logger = logging.getLogger(__name__)


class PanelTooGreedy(AssertionError):
    """A panel has asked more queries than it promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One panel of the page. ``place`` open — «Что открыто», above; main — below what the register itself knows."""

    slug: str
    title: str
    right: Right
    query: Callable[[Person, Employee], dict[str, Any]]
    template: str
    order: int = 100
    place: Literal["open", "main"] = "main"
    icon: str = "folder"
    lazy: bool = False
    budget: int = 2


@dataclass(frozen=True, slots=True)
class Drawn:
    """A panel as the page shows it: ``body`` is empty for a lazy one, ``failed`` for a broken one."""

    panel: Panel
    body: SafeString | str = ""
    failed: bool = False


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Add a panel; the same slug replaces the former one."""
    _panels[panel.slug] = panel


def unregister(slug: str) -> None:
    _panels.pop(slug, None)


def allowed(employee: Employee, place: str | None = None) -> list[Panel]:
    """Return the panels her role may see, in order."""
    found = [panel for panel in _panels.values() if employee.holds(panel.right) and place in {None, panel.place}]
    return sorted(found, key=lambda panel: (panel.order, panel.slug))


def drawn(request: HttpRequest, person: Person, employee: Employee, place: str) -> list[Drawn]:
    """Return the panels of a place: bodies of the quick ones, reserved places of the lazy ones."""
    return [
        Drawn(panel) if panel.lazy else draw(panel, request, person, employee) for panel in allowed(employee, place)
    ]


def draw(panel: Panel, request: HttpRequest, person: Person, employee: Employee) -> Drawn:
    """Return one panel with its body. Its failure stays inside: it is another room's work, and the page must stand."""
    try:
        with transaction.atomic(), _counted(panel):
            context = panel.query(person, employee)
            body = render_to_string(panel.template, {"person": person, **context}, request=request)
    except PanelTooGreedy:
        raise
    except Exception:
        logger.exception("panel %s of the person's page has failed", panel.slug)
        return Drawn(panel, failed=True)
    return Drawn(panel, body)


@contextmanager
def _counted(panel: Panel) -> Iterator[None]:
    asked = 0

    def count(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*args)

    with connection.execute_wrapper(count):
        yield
    if asked > panel.budget:
        if settings.TESTING:
            raise PanelTooGreedy(f"{panel.slug}: {asked} queries, promised {panel.budget}")
        logger.warning("panel %s asked %d queries of %d", panel.slug, asked, panel.budget)
