"""What comes is stored once, in its own thread, whatever the order and however often it is brought."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opora.access.scope import enter
from opora.appeals.models import Appeal, File
from opora.doors import codes, rules, services, tasks
from opora.doors.errors import NoTerm
from opora.doors.models import Delivery, Door, Message, MessageFile, Thread
from opora.doors.shapes import Attached, Incoming, Kind
from opora.doors.words import Kind as DoorKind
from opora.doors.words import State

type Told = Callable[..., Incoming]


def test_a_message_opens_a_thread_that_waits(doors: SimpleNamespace, told: Told) -> None:
    received = services.receive(doors.site, told())
    assert received.is_new
    assert received.thread is not None
    assert (received.thread.state, received.thread.correspondent) == (State.WAITING, "polina@example.ru")
    assert received.message.text == "Как получить полис?"


def test_the_same_again_is_the_same(doors: SimpleNamespace, told: Told) -> None:
    first, again = services.receive(doors.site, told()), services.receive(doors.site, told(text="другое"))
    assert not again.is_new
    assert again.message.pk == first.message.pk
    assert again.code == first.code
    assert Message.objects.count() == Thread.objects.count() == 1


def test_a_subject_line_glues_nothing(doors: SimpleNamespace, told: Told) -> None:
    for number in range(3):
        services.receive(doors.site, told(f"m-{number}", subject="Re: Вопрос"))
    assert Thread.objects.count() == 3


def test_a_reply_to_ours_comes_into_its_thread(doors: SimpleNamespace, told: Told, cast: SimpleNamespace) -> None:
    thread = services.receive(doors.site, told()).thread
    ours = services.reply(thread, "В офисе.", by=cast.alina)
    back = services.receive(doors.site, told("m-2", "Спасибо", reply_to=ours.external_id))
    assert back.thread == thread
    assert back.thread is not None
    assert back.thread.state == State.WAITING


def test_a_reply_from_another_address_is_another_talk(doors: Any, told: Told, cast: SimpleNamespace) -> None:
    thread = services.receive(doors.site, told()).thread
    ours = services.reply(thread, "В офисе.", by=cast.alina)
    other = services.receive(doors.site, told("m-2", reply_to=ours.external_id, sender="other@example.ru"))
    assert other.thread != thread


def test_a_signed_token_leads_home_and_a_forged_one_does_not(doors: SimpleNamespace, told: Told) -> None:
    thread = services.receive(doors.site, told()).thread
    assert thread is not None
    token = codes.token(thread.pk)
    assert services.receive(doors.site, told("m-2", reply_to=token)).thread == thread
    forged = ("a" if token[0] != "a" else "b") + token[1:]
    assert services.receive(doors.site, told("m-3", reply_to=forged)).thread != thread


def test_a_token_of_another_door_leads_nowhere(doors: SimpleNamespace, told: Told) -> None:
    thread = services.receive(doors.beta, told()).thread
    assert thread is not None
    assert services.receive(doors.site, told("m-2", reply_to=codes.token(thread.pk))).thread != thread


@pytest.mark.parametrize("kind", [Kind.AUTO_REPLY, Kind.BOUNCE])
def test_a_machine_opens_nothing(doors: SimpleNamespace, told: Told, kind: Kind) -> None:
    received = services.receive(doors.site, told(kind=kind))
    assert received.thread is None
    assert Message.objects.count() == 1
    assert not Thread.objects.exists()


def test_an_answering_machine_wakes_nobody(doors: SimpleNamespace, told: Told, cast: SimpleNamespace) -> None:
    thread = services.receive(doors.site, told()).thread
    ours = services.reply(thread, "В офисе.", by=cast.alina)
    services.receive(doors.site, told("auto", kind=Kind.AUTO_REPLY, reply_to=ours.external_id))
    thread.refresh_from_db()
    assert thread.state == State.ANSWERED
    assert thread.messages.count() == 3


def test_a_returned_letter_says_so_on_ours(doors: SimpleNamespace, told: Told, cast: SimpleNamespace) -> None:
    thread = services.receive(doors.site, told()).thread
    ours = services.reply(thread, "В офисе.", by=cast.alina)
    Delivery.objects.update(state="sent")
    services.receive(doors.site, told("dsn", kind=Kind.BOUNCE, reply_to=ours.external_id, meta={"code": "5.1.1"}))
    delivery = Delivery.objects.get(pk=ours.pk)
    assert delivery.state == "failed"
    assert "5.1.1" in delivery.why


def test_what_an_employee_has_taken_stays_hers(doors: SimpleNamespace, told: Told, cast: SimpleNamespace) -> None:
    thread = services.receive(doors.chat, told(meta={"thread": "42"})).thread
    services.take(thread.pk, by=cast.alina)
    again = services.receive(doors.chat, told("m-2", meta={"thread": "42"})).thread
    assert again is not None
    assert (again.pk, again.state, again.owner) == (thread.pk, State.TAKEN, cast.alina)


def test_files_are_kept_and_the_refused_say_why(doors: SimpleNamespace, told: Told) -> None:
    files = [
        Attached("скан.pdf", b"%PDF-1.7 x"),
        Attached("../../a.exe", b"MZ"),
        Attached("большой.pdf", refused="Велик."),
    ]
    services.receive(doors.site, told(files=files))
    kept = list(MessageFile.objects.all())
    assert [file.name for file in kept] == ["скан.pdf", "a.exe", "большой.pdf"]
    assert kept[0].sha256
    assert not kept[0].refused
    assert "не принимаются" in kept[1].refused
    assert kept[2].refused == "Велик."


def test_bad_signs_and_a_flood_of_text_are_cut(doors: SimpleNamespace, told: Told) -> None:
    received = services.receive(doors.site, told("\x00m", "а\x00\ud800" + "б" * 200_000, subject="a\r\nBcc: x\u202e"))
    assert len(received.message.text) == rules.LONGEST_TEXT
    assert "сохранено начало" in received.message.note
    assert received.message.subject == "a Bcc: x"


def test_a_message_stays_as_it_was(doors: SimpleNamespace, told: Told) -> None:
    services.receive(doors.site, told())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in (
        "UPDATE doors_message SET text = ''",
        "DELETE FROM doors_message",
        "TRUNCATE doors_message CASCADE",
    ):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_is_old_is_forgotten_with_everything(doors: SimpleNamespace, told: Told, cast: SimpleNamespace) -> None:
    thread = services.receive(doors.site, told(files=[Attached("a.pdf", b"%PDF-1")])).thread
    services.reply(thread, "В офисе.", by=cast.alina)
    young = services.receive(doors.site, told("m-2")).thread
    services.receive(doors.site, told("auto", kind=Kind.AUTO_REPLY))
    assert services.forget() == 0
    Thread.objects.filter(pk=thread.pk).update(forget_at=timezone.now() - timedelta(seconds=1))
    assert services.forget() == 2
    assert list(Thread.objects.all()) == [young]
    assert not MessageFile.objects.exists()


@pytest.mark.parametrize("kind", DoorKind.values)
def test_each_kind_of_door_has_its_terms(kind: str) -> None:
    now, kept = timezone.now(), rules.KEPT[kind]
    found = [
        rules.forget_at(kind, state, has_appeal=has, last_at=now) - now
        for state, has in (("closed", False), ("waiting", False), ("registered", True))
    ]
    assert found == [kept.closed, kept.contact, kept.appeal]
    assert all(timedelta(0) < one for one in found)


def test_a_kind_without_a_term_takes_nothing(doors: SimpleNamespace, told: Told, monkeypatch: Any) -> None:
    monkeypatch.delitem(rules.KEPT, doors.site.kind)
    with pytest.raises(NoTerm):
        services.receive(doors.site, told())
    assert not Message.objects.exists()


def test_what_the_worker_forgets_is_gone_whatever_door_it_came_by(
    doors: SimpleNamespace, told: Told, place: SimpleNamespace
) -> None:
    for kind in DoorKind.values:
        door = Door.objects.create(organisation=place.alfa, kind=kind, slug=f"of-{kind}", title=kind)
        services.receive(door, told(f"{kind}-1"))
    Thread.objects.update(forget_at=timezone.now() - timedelta(seconds=1))
    tasks.forget(timestamp=0)
    assert (Thread.objects.count(), Message.objects.count()) == (0, 0)


def test_the_code_is_found_and_nothing_else_is(doors: SimpleNamespace, told: Told, settings: Any) -> None:
    received = services.receive(doors.site, told())
    assert received.thread is not None
    assert received.code not in str(Thread.objects.values().get())
    find = Thread.objects.filter(code_digest__in=codes.digests(received.code.lower().replace("-", " ")))
    assert find.get() == received.thread
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert Thread.objects.filter(code_digest__in=codes.digests(received.code)).exists()
    assert services.receive(doors.site, told()).code == received.code
    assert not Thread.objects.filter(code_digest__in=codes.digests("22222-22222")).exists()


def test_the_rule_appeal_registers_at_once(doors: Any, told: Told, topics: Any, polina: Any) -> None:
    message = told(person=polina, identified=True, files=[Attached("a.pdf", b"%PDF-1")])
    thread = services.receive(doors.quick, message).thread
    assert thread is not None
    assert thread.appeal_id is not None
    appeal = Appeal.objects.get(pk=thread.appeal_id)
    assert (appeal.channel, appeal.topic.code, appeal.standing) == ("internet", "t-insurer", "identified")
    assert File.objects.filter(appeal=appeal).count() == 1
    assert (thread.state, thread.waiting_since) == (State.REGISTERED, None)
    services.register_at_once(thread.pk)
    assert Appeal.objects.count() == 1


def test_what_cannot_be_registered_waits_and_says_why(doors: SimpleNamespace, told: Told, topics: Any) -> None:
    thread = services.receive(doors.quick, told(meta={"topic": "no-such"})).thread
    assert thread is not None
    assert (thread.state, thread.appeal_id, thread.is_decided) == (State.WAITING, None, True)
    assert "теме" in thread.undecided_why


def test_what_nobody_lived_to_decide_is_decided_later(doors: Any, told: Told, topics: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("opora.doors.services.deciding.register_at_once", lambda key: None)
    thread = services.receive(doors.quick, told()).thread
    monkeypatch.undo()
    assert thread is not None
    assert not thread.is_decided
    assert services.decide_left() == 0
    Thread.objects.update(opened_at=timezone.now() - timedelta(minutes=2))
    assert services.decide_left() == 1
    assert Appeal.objects.count() == 1


@pytest.mark.parametrize(("who", "sees"), [("alina", True), ("filial", False), ("vera", False), ("op1", False)])
def test_whose_letters_are_whose(doors: Any, told: Told, cast: Any, who: str, sees: bool) -> None:
    services.receive(doors.site, told(files=[Attached("a.pdf", b"%PDF-1")]))
    employee = getattr(cast, who)
    assert Thread.objects.accessible_to(employee).exists() is sees
    with enter(employee.scope):
        assert Thread.objects.exists() is Message.objects.exists() is MessageFile.objects.exists()
        assert Thread.objects.exists() is sees  # the second belt


type Step = tuple[int, int, bool]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_and_repeats_give_the_same_threads(doors: Any, told: Told, cast: Any, data: st.DataObject) -> None:
    """Letters of two people: new ones, replies to ours, words in a conversation the platform numbers."""

    def brought(order: list[int], ours: str) -> set[frozenset[str]]:
        for number in order:
            who = f"person{number % 2}@example.ru"
            more: dict[str, Any] = {"reply_to": ours} if number % 3 == 1 else {}
            if number % 3 == 2:
                more = {"meta": {"thread": str(number % 4)}}
            services.receive(doors.chat, told(f"m-{number}", sender=who, **more))
        threads: dict[Any, set[str]] = {}
        for thread, name in Message.objects.filter(direction="in").values_list("thread", "external_id"):
            threads.setdefault(thread, set()).add(name)
        return {frozenset(names) for names in threads.values()}

    def run(order: list[int]) -> set[frozenset[str]]:
        with transaction.atomic():
            first = services.receive(doors.chat, told("first", sender="person1@example.ru")).thread
            ours = services.reply(first, "Ответ", by=cast.alina).external_id
            found = brought(order, ours)
            transaction.set_rollback(True)
        return found

    numbers = list(range(9))
    order = data.draw(st.permutations(numbers))
    repeats = data.draw(st.lists(st.sampled_from(numbers), max_size=6))
    assert run([*order, *repeats]) == run(numbers)
    assert isinstance(doors.chat, Door)
