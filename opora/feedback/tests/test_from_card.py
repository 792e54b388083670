"""An answer sent from the card of the appeal reaches the platform, once, whoever else answers meanwhile."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from opora.adapters.poshouse.server import PosServer
from opora.appeals import services as journal
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.errors import ChannelRefused
from opora.appeals.models import Answer, Appeal, Event
from opora.doors.models import Door
from opora.feedback import services
from opora.feedback.models import Errand, PosMessage, Step
from opora.feedback.queries import link_of_appeal


@pytest.fixture
def approved(message: PosMessage, cast: SimpleNamespace) -> Answer:
    """An answer of the card, written by the executor and approved by her leader."""
    answer = journal.prepare_answer(message.appeal_id, text="Полис виден с завтрашнего дня.", by=cast.sp2)
    journal.submit_answer(answer.pk, by=cast.sp2)
    return journal.approve_answer(answer.pk, by=cast.boris)


@pytest.fixture
def sent(approved: Answer, cast: SimpleNamespace) -> Answer:
    return journal.send_answer(approved.pk, channel="feedback", by=cast.sp2)


@pytest.fixture
def texts(pos: PosServer) -> Callable[[], list[str]]:
    """What the platform holds as answers."""
    return lambda: [one["text"] for message in pos.platform.messages.values() for one in message["answers"]]


def test_it_goes_to_the_platform_once_and_its_delivery_is_known(
    door: Door, message: PosMessage, sent: Answer, texts: Any, cast: Any
) -> None:
    chain_batch()
    message.refresh_from_db()
    assert (message.stage, message.answer) == ("approved", sent.pk)
    assert services.take_up_left() == 0
    assert services.carry_due() == 1
    assert services.carry_due() == 0
    services.fetch_door(door)
    message.refresh_from_db()
    sent.refresh_from_db()
    assert (message.stage, sent.state, message.trouble) == ("answered", "delivered", "")
    assert texts() == ["Полис виден с завтрашнего дня."]
    assert Appeal.objects.get().stage == "answered"  # it is closed on its card, by a person
    journal.close(message.appeal_id, outcome="consulted", by=cast.sp2)
    assert Step.objects.filter(kind="from_card").count() == 1


def test_what_nobody_heard_is_taken_up_by_the_worker(sent: Answer, texts: Any) -> None:
    assert services.take_up_left() == 1
    assert services.take_up_left() == 0
    services.carry_due()
    assert texts() == [sent.text]


def test_prepared_on_the_page_and_sent_from_the_card_is_one_answer(
    door: Door, message: PosMessage, texts: Any, cast: Any
) -> None:
    services.prepare(message.pk, "Виден.", outcome="consulted", by=cast.sp2)
    answer = journal.approve_answer(Answer.objects.get().pk, by=cast.boris)
    journal.send_answer(answer.pk, channel="feedback", by=cast.sp2)
    chain_batch()
    services.carry_due()
    services.fetch_door(door)
    assert texts() == ["Виден."]
    assert Appeal.objects.get().stage == "closed"  # its outcome was chosen on the page


def test_sent_from_both_sides_it_is_one_answer(door: Door, message: PosMessage, texts: Any, cast: Any) -> None:
    services.prepare(message.pk, "Виден.", outcome="consulted", by=cast.sp2)
    answer = journal.approve_answer(Answer.objects.get().pk, by=cast.boris)
    services.approve(message.pk, by=cast.boris)
    journal.send_answer(answer.pk, channel="feedback", by=cast.sp2)
    chain_batch()
    services.carry_due()
    services.take_up_left()
    services.fetch_door(door)
    message.refresh_from_db()
    assert texts() == ["Виден."]
    assert (message.stage, message.trouble, Errand.objects.count()) == ("answered", "", 1)


def test_what_the_platform_would_refuse_is_refused_on_the_card(message: PosMessage, cast: Any) -> None:
    draft = journal.prepare_answer(message.appeal_id, text="я" * 4001, by=cast.sp2)
    with pytest.raises(ChannelRefused, match="утверждает другой"):
        journal.send_answer(draft.pk, channel="feedback", by=cast.sp2)
    journal.submit_answer(draft.pk, by=cast.sp2)
    journal.approve_answer(draft.pk, by=cast.boris)
    with pytest.raises(ChannelRefused, match="Лишних: 1"):
        journal.send_answer(draft.pk, channel="feedback", by=cast.sp2)
    journal.send_answer(draft.pk, channel="post", by=cast.sp2)
    assert services.take_up_left() == 0


def test_a_second_answer_is_not_promised(pos: PosServer, door: Door, answered: PosMessage, cast: Any) -> None:
    services.carry_due()
    services.fetch_door(door)
    journal.reopen(answered.appeal_id, why="Ошиблись.", by=cast.boris)
    with pytest.raises(ChannelRefused, match="уже ответили"):
        journal.answer_interim(answered.appeal_id, text="Уточняем.", channel="feedback", by=cast.boris)


def test_a_refusal_of_the_platform_stands_on_the_card(
    pos: PosServer, message: PosMessage, sent: Answer, cast: Any
) -> None:
    journal.close(message.appeal_id, outcome="consulted", by=cast.sp2)
    pos.troubles = [(422, '{"code": "rude", "message": "Не по существу"}')]
    services.take_up_left()
    services.carry_due()
    message.refresh_from_db()
    sent.refresh_from_db()
    appeal = Appeal.objects.get()
    assert (message.stage, sent.state, appeal.closed_at) == ("work", "failed", None)
    assert Event.objects.filter(appeal=appeal, kind="delivery_failed", text__contains="Не по существу").exists()
    link = link_of_appeal(appeal, cast.boris)
    assert link is not None
    assert link.state == "late"
    services.prepare(message.pk, "По существу.", outcome="consulted", by=cast.sp2)


def test_an_unknown_fate_waits_for_a_person(pos: PosServer, message: PosMessage, sent: Answer, cast: Any) -> None:
    pos.troubles = ["before"]
    services.take_up_left()
    services.carry_due()
    assert services.take_up_left() == 0
    services.return_answer(message.pk, "Перепишем.", by=cast.boris)
    sent.refresh_from_db()
    message.refresh_from_db()
    assert (sent.state, message.stage, Appeal.objects.get().stage) == ("failed", "work", "in_work")


def test_an_answer_returned_for_rework_is_not_sent_again(pos: PosServer, answered: PosMessage, cast: Any) -> None:
    from opora.feedback.errors import NothingToSend

    pos.troubles = ["before"]
    services.carry_due()
    services.return_answer(answered.pk, "Перепишите.", by=cast.boris)
    with pytest.raises(NothingToSend):
        services.send_again(answered.pk, by=cast.boris)


def test_an_interim_answer_goes_and_the_message_waits_on(
    pos: PosServer, door: Door, message: PosMessage, texts: Any, cast: Any
) -> None:
    interim = journal.answer_interim(message.appeal_id, text="Запросили клинику.", channel="feedback", by=cast.sp2)
    chain_batch()
    services.carry_due()
    services.fetch_door(door)
    message.refresh_from_db()
    interim.refresh_from_db()
    assert (message.is_open, message.trouble, interim.state, texts()) == (True, "", "delivered", [])
    assert [one["text"] for one in pos.platform.messages[message.external_id]["interim"]] == ["Запросили клинику."]
    services.prepare(message.pk, "Готово.", outcome="consulted", by=cast.sp2)
    services.approve(message.pk, by=cast.boris)
    services.carry_due()
    assert texts() == ["Готово."]


def test_disagreed_before_it_was_closed_it_returns_to_work(
    pos: PosServer, door: Door, message: PosMessage, sent: Answer, cast: Any
) -> None:
    services.take_up_left()
    services.carry_due()
    pos.platform.reopen(message.external_id, "Не виден.")
    services.fetch_door(door)
    message.refresh_from_db()
    assert (message.stage, message.trouble, Appeal.objects.get().stage) == ("work", "", "assigned")


def test_the_card_leads_to_the_message(signed_in: Any, message: PosMessage, sent: Answer) -> None:
    card = signed_in("boris").get(reverse("appeals:card", args=[message.appeal.number]), follow=True).content.decode()
    assert f"/feedback/{message.pk}/" in card
    page = signed_in("boris").get(f"/feedback/{message.pk}/").content.decode()
    assert "ответ не уходил" not in page
    assert sent.text in page
