"""A chat of Alfa on one other site, a chat of Beta, and a citizen's browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from opora.chat.models import Place
from opora.chat.services._writing import NewLine
from opora.knowledge import services as knowledge

ORIGIN = "https://alfa.example"
KEY = "k3y-OF_polina-0123456789-abcdefghijklmnopqr"
assert len(KEY) == 43


@pytest.fixture
def places(place: SimpleNamespace) -> SimpleNamespace:
    given: dict[str, Any] = {"is_round_the_clock": True}
    alfa = Place.objects.create(organisation=place.alfa, slug="alfa", name="Чат Альфы", origins=[ORIGIN], **given)
    beta = Place.objects.create(organisation=place.beta, slug="beta", name="Чат Беты", **given)
    return SimpleNamespace(alfa=alfa, beta=beta)


class Citizen:
    """What a browser of a citizen sends."""

    def __init__(self, slug: str = "alfa", key: str = KEY, address: str = "192.0.2.7") -> None:
        self.base, self.key, self.client = (
            f"/c/{slug}/talk/",
            key,
            Client(REMOTE_ADDR=address, enforce_csrf_checks=True),
        )

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Talk {self.key}", "Accept": "application/json"}

    def post(self, path: str, told: dict[str, Any], **more: str) -> Any:
        headers = self.headers | more
        return self.client.post(self.base + path, json.dumps(told), content_type="application/json", headers=headers)

    def say(self, text: str = "Добрый день", line: object = None, **told: str) -> Any:
        return self.post("lines/", {"id": str(line or uuid4()), "text": text, **told})

    def lines(self, after: int = 0) -> dict[str, Any]:
        answer = self.client.get(f"{self.base}lines/?after={after}", headers=self.headers)
        assert answer.status_code == 200, answer.content
        return dict(answer.json())

    def texts(self) -> list[str]:
        return [line["text"] for line in self.lines()["lines"] if line["kind"] == "said"]


@pytest.fixture
def citizen(places: SimpleNamespace) -> Citizen:
    return Citizen()


@pytest.fixture
def line() -> Iterator[Callable[..., NewLine]]:
    return lambda text="Добрый день": NewLine(uuid4(), text)


@pytest.fixture
def card(cast: SimpleNamespace, topics: Any) -> Any:
    """An approved answer to a question that is often asked."""
    wording = {
        "question": "На Госуслугах нет полиса, что делать?",
        "variants": "не вижу полис в приложении",
        "topic_code": "t-policy",
        "level": 1,
        "body": "Отзовите согласие Минцифры, подождите 15 минут и дайте его снова.",
        "next_step": "Если не помогло, напишите нам.",
        "words": "госуслуги полис согласие",
        "sources": "Разъяснение фонда",
        "is_verified": True,
        "valid_since": date(2020, 1, 1),
        "valid_until": None,
    }
    made = knowledge.add_card("gosuslugi", territory="50000", wording=wording, by=cast.sp3)
    row = knowledge.submit_card(made, version=made.version, by=cast.sp3)
    return knowledge.approve_card(row, version=row.version, by=cast.boris)
