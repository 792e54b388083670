"""What is answered on the card of an appeal leaves by the door its citizen came through: once, and the card knows."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals import services as appeals
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.errors import ChannelRefused
from opora.appeals.models import Answer, Appeal
from opora.channels.ports import Refused
from opora.channels.words import State as Told
from opora.doors import carrier as carrier_of_doors
from opora.doors import services
from opora.doors.models import Delivery, Message, Thread
from opora.doors.services import answers
from opora.doors.shapes import Incoming
from opora.doors.tests.test_delivering import Carrier, carrier

__all__ = ["carrier"]
WORDS = "Полис действует, менять его не нужно."


@pytest.fixture
def came(
    carrier: Any, doors: SimpleNamespace, told: Callable[..., Incoming], topics: Any, cast: SimpleNamespace
) -> Thread:
    """A message by a door that carries, registered as an appeal by its rule."""
    doors.chat.rule, doors.chat.topic = "appeal", "t-insurer"
    doors.chat.save()
    received = services.receive(doors.chat, told(identified=True, meta={"wish": {}}))
    assert received.thread is not None
    thread = Thread.objects.get(pk=received.thread.pk)
    assert thread.appeal_id is not None
    return thread


def answered(appeal_id: Any, cast: SimpleNamespace, channel: str = "chat") -> Answer:
    with enter(cast.alina.scope):
        appeals.take(appeal_id, by=cast.alina)
        draft = appeals.prepare_answer(appeal_id, text=WORDS, by=cast.alina)
        sent = appeals.send_answer(draft.pk, channel=channel, by=cast.alina)
    chain_batch()
    return sent


def state(answer: Answer) -> str:
    with enter(Scope.system("test")):
        return str(Answer.objects.get(pk=answer.pk).state)


def test_an_answer_from_the_card_leaves_once_and_the_card_knows(
    came: Thread, cast: SimpleNamespace, carrier: type[Carrier]
) -> None:
    answer = answered(came.appeal_id, cast)
    assert services.take_up_left() == 0
    with enter(Scope.system("test")):
        message = Message.objects.get(thread=came, direction="out", pk=answer.pk)
        assert (message.text, message.by, Thread.objects.get().state) == (WORDS, cast.alina, "registered")
    services.deliver(answer.pk)
    services.deliver(answer.pk)
    assert [given.text for given in carrier.given if given.reference == answer.pk] == [WORDS]
    assert state(answer) == "sent"
    services.delivered(answer.pk, Told.DELIVERED, at=timezone.now())
    assert state(answer) == "delivered"


def test_what_nobody_heard_leaves_within_the_hour(
    came: Thread, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as deaf:
        deaf.setattr("opora.doors.services.hear", lambda events: None)
        answer = answered(came.appeal_id, cast)
    assert services.take_up_left(timezone.now() + timedelta(hours=2)) == 0, "somebody has carried it by hand"
    assert services.take_up_left() == 1
    assert services.take_up_left() == 0
    assert Delivery.objects.filter(pk=answer.pk).exists()


def test_a_refusal_of_the_door_stands_on_the_card(came: Thread, cast: SimpleNamespace, carrier: type[Carrier]) -> None:
    carrier.answer = lambda reference: Refused(reference, "550", is_permanent=True, words="нет такого адреса")
    answer = answered(came.appeal_id, cast)
    services.deliver(answer.pk)
    assert state(answer) == "failed"
    with enter(Scope.system("test")):
        assert Appeal.objects.get(pk=came.appeal_id).answered_at is None


def test_an_answer_by_another_way_is_not_the_doors_business(came: Thread, cast: SimpleNamespace) -> None:
    answer = answered(came.appeal_id, cast, channel="post")
    assert not Message.objects.filter(pk=answer.pk).exists()


def test_what_the_door_would_not_take_is_refused_before_it_is_sent(
    came: Thread, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with enter(Scope.system("test")):
        appeal = Appeal.objects.get(pk=came.appeal_id)
    carrier_of_doors.check(appeal, Answer(text="а" * 20_000))
    with pytest.raises(ChannelRefused, match="20000"):
        carrier_of_doors.check(appeal, Answer(text="а" * 20_001))


def test_an_answer_of_long_ago_does_not_leave_with_a_new_one(came: Thread, cast: SimpleNamespace) -> None:
    answer = answered(came.appeal_id, cast)
    with enter(Scope.system("test")):
        assert came.appeal_id is not None
        assert answers.take_up([came.appeal_id], timezone.now() + timedelta(hours=2)) == 0
        old = Answer.objects.create(
            appeal_id=came.appeal_id, kind="final", state="sent", channel="chat", text="Отвечено письмом.",
            created_at=timezone.now(), sent_at=timezone.now() - timedelta(days=3), created_by=cast.alina,
        )  # fmt: skip
        assert answers.take_up([came.appeal_id]) == 0
        assert set(Message.objects.filter(direction="out").values_list("pk", flat=True)) >= {answer.pk}
        assert not Message.objects.filter(pk=old.pk).exists()
