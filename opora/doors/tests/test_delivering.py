"""An answer leaves once, its fate is known, and what may have left is never sent again by the program."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from django.conf import settings as configured
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.appeals.store import place_of
from opora.channels.ports import Accepted, Answer, Refused, Unanswered
from opora.channels.words import State as Told
from opora.doors import errors, services
from opora.doors.models import Delivery, Door, Message, Thread
from opora.doors.ports import FileLimits, Leaving
from opora.doors.shapes import Attached, Incoming


class Carrier:
    """A door of tests: it answers what it was told to."""

    given: ClassVar[list[Leaving]] = []
    answer: ClassVar[Callable[[UUID], Answer]]
    files = FileLimits(most=3, largest=2_000, whole=3_000)

    def send(self, leaving: Leaving) -> Answer:
        Carrier.given.append(leaving)
        return Carrier.answer(leaving.reference)

    def our_id(self, door: Door, reference: UUID) -> str:
        return f"ours-{reference.hex}"


@pytest.fixture
def carrier(settings: Any) -> type[Carrier]:
    settings.PORTS = {**configured.PORTS, "doors.chat": f"{__name__}.Carrier"}
    Carrier.given = []
    Carrier.answer = lambda reference: Accepted(reference, ("1",))
    return Carrier


@pytest.fixture
def thread(doors: SimpleNamespace, told: Callable[..., Incoming]) -> Thread:
    found = services.receive(doors.chat, told()).thread
    assert found is not None
    return found


@pytest.fixture
def ours(carrier: Any, thread: Thread, cast: SimpleNamespace) -> Message:
    return services.reply(thread, "В офисе на Ленина.", by=cast.alina)


def test_an_answer_leaves_once(ours: Message, carrier: type[Carrier]) -> None:
    assert Delivery.objects.get().state == "sending"
    for _ in range(2):
        services.deliver(ours.pk)
    (given,) = carrier.given
    assert (given.to, given.text, given.answers) == ("polina@example.ru", "В офисе на Ленина.", "m-1")
    assert ours.external_id == f"ours-{ours.pk.hex}"
    assert Delivery.objects.get().state == "sent"


def test_a_place_one_looks_at_needs_no_carrier(doors: Any, told: Any, cast: SimpleNamespace) -> None:
    message = services.reply(services.receive(doors.site, told()).thread, "В офисе.", by=cast.alina)
    services.deliver(message.pk)
    assert Delivery.objects.get().state == "delivered"


@pytest.mark.parametrize(
    ("said", "becomes"), [(Told.DELIVERED, "delivered"), (Told.UNDELIVERABLE, "failed"), (Told.ENROUTE, "sent")]
)
def test_what_the_provider_says_is_folded(ours: Message, said: Told, becomes: str) -> None:
    services.deliver(ours.pk)
    assert services.delivered(ours.pk, said, at=timezone.now())
    assert Delivery.objects.get().state == becomes
    assert not services.delivered(uuid4(), said, at=timezone.now())


def test_a_late_return_does_not_undo_a_delivery(ours: Message) -> None:
    services.deliver(ours.pk)
    for told in (Told.DELIVERED, Told.EXPIRED):
        services.delivered(ours.pk, told, at=timezone.now())
    assert Delivery.objects.get().state == "delivered"


def test_a_refusal_of_the_moment_is_tried_again(ours: Message, carrier: type[Carrier]) -> None:
    carrier.answer = lambda reference: Refused(reference, "451", is_permanent=False)
    services.deliver(ours.pk)
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.started_at) == ("sending", 1, None)
    assert row.next_at > timezone.now()
    assert services.deliver_due() == 0
    Delivery.objects.update(next_at=timezone.now())
    carrier.answer = lambda reference: Accepted(reference, ("1",))
    assert services.deliver_due() == 1
    assert Delivery.objects.get().state == "sent"


def test_a_refusal_for_good_says_why_and_may_be_sent_again(ours: Any, carrier: Any, cast: SimpleNamespace) -> None:
    carrier.answer = lambda reference: Refused(reference, "550", is_permanent=True, words="No such user")
    services.deliver(ours.pk)
    assert Delivery.objects.get().why == "Не принято: No such user"
    services.send_again(ours, by=cast.alina)
    with pytest.raises(errors.NotFailed):
        services.send_again(ours, by=cast.alina)


def test_what_may_have_left_is_not_sent_again(ours: Message, carrier: type[Carrier]) -> None:
    carrier.answer = lambda reference: Unanswered(reference, "lost")
    services.deliver(ours.pk)
    row = Delivery.objects.get()
    assert row.state == "failed"
    assert "неизвестно" in row.why
    assert services.deliver_due() == 0


def test_a_worker_killed_while_sending_sends_no_second(ours: Message, carrier: type[Carrier]) -> None:
    def die(reference: UUID) -> Answer:
        raise KeyboardInterrupt

    carrier.answer = die
    with pytest.raises(KeyboardInterrupt):
        services.deliver(ours.pk)
    assert services.deliver(ours.pk) is None
    Delivery.objects.update(started_at=timezone.now() - timedelta(hours=1))
    assert services.deliver_due() == 0
    assert (Delivery.objects.get().state, len(carrier.given)) == ("failed", 1)


def test_a_broken_file_holds_up_no_other_answer(thread: Thread, carrier: Any, cast: Any, doors: Any, told: Any) -> None:
    broken = services.reply(thread, "С файлом.", by=cast.alina, files=[Attached("a.pdf", b"%PDF-1 broken")])
    place_of(broken.files.get().sha256).unlink()
    whole = services.reply(services.receive(doors.chat, told("m-2")).thread, "Без файла.", by=cast.alina)
    assert services.deliver_due() == 1
    assert [Delivery.objects.get(pk=one.pk).state for one in (broken, whole)] == ["failed", "sent"]


def test_two_who_answer_at_once(thread: Thread, cast: SimpleNamespace) -> None:
    services.reply(thread, "Первый.", by=cast.alina, version=thread.version)
    with pytest.raises(errors.ThreadChanged):
        services.reply(thread, "Второй.", by=cast.sp2, version=thread.version)


@pytest.mark.parametrize(("text", "refusal"), [("  ", errors.WordsNeeded), ("я" * 20_001, errors.TextTooLong)])
def test_what_is_no_answer(thread: Thread, cast: SimpleNamespace, text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        services.reply(thread, text, by=cast.alina)
    assert Message.objects.filter(direction="out").count() == 0


def test_who_may_not_answer(thread: Thread, cast: SimpleNamespace) -> None:
    with pytest.raises(RightMissing):
        services.reply(thread, "Нет.", by=cast.timur)
    with pytest.raises(errors.NoSuchThread):
        services.reply(thread, "Нет.", by=cast.vera)


def test_a_closed_door_answers_nothing(thread: Thread, cast: SimpleNamespace) -> None:
    Door.objects.update(is_active=False)
    with pytest.raises(errors.NoWayBack):
        services.reply(thread, "Нет.", by=cast.alina)


def test_taking_closing_and_opening_again(thread: Thread, cast: SimpleNamespace) -> None:
    services.take(thread.pk, by=cast.alina)
    with pytest.raises(errors.TakenByColleague):
        services.take(thread.pk, by=cast.sp2)
    services.take(thread.pk, by=cast.sp2, over=True)
    with pytest.raises(errors.WordsNeeded):
        services.close(thread.pk, " ", by=cast.sp2)
    assert services.close(thread.pk, "Реклама", by=cast.sp2).closed_why == "Реклама"
    with pytest.raises(errors.ThreadClosed):
        services.take(thread.pk, by=cast.alina)
    assert services.reopen(thread.pk, by=cast.alina).state == "taken"
    with pytest.raises(errors.NotClosed):
        services.reopen(thread.pk, by=cast.alina)


def test_naming_a_stranger(thread: Thread, cast: Any, polina: Any, told: Any, doors: Any) -> None:
    assert services.name_person(thread.pk, polina.pk, by=cast.alina).person == polina
    theirs = services.receive(doors.beta, told("b")).thread
    with pytest.raises(errors.NotThisPerson):
        services.name_person(theirs.pk, polina.pk, by=cast.vera)
    with pytest.raises(errors.NoSuchAppeal):
        services.link(thread.pk, "54001-26-000001", is_applicants=True, by=cast.alina)
