"""Doors of Alfa and Beta, and what is brought through them."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from opora.doors.models import Door
from opora.doors.shapes import Incoming


@pytest.fixture
def doors(place: SimpleNamespace) -> SimpleNamespace:
    """A mailbox and a site of Alfa, a mailbox of Beta."""

    def made(organisation: Any, kind: str, slug: str, title: str, **more: Any) -> Door:
        return Door.objects.create(organisation=organisation, kind=kind, slug=slug, title=title, **more)

    return SimpleNamespace(
        site=made(place.alfa, "site", "site", "Сайт Альфы"),
        chat=made(place.alfa, "chat", "chat", "Чат Альфы"),
        quick=made(place.alfa, "site", "quick", "Форма обращения", rule="appeal", topic="t-insurer"),
        beta=made(place.beta, "site", "site", "Сайт Беты"),
    )


@pytest.fixture
def told() -> Callable[..., Incoming]:
    """A message of an invented person; what is not said is the same each time."""

    def make(external_id: str = "m-1", text: str = "Как получить полис?", **more: Any) -> Incoming:
        given = {"sender": "polina@example.ru", "name": "Полина Соловьёва", "subject": "Вопрос", **more}
        return Incoming(external_id, given.pop("sender"), text, **given)

    return make
