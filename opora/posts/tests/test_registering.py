"""Envelopes wait, sealed and in their order, and each becomes an appeal once, whoever dies and whatever is broken."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals.models import Appeal, ApprovalRule
from opora.audit.models import AuditLine
from opora.organisations.models import Assignment, Post
from opora.posts import queries, registering, taking
from opora.posts.envelopes import Envelope
from opora.posts.matters import in_trouble
from opora.posts.models import LATE, Arrival, Record, Seal
from opora.posts.tests.test_taking import QUESTION, closed, post, seal, sent_in

__all__ = ["post", "seal"]  # fixtures
A_DAY = timedelta(days=1)


@pytest.fixture
def batch(seal: Seal) -> list[Envelope]:
    at = timezone.now().isoformat()
    return [closed({**QUESTION, "at": at, "text": f"Вопрос {number}"}, seal) for number in range(5)]


def told(by: Any, batch: list[Envelope]) -> list[str]:
    return [one.state for one in sent_in([], by, asks=[one.key for one in batch])]


def test_a_batch_waits_sealed_and_is_registered_in_its_order(
    cast: SimpleNamespace, batch: list[Envelope], post: Post
) -> None:
    first, again = (sent_in(batch, cast.alina, post=post) for _ in range(2))
    assert {one.state for one in first} == {"waiting"}
    assert first == again
    assert [one.key for one in Arrival.objects.all()] == [one.key for one in batch]
    assert AuditLine.objects.filter(action="posts.take").count() == 1
    assert not Record.objects.exists()

    assert registering.register_waiting(rest=0) is False

    assert list(Appeal.objects.order_by("number").values_list("content__text", flat=True)) == [
        f"Вопрос {number}" for number in range(5)
    ]
    assert not Arrival.objects.exists()
    assert [one.number for one in sent_in(batch, cast.alina)] == list(
        Appeal.objects.order_by("number").values_list("number", flat=True)
    )
    assert not Arrival.objects.exists()


def test_where_answers_are_approved_first_it_stays_open_with_the_answer(
    cast: SimpleNamespace, place: SimpleNamespace, batch: list[Envelope]
) -> None:
    ApprovalRule.objects.create(organisation=place.alfa, kind="consultation", is_needed=True)
    sent_in(batch[:1], cast.alina)
    registering.register_waiting(rest=0)
    appeal = Appeal.objects.get()
    assert (appeal.stage, appeal.owner, appeal.answers.get().state) == ("in_work", cast.alina, "draft")
    assert appeal.answers.get().text == QUESTION["answer"]
    assert not Record.objects.exclude(trouble="").exists()


def test_taking_asks_the_database_little_whatever_the_size(
    cast: SimpleNamespace, batch: list[Envelope], django_assert_max_num_queries: Any
) -> None:
    with enter(cast.alina.scope), django_assert_max_num_queries(8):
        taking.take(batch, post=None, device_now=timezone.now(), by=cast.alina)


def test_the_worker_is_woken_once_and_a_record_that_comes_meanwhile_does_not_overtake(
    cast: SimpleNamespace, batch: list[Envelope], monkeypatch: pytest.MonkeyPatch
) -> None:
    woken = list[int]()
    monkeypatch.setattr(taking, "wake", lambda: woken.append(1))
    sent_in(batch[:4], cast.alina)
    [one] = sent_in(batch[4:], cast.alina)
    assert one.state == "waiting"
    assert len(woken) == 1


def test_a_worker_that_dies_between_register_and_delete_has_done_nothing(
    cast: SimpleNamespace, batch: list[Envelope], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_in(batch, cast.alina)
    with monkeypatch.context() as patch:

        def die(*_: Any, **__: Any) -> None:
            assert Record.objects.count() == 1
            raise SystemExit

        patch.setattr(Arrival, "delete", die)
        with pytest.raises(SystemExit):
            registering.register_waiting(rest=0)
    assert (Appeal.objects.count(), Record.objects.count(), Arrival.objects.count()) == (0, 0, 5)

    registering.register_waiting(rest=0)
    assert (Appeal.objects.count(), Record.objects.count(), Arrival.objects.count()) == (5, 5, 0)


def test_an_envelope_the_program_cannot_cope_with_holds_up_no_other(
    cast: SimpleNamespace, batch: list[Envelope], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_in(batch, cast.alina)
    with monkeypatch.context() as patch:
        whole = registering.register_answered

        def stumble(new: Any, **more: Any) -> Any:
            if new.text == "Вопрос 1":
                raise RuntimeError("a fault of ours")
            return whole(new, **more)

        patch.setattr(registering, "register_answered", stumble)
        registering.register_waiting(rest=0)
        arrival = Arrival.objects.get()
        assert (arrival.key, arrival.tries) == (batch[1].key, 1)
        assert arrival.next_at > timezone.now()
    assert told(cast.alina, batch) == ["accepted"] * 4

    Arrival.objects.update(next_at=timezone.now())
    registering.register_waiting(rest=0)
    assert told(cast.alina, batch) == ["accepted"] * 5


def test_while_batches_come_in_taking_goes_first(
    cast: SimpleNamespace, batch: list[Envelope], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registering, "LOOK", 5)
    sent_in(batch, cast.alina)
    assert registering.register_waiting(rest=0, portion=0.5) is True
    assert Arrival.objects.count() == 5
    Arrival.objects.update(arrived_at=timezone.now() - registering.LULL)
    assert registering.register_waiting(rest=0) is False


def test_broken_envelopes_are_kept_and_others_registered(cast: SimpleNamespace, batch: list[Envelope]) -> None:
    whole = batch[2]
    broken = Envelope(whole.key, whole.seal, whole.point, b"", whole.text)
    sent_in([*batch[:2], broken, *batch[3:]], cast.alina)
    registering.register_waiting(rest=0)
    with enter(cast.alina.scope):
        trouble = Record.objects.in_trouble().get()
    assert trouble.key == whole.key
    assert set(trouble.body) == {"sealed"}
    assert Appeal.objects.count() == 4


@pytest.mark.parametrize("wrong", [A_DAY, -A_DAY])
def test_a_clock_wrong_by_a_day_is_reckoned_from_arrival(
    cast: SimpleNamespace, seal: Seal, monkeypatch: pytest.MonkeyPatch, wrong: timedelta
) -> None:
    monkeypatch.setattr(taking, "AT_ONCE", 0)
    arrived = timezone.now() - A_DAY
    talked = arrived - timedelta(days=59, hours=12)  # over sixty days by now, and not when it came
    sent_in([closed({**QUESTION, "at": (talked + wrong).isoformat()}, seal)], cast.alina)
    Arrival.objects.update(arrived_at=arrived, device_now=arrived + wrong)

    registering.register_waiting(rest=0)

    row = Record.objects.get()
    assert row.trouble == ""
    assert (Appeal.objects.get().received_at, row.at, row.received_at) == (talked, talked, arrived)


def test_it_is_registered_as_hers_under_the_assignment_she_sent_it_under(
    cast: SimpleNamespace, place: SimpleNamespace, batch: list[Envelope]
) -> None:
    sent_in(batch, cast.alina)
    Assignment.objects.filter(employee=cast.alina).update(until=timezone.localdate() - 2 * A_DAY)
    registering.register_waiting(rest=0)
    assert set(Record.objects.values_list("employee", "insurer")) == {(cast.alina.pk, place.alfa.pk)}
    assert set(Appeal.objects.values_list("registered_by", "organisation")) == {(cast.alina.pk, place.alfa.pk)}


def test_houses_keep_the_same_key_apart(cast: SimpleNamespace, seal: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "AT_ONCE", 0)
    sealed = closed({**QUESTION, "at": timezone.now().isoformat()}, seal, uuid4())
    for who in (cast.alina, cast.vera, cast.op1):
        assert [one.state for one in sent_in([sealed], who)] == ["waiting"]
    with enter(cast.vera.scope):
        assert Arrival.objects.count() == 1
    with enter(cast.clerk.scope):
        assert not Arrival.objects.exists()
    registering.register_waiting(rest=0)
    assert Appeal.objects.count() == 1
    assert Record.objects.count() == 3


def test_what_waits_is_seen_on_the_page_and_what_waits_long_on_the_desk(
    cast: SimpleNamespace, batch: list[Envelope], signed_in: Any, django_assert_num_queries: Any
) -> None:
    sent_in(batch, cast.alina)
    alina = signed_in("alina")
    page = alina.get("/posts/").content.decode()
    assert "ждут регистрации: 5" in page
    assert "Номера появятся сами" in page
    with enter(cast.alina.scope):
        assert not list(in_trouble(cast.alina))

    Arrival.objects.update(arrived_at=timezone.now() - LATE - timedelta(minutes=1))
    assert "скажите администратору" in alina.get("/posts/").content.decode()
    with enter(cast.alina.scope), django_assert_num_queries(1):
        [matter] = in_trouble(cast.alina)
    assert (matter.state, matter.text[-1]) == ("late", "5")
    with enter(cast.vera.scope):
        assert queries.line(cast.vera).number == 0
        assert not list(in_trouble(cast.vera))


def test_the_day_of_a_tablet_costs_few_questions(
    signed_in: Any, seal: Seal, django_assert_max_num_queries: Any
) -> None:
    alina = signed_in("alina")
    alina.get("/posts/tablet/day.json")
    with django_assert_max_num_queries(16):
        alina.get("/posts/tablet/day.json")
