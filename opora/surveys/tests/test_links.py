"""Links go out once, by the organisation's provider, in decent hours, and no more than there are places for."""

import re
from collections.abc import Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from opora.channels.errors import GatewayUnavailable
from opora.channels.models import Provider
from opora.channels.ports import Accepted, Answer, Outgoing, Refused, Unanswered
from opora.surveys import links
from opora.surveys.models import Cell, Invitee
from opora.surveys.tests.conftest import NOON, crowd


class Fake:
    """A provider who takes everything, or answers as told."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.answers: dict[int, str] = {}
        self.is_away = False

    @asynccontextmanager
    async def session(self, link: Any, on_receipts: Any) -> Any:
        if self.is_away:
            raise GatewayUnavailable
        yield self

    async def send_all(self, messages: Sequence[Outgoing]) -> list[Answer]:
        found = [self._answer(place, one) for place, one in enumerate(messages)]
        self.sent += messages
        return found

    def _answer(self, place: int, one: Outgoing) -> Answer:
        match self.answers.get(place):
            case "never":
                return Refused(one.reference, "11", is_permanent=True)
            case "later":
                return Refused(one.reference, "88", is_permanent=False)
            case "silent":
                return Unanswered(one.reference, "timeout")
            case _:
                return Accepted(one.reference, ("1",))


@pytest.fixture
def fake(place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Fake:
    Provider.objects.create(
        organisation=place.alfa, slug="sms", title="СМС", kind="smpp", channel="sms",
        settings={"host": "127.0.0.1", "port": 1, "system_id": "x"},
    )  # fmt: skip
    made = Fake()
    monkeypatch.setattr(links, "gateway", lambda kind: made)
    return made


@pytest.fixture
def asked(place: SimpleNamespace, fake: Fake, running: Any) -> Any:
    crowd(place, 9)
    return running(wanted=2, modes=["link"])


def states() -> dict[str, int]:
    found = list(Invitee.objects.values_list("state", flat=True))
    return {state: found.count(state) for state in set(found)}


def test_a_link_leads_to_its_questionnaire(asked: Any, fake: Fake, client: Client) -> None:
    assert links.send(asked.pk) == 6, "three for a free place"
    assert states() == {"sent": 6, "waiting": 3}
    assert links.send(asked.pk) == 0, "the places are asked for"
    found = re.search(r"https://opora\.test(/surveys/a/[\w-]+/)$", fake.sent[0].text)
    assert found
    assert "Начать" in client.get(found[1]).content.decode()
    assert fake.sent[0].to.startswith("7900")
    key = found[1].split("/")[3]
    assert not Invitee.objects.filter(token_hash__contains=key).exists()


def test_after_the_last_day_no_link_leaves(asked: Any, fake: Fake, noon: Any) -> None:
    noon(NOON + timedelta(days=31))
    assert links.send(asked.pk) == 0
    assert fake.sent == []


def test_what_a_provider_answers(asked: Any, fake: Fake) -> None:
    fake.answers = {0: "never", 1: "later", 2: "silent"}
    assert links.send(asked.pk) == 3
    assert states() == {"unsent": 1, "sent": 4, "waiting": 4}


def test_without_a_line_nobody_is_lost(asked: Any, fake: Fake) -> None:
    fake.is_away = True
    assert links.send(asked.pk) == 0
    assert states() == {"waiting": 9}


def test_nothing_goes_at_night_or_to_a_full_group(asked: Any, fake: Fake, noon: Any) -> None:
    noon(NOON + timedelta(hours=11))
    assert links.send(asked.pk) == 0
    noon(NOON)
    Cell.objects.update(done=2)
    assert links.send(asked.pk) == 0
    assert not fake.sent
