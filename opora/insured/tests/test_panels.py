"""Rooms above add their panels; this room knows no names, and one broken panel spoils nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from opora.access.rights import Right
from opora.audit.models import AuditLine
from opora.insured import panels
from opora.insured.models import Person
from opora.insured.panels import Panel, PanelTooGreedy


def words(person: Person, employee: Any) -> dict[str, Any]:
    return {"value": f"дело {person.pk}"}


def broken(person: Person, employee: Any) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    return {}


def greedy(person: Person, employee: Any) -> dict[str, Any]:
    for _ in range(5):
        Person.objects.filter(pk=person.pk).exists()
    return {"value": "жадно"}


@pytest.fixture
def panel(monkeypatch: Any) -> Iterator[Any]:
    monkeypatch.setattr(panels, "_panels", {})

    def add(query: Any = words, **details: Any) -> None:
        given = {"slug": "case", "title": "Дела", "right": Right.INSURED_VIEW, "template": "insured/revealed.html"}
        panels.register(Panel(**{**given, "query": query, **details}))

    return add


@pytest.fixture
def alina(signed_in: Any) -> Client:
    return signed_in("alina")


@pytest.mark.parametrize("where", ["open", "main"])
def test_a_panel_is_on_the_page(alina: Client, polina: Person, panel: Any, where: str) -> None:
    panel(place=where)

    assert f"дело {polina.pk}" in alina.get(f"/insured/{polina.pk}/").content.decode()


def test_a_right_she_has_not_hides_the_panel(alina: Client, polina: Person, panel: Any) -> None:
    panel(right=Right.AUDIT_VIEW, lazy=True)

    assert "Дела" not in alina.get(f"/insured/{polina.pk}/").content.decode()
    assert alina.get(f"/insured/{polina.pk}/panels/case/").status_code == 404


def test_a_broken_panel_breaks_nothing_else(alina: Client, polina: Person, panel: Any) -> None:
    panel(query=broken, slug="broken", order=1)
    panel(slug="whole", order=2)
    page = alina.get(f"/insured/{polina.pk}/").content.decode()

    assert "Эта часть сейчас не открылась" in page
    assert f"дело {polina.pk}" in page
    assert AuditLine.objects.filter(action="insured.card.read").exists()


def test_a_greedy_panel_is_found_by_tests(alina: Client, polina: Person, panel: Any) -> None:
    panel(query=greedy)
    with pytest.raises(PanelTooGreedy, match="5 queries, promised 2"):
        alina.get(f"/insured/{polina.pk}/")


def test_a_lazy_panel_comes_later(alina: Client, polina: Person, panel: Any) -> None:
    panel(lazy=True)
    address = f"/insured/{polina.pk}/panels/case/"
    page = alina.get(f"/insured/{polina.pk}/").content.decode()
    assert address in page
    assert f"дело {polina.pk}" not in page

    assert f"дело {polina.pk}" in alina.get(address).content.decode()
    assert AuditLine.objects.get(action="insured.panel.read").details == {"panel": "case"}


def test_a_lazy_panel_of_a_stranger_is_not_there(signed_in: Any, polina: Person, panel: Any) -> None:
    panel(lazy=True)

    assert signed_in("vera").get(f"/insured/{polina.pk}/panels/case/").status_code == 404


def test_panels_stand_in_order(panel: Any, cast: Any) -> None:
    for slug, order in (("b", 20), ("c", 10), ("a", 20)):
        panel(slug=slug, order=order)

    assert [found.slug for found in panels.allowed(cast.alina)] == ["c", "a", "b"]
