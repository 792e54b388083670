"""The stand-in keeps, answers, fails when told to, and remembers over a restart."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from opora.adapters.standin import gateway
from opora.adapters.standin.gateway import StandinGateway
from opora.channels.errors import GatewayUnavailable
from opora.channels.models import Given, Provider
from opora.channels.ports import Accepted, IncomingReceipt, Link, Outgoing, Refused
from opora.channels.words import State


@pytest.fixture
def portal(place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Link]]:
    """The thread of the stand-in shares the connection of the test."""
    shared = connections["default"]

    def share() -> None:
        connections["default"] = shared

    def make(**settings: Any) -> Link:
        provider, _ = Provider.objects.update_or_create(
            organisation=place.alfa,
            slug="portal",
            defaults={"title": "Госуслуги", "kind": "standin", "channel": "portal", "settings": settings},
        )
        return provider.link()

    monkeypatch.setattr(gateway, "ThreadPoolExecutor", partial(ThreadPoolExecutor, initializer=share))
    monkeypatch.setattr(gateway, "_hang_up", lambda: None)
    shared.inc_thread_sharing()
    yield make
    shared.dec_thread_sharing()


def talk(link: Link, messages: list[Outgoing], receipts: int) -> tuple[list[Any], list[IncomingReceipt]]:
    told: list[IncomingReceipt] = []

    async def hear(batch: list[IncomingReceipt]) -> None:
        told.extend(batch)

    async def run() -> list[Any]:
        async with StandinGateway().session(link, hear) as session:
            answers = await session.send_all(messages)
            async with asyncio.timeout(10):
                while sum(one.state != State.ACCEPTED for one in told) < receipts:
                    await asyncio.sleep(0.01)
            return answers

    return asyncio.run(run()), told


def to(account: str) -> Outgoing:
    return Outgoing(uuid4(), account, "Приглашаем на диспансеризацию", subject="Диспансеризация")


def test_it_keeps_what_it_was_given_and_says_delivered(portal: Callable[..., Link]) -> None:
    message = to("11223344595")
    (answer,), told = talk(portal(receipt_seconds=0), [message], 1)
    assert isinstance(answer, Accepted)
    assert [(one.state, one.reference) for one in told] == [
        (State.ACCEPTED, message.reference),
        (State.DELIVERED, message.reference),
    ]
    kept = Given.objects.get()
    assert (kept.to, kept.subject, kept.text, kept.state) == (
        message.to,
        message.subject,
        message.text,
        "delivered",
    )


def test_it_fails_as_often_as_it_is_told(portal: Callable[..., Link]) -> None:
    _, told = talk(portal(receipt_seconds=0, fail_every=3, reads=True), [to(str(number)) for number in range(6)], 6)
    ends = [one.state for one in told if one.state != State.ACCEPTED]
    assert (ends.count(State.READ), ends.count(State.UNDELIVERABLE)) == (4, 2)


def test_an_account_that_does_not_exist_is_refused_for_good(portal: Callable[..., Link]) -> None:
    (answer,), _ = talk(portal(), [to("нет")], 0)
    assert isinstance(answer, Refused)
    assert answer.is_permanent


def test_told_to_be_down_it_is(portal: Callable[..., Link]) -> None:
    with pytest.raises(GatewayUnavailable):
        talk(portal(is_down=True), [], 0)


def test_what_was_not_answered_is_answered_after_a_restart(portal: Callable[..., Link]) -> None:
    message = to("11223344595")
    talk(portal(receipt_seconds=60), [message], 0)
    _, told = talk(portal(receipt_seconds=60), [], 1)
    assert [(one.state, one.reference) for one in told] == [(State.DELIVERED, message.reference)]
