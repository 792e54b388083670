"""A longer term and a forwarding of the card reach the platform, once; what it says of them stands on both pages."""

from datetime import date
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

ORDER = {"order_number": "17-р", "order_on": date(2026, 1, 15)}


@pytest.fixture
def extended(message: PosMessage, cast: SimpleNamespace) -> Appeal:
    said = {"why": "Ждём клинику.", "notice_text": "Ответим позже: запросили клинику."}
    return journal.extend(message.appeal_id, days=10, **ORDER, **said, by=cast.boris)


@pytest.fixture
def forwarded(message: PosMessage, cast: SimpleNamespace) -> Appeal:
    said = {"cover_text": "Направляем по компетенции.", "notice_text": "Ваше обращение направлено в Минздрав."}
    return journal.forward(message.appeal_id, outside="authority", to_name="Минздрав", **said, by=cast.boris)


def asked(pos: PosServer, act: str) -> list[dict[str, Any]]:
    return [body for name, body in pos.given if name == act]


def test_a_longer_term_is_told_once_with_its_day_and_ground(
    pos: PosServer, message: PosMessage, extended: Appeal, cast: Any
) -> None:
    chain_batch()
    assert services.take_up_left() == 0
    link = link_of_appeal(extended, cast.boris)
    assert link is not None
    assert link.words == "продление передаётся"
    assert (services.carry_due(), services.carry_due()) == (1, 0)
    chain_batch()
    assert services.take_up_left() == 0
    (body,) = asked(pos, "extension")
    assert extended.due_on is not None
    assert body["until"] == extended.due_on.isoformat()
    assert body["reason"] == "Ответим позже: запросили клинику.\n\nПриказ № 17-р от 15.01.2026."
    message.refresh_from_db()
    assert (message.is_open, message.trouble, message.due_at) == (True, "", Appeal.objects.get().due_at)
    assert Answer.objects.get(kind="notice").state == "delivered"
    assert Event.objects.filter(kind="extended").count() == 1
    assert Step.objects.filter(kind="extended", details__days=10).count() == 1


def test_what_a_dead_worker_left_is_told_by_the_next(pos: PosServer, message: PosMessage, extended: Appeal) -> None:
    assert (services.take_up_left(), services.take_up_left()) == (1, 0)
    Errand.objects.update(next_at=Errand.objects.get().created_at)
    services.carry_due()
    assert (len(asked(pos, "extension")), services.take_up_left(), Errand.objects.count()) == (1, 0, 1)


def test_a_term_prolonged_on_the_page_is_not_told_again(pos: PosServer, message: PosMessage, cast: Any) -> None:
    services.extend(message.pk, days=10, order_number="17", why="Ждём клинику.", by=cast.boris)
    services.carry_due()
    chain_batch()
    assert (services.take_up_left(), len(asked(pos, "extension"))) == (0, 1)


def test_a_refused_term_is_said_on_both_pages_and_may_be_sent_again(
    pos: PosServer, message: PosMessage, extended: Appeal, cast: Any, signed_in: Any
) -> None:
    pos.troubles = [(422, '{"code": "no", "message": "Продлить нельзя."}')]
    chain_batch()
    services.carry_due()
    message.refresh_from_db()
    assert "Не принято: Продлить нельзя. В журнале срок продлён, на Госуслугах он прежний" in message.trouble
    assert Answer.objects.get(kind="notice").state == "failed"
    assert Event.objects.filter(kind="delivery_failed", text__contains="Продлить нельзя").exists()
    card = signed_in("boris").get(reverse("appeals:card", args=[extended.number]), follow=True).content.decode()
    page = signed_in("boris").get(f"/feedback/{message.pk}/").content.decode()
    assert "Продлить нельзя" in card
    assert "на Госуслугах он прежний" in page
    assert services.take_up_left() == 0

    services.send_again(message.pk, by=cast.boris)
    services.carry_due()
    message.refresh_from_db()
    assert (message.trouble, Answer.objects.get(kind="notice").state) == ("", "delivered")
    assert Event.objects.filter(kind="extended").count() == 1


def test_a_forwarding_takes_the_message_away_and_leaves_the_card_open(
    pos: PosServer, message: PosMessage, forwarded: Appeal, cast: Any, signed_in: Any
) -> None:
    chain_batch()
    services.carry_due()
    message.refresh_from_db()
    (body,) = asked(pos, "redirection")
    assert (body["organisation"], body["reason"]) == ("Минздрав", "Ваше обращение направлено в Минздрав.")
    assert (message.stage, Appeal.objects.get().stage) == ("redirected", "forwarded")
    assert Answer.objects.get(kind="notice").state == "delivered"
    with pytest.raises(ChannelRefused, match="перенаправлено другой"):
        journal.answer_interim(forwarded.pk, text="Ждём.", channel="feedback", by=cast.boris)
    page = signed_in("boris").get(f"/feedback/{message.pk}/").content.decode()
    assert "с карточки обращения" in page
    journal.close(forwarded.pk, outcome="redirected", by=cast.boris)


def test_a_forwarding_the_platform_will_not_have(pos: PosServer, message: PosMessage, forwarded: Appeal) -> None:
    pos.troubles = [(422, '{"code": "no", "message": "Некому"}')]
    services.take_up_left()
    services.carry_due()
    message.refresh_from_db()
    assert (message.stage, Answer.objects.get(kind="notice").state) == ("received", "failed")
    assert "на Госуслугах оно у вас" in message.trouble


def test_it_waits_for_what_went_before(pos: PosServer, message: PosMessage, cast: Any) -> None:
    journal.answer_interim(message.appeal_id, text="Запросили клинику.", channel="feedback", by=cast.boris)
    chain_batch()
    said = {"why": "Ждём.", "notice_text": "Ответим позже."}
    journal.extend(message.appeal_id, days=5, **ORDER, **said, by=cast.boris)
    chain_batch()
    assert list(Errand.objects.values_list("kind", flat=True)) == ["interim"]
    services.carry_due()
    assert services.take_up_left() == 1
    services.carry_due()
    assert [act for act, _ in pos.given] == ["interim", "extension"]


def test_words_the_platform_would_not_take_are_refused_on_the_card(message: PosMessage, cast: Any) -> None:
    with pytest.raises(ChannelRefused, match="Лишних: 1"):
        journal.extend(message.appeal_id, days=5, **ORDER, why="Ждём.", notice_text="я" * 4001, by=cast.boris)


def test_after_the_answer_a_notice_goes_by_post(door: Door, answered: PosMessage, cast: Any) -> None:
    services.carry_due()
    services.fetch_door(door)
    journal.reopen(answered.appeal_id, why="Ошиблись.", by=cast.boris)
    journal.extend(answered.appeal_id, days=5, **ORDER, why="Ждём.", notice_text="Ответим позже.", by=cast.boris)
    assert Answer.objects.get(kind="notice").channel == "post"
    assert services.take_up_left() == 0


def test_the_form_says_what_happens_over_there(signed_in: Any, message: PosMessage) -> None:
    for act, words in (("extend", "О продлении узнают и Госуслуги"), ("forward", "перейдёт этой организации")):
        page = signed_in("boris").get(reverse("appeals:act", args=[message.appeal.number, act]))
        assert words in page.content.decode()
