"""What is answered on the card of an appeal leaves by the door its citizen came through: once, and the card knows."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals import channels
from opora.appeals import services as appeals
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.errors import ChannelRefused
from opora.appeals.intake import NewAppeal, register
from opora.appeals.models import Answer, Appeal, Event, File
from opora.channels.ports import Refused, Unanswered
from opora.channels.words import State as Told
from opora.classifiers.words import Channel
from opora.doors import services
from opora.doors.carrier import Carrier as CarrierOfDoors
from opora.doors.errors import AnsweredOnCard
from opora.doors.models import Delivery, Message, Thread
from opora.doors.ports import FileLimits
from opora.doors.services import answers
from opora.doors.shapes import Incoming
from opora.doors.tests.test_delivering import Carrier, carrier

__all__ = ["carrier"]
CHAT = CarrierOfDoors("chat")
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


def test_an_answer_leaves_to_the_applicant_and_not_to_who_wrote_last(
    came: Thread, doors: SimpleNamespace, told: Callable[..., Incoming], cast: SimpleNamespace
) -> None:
    doors.chat.rule = "contact"
    doors.chat.save()
    appeal = Appeal.objects.get(pk=came.appeal_id)
    other = services.receive(doors.chat, told("m-2", "Я соседка, что там?", sender="soseda@example.ru")).thread
    assert other is not None
    services.link(other.pk, appeal.number, is_applicants=True, by=cast.alina)
    assert "s•••@example.ru" in CHAT.hint(appeal, "send_answer"), "who wrote last, if he is the applicant"
    services.link(other.pk, appeal.number, is_applicants=False, by=cast.alina)
    assert "«Чат Альфы» на адрес p•••@example.ru" in CHAT.hint(appeal, "send_answer")

    answer = answered(appeal.pk, cast)

    assert Message.objects.get(pk=answer.pk).thread_id == came.pk


def test_a_thread_of_before_is_the_applicants_if_its_appeal_was_made_of_it(
    came: Thread, doors: SimpleNamespace, told: Callable[..., Incoming], cast: SimpleNamespace
) -> None:
    other = services.receive(doors.site, told("m-2", at=timezone.now() - timedelta(hours=3))).thread
    assert other is not None
    services.link(other.pk, Appeal.objects.get(pk=came.appeal_id).number, is_applicants=True, by=cast.alina)
    Thread.objects.update(is_applicants=False)
    with connection.cursor() as cursor:
        cursor.execute(import_module("opora.doors.migrations.0006_fill_who_speaks").FILL)
    with enter(Scope.system("test")):
        assert list(Thread.objects.filter(is_applicants=True)) == [came]


def test_an_appeal_of_which_only_others_wrote_is_answered_by_hand(
    carrier: Any, doors: SimpleNamespace, told: Callable[..., Incoming], topics: Any, cast: SimpleNamespace
) -> None:
    done = register(NewAppeal(kind="application", topic=topics.insurer, channel="chat", text="Где?"), by=cast.alina)
    other = services.receive(doors.chat, told()).thread
    assert other is not None
    services.link(other.pk, done.number, is_applicants=False, by=cast.alina)
    appeal = Appeal.objects.get(pk=done.id)
    assert (CHAT.carries(appeal), CHAT.hint(appeal, "send_answer")) == (False, "")
    answer = answered(appeal.pk, cast)
    assert services.take_up_left() == 0
    assert not Message.objects.filter(pk=answer.pk).exists()


def test_a_final_answer_of_which_nobody_knows_whether_it_left_may_be_sent_again(
    came: Thread, cast: SimpleNamespace, carrier: type[Carrier]
) -> None:
    took, carrier.answer = carrier.answer, lambda reference: Unanswered(reference, "lost")
    answer = answered(came.appeal_id, cast)
    services.deliver(answer.pk)
    assert (Delivery.objects.get(pk=answer.pk).state, state(answer)) == ("failed", "sent")
    carrier.answer = took
    services.send_again(Message.objects.get(pk=answer.pk), by=cast.alina)
    services.deliver(answer.pk)
    services.delivered(answer.pk, Told.DELIVERED, at=timezone.now())
    assert state(answer) == "delivered"


def test_a_final_answer_that_did_not_arrive_is_sent_from_the_card_alone(
    came: Thread, cast: SimpleNamespace, carrier: type[Carrier], signed_in: Callable[[str], Any]
) -> None:
    carrier.answer = lambda reference: Refused(reference, "550", is_permanent=True, words="нет такого адреса")
    answer = answered(came.appeal_id, cast)
    services.deliver(answer.pk)
    message = Message.objects.get(pk=answer.pk)
    with enter(cast.alina.scope), pytest.raises(AnsweredOnCard, match="с карточки"):
        services.send_again(message, by=cast.alina)
    assert Delivery.objects.get(pk=answer.pk).state == "failed"
    page = signed_in("alina").get(f"/doors/{came.pk}/").content.decode()
    assert "отправляют с карточки" in page
    assert "Отправить ещё раз" not in page


def test_an_interim_answer_that_is_sent_again_arrives_on_the_card_too(
    came: Thread, cast: SimpleNamespace, carrier: type[Carrier]
) -> None:
    took = carrier.answer
    carrier.answer = lambda reference: Refused(reference, "550", is_permanent=True, words="ящик переполнен")
    assert came.appeal_id is not None
    with enter(cast.alina.scope):
        appeals.take(came.appeal_id, by=cast.alina)
        appeals.answer_interim(came.appeal_id, text="Разбираемся.", channel="chat", by=cast.alina)
    chain_batch()
    interim = Answer.objects.get(kind="interim")
    services.deliver(interim.pk)
    assert state(interim) == "failed"

    carrier.answer = took
    services.send_again(Message.objects.get(pk=interim.pk), by=cast.alina)
    services.deliver(interim.pk)
    services.delivered(interim.pk, Told.DELIVERED, at=timezone.now())

    assert state(interim) == "delivered"


def test_an_answer_by_another_way_is_not_the_doors_business(came: Thread, cast: SimpleNamespace) -> None:
    answer = answered(came.appeal_id, cast, channel="post")
    assert not Message.objects.filter(pk=answer.pk).exists()


def test_what_the_door_would_not_take_is_refused_before_it_is_sent(
    came: Thread, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with enter(Scope.system("test")):
        appeal = Appeal.objects.get(pk=came.appeal_id)
    CHAT.check(appeal, Answer(text="а" * 20_000))
    with pytest.raises(ChannelRefused, match="20000"):
        CHAT.check(appeal, Answer(text="а" * 20_001))
    by_hand = CarrierOfDoors("email")
    by_hand.check(appeal, Answer(text="а" * 20_001))
    assert (CHAT.carries(appeal), by_hand.carries(appeal)) == (True, False)


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


PDF = b"%PDF-1.4\n" + b"%" * 900 + b"\n%%EOF\n"


@pytest.fixture
def file(came: Thread, cast: SimpleNamespace) -> File:
    assert came.appeal_id is not None
    with enter(cast.alina.scope):
        appeals.take(came.appeal_id, by=cast.alina)
        return appeals.add_file(came.appeal_id, name="выписка.pdf", content=PDF, by=cast.alina)


def drafted(appeal: Any, cast: SimpleNamespace, **more: Any) -> Answer:
    with enter(cast.alina.scope):
        return appeals.prepare_answer(appeal, text=WORDS, by=cast.alina, **more)


def sent(draft: Answer, cast: SimpleNamespace) -> None:
    with enter(cast.alina.scope):
        appeals.send_answer(draft.pk, channel="chat", by=cast.alina)
    chain_batch()


@pytest.fixture
def carried(came: Thread, file: File, monkeypatch: pytest.MonkeyPatch) -> File:
    """The journal asks the door of every answer by chat, as it does of mailboxes and messengers."""
    monkeypatch.setitem(channels._carriers, Channel.CHAT, CHAT)
    return file


def test_files_and_the_letter_leave_with_the_answer(carried: File, cast: Any, carrier: type[Carrier]) -> None:
    draft = drafted(carried.appeal_id, cast, enclosed=[carried.pk], with_letter=True)
    sent(draft, cast)
    assert not Message.objects.filter(pk=draft.pk).exists(), "the chain waits for no paper"
    assert services.take_up_left() == 1
    services.deliver(draft.pk)
    (leaving,) = [given for given in carrier.given if given.reference == draft.pk]
    letter, added = leaving.files
    number = Appeal.objects.get(pk=carried.appeal_id).number
    assert (letter.name, letter.content[:4], letter.content_type) == (f"Ответ {number}.pdf", b"%PDF", "application/pdf")
    assert (added.name, added.content) == ("выписка.pdf", PDF)


def test_a_file_alone_leaves_at_once(carried: File, cast: Any) -> None:
    draft = drafted(carried.appeal_id, cast, enclosed=[carried.pk])
    sent(draft, cast)
    assert [row.name for row in Message.objects.get(pk=draft.pk).files.all()] == ["выписка.pdf"]


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (FileLimits(1, 2_000, 3_000), "самое большее 1 файл с одним ответом, у вас 2"),
        (FileLimits(3, 800, 3_000), "Файл «выписка.pdf» больше 800"),
        (FileLimits(3, 2_000, 900), "Файлы вместе больше 900"),
    ],
)
def test_what_the_door_cannot_carry_is_said_before(
    carried: File, cast: Any, limits: FileLimits, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Carrier, "files", limits)
    draft = drafted(carried.appeal_id, cast, enclosed=[carried.pk], with_letter=True)
    with pytest.raises(ChannelRefused) as refused:
        sent(draft, cast)
    assert words in refused.value.sentence.replace("\u00a0", " ")


def test_a_file_taken_off_the_card_does_not_leave(
    carried: File, cast: Any, carrier: type[Carrier], monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = drafted(carried.appeal_id, cast, enclosed=[carried.pk])
    with monkeypatch.context() as deaf:
        deaf.setattr("opora.doors.services.hear", lambda events: None)
        sent(draft, cast)
    with enter(cast.alina.scope):
        appeals.remove_file(carried.pk, why="Не тот файл.", by=cast.alina)
    assert services.take_up_left() == 0
    assert state(draft) == "failed"
    assert Event.objects.filter(kind="delivery_failed", text__contains="выписка.pdf").exists()
    with enter(cast.alina.scope), pytest.raises(ChannelRefused, match="убрали с карточки"):
        CHAT.check(Appeal.objects.get(pk=carried.appeal_id), Answer(text=WORDS, enclosed=[str(carried.pk)]))


def test_a_notice_leaves_by_the_door_and_the_letter_to_the_authority_does_not(
    came: Thread, cast: SimpleNamespace, carrier: type[Carrier]
) -> None:
    assert came.appeal_id is not None
    said = {"cover_text": "Направляем по компетенции.", "notice_text": "Ваше обращение направлено в Минздрав."}
    with enter(cast.boris.scope):
        appeals.forward(came.appeal_id, outside="authority", to_name="Минздрав", **said, by=cast.boris)
    chain_batch()
    notice = Answer.objects.get(kind="notice")
    assert Message.objects.filter(direction="out").latest("received_at").pk == notice.pk
    services.deliver(notice.pk)
    services.delivered(notice.pk, Told.DELIVERED, at=timezone.now())
    assert state(notice) == "delivered"
    assert [given.text for given in carrier.given if given.text in said.values()] == [said["notice_text"]]
