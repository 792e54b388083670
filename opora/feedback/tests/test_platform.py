"""The platform dies, repeats itself, speaks nonsense: each message once, each answer once or said to be unknown."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.adapters.poshouse.server import PosServer
from opora.appeals.models import Appeal
from opora.doors.models import Door, Thread
from opora.doors.services import decide_left, deciding, receiving
from opora.feedback import ports, services
from opora.feedback.models import Errand, PosMessage, Step
from opora.feedback.services import fetching


def again(door: Door) -> Door:
    return Door.objects.select_related("organisation__territory", "organisation__parent").get(pk=door.pk)


def test_a_message_brought_again_is_the_same(pos: PosServer, door: Door, write: Any, monkeypatch: Any) -> None:
    for _ in range(3):
        write()
    taken = fetching.take_in

    def die(door: Door, change: ports.Change) -> bool:
        found = taken(door, change)
        if change.cursor == "2":
            raise KeyboardInterrupt  # folded, its place not yet kept
        return found

    monkeypatch.setattr(fetching, "take_in", die)
    with pytest.raises(KeyboardInterrupt):
        services.fetch_door(door)
    monkeypatch.setattr(fetching, "take_in", taken)
    assert services.fetch_door(again(door)) == 1
    assert PosMessage.objects.count() == Appeal.objects.count() == 3
    Door.objects.update(progress={})
    assert services.fetch_door(again(door)) == 0


def test_what_was_stored_and_not_decided_is_registered_later(door: Door, write: Any, monkeypatch: Any) -> None:
    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    write()
    monkeypatch.setattr(receiving.deciding, "register_at_once", die)
    with pytest.raises(KeyboardInterrupt):
        services.fetch_door(door)
    monkeypatch.undo()
    assert not PosMessage.objects.exists()
    Thread.objects.update(opened_at=timezone.now() - deciding.LEFT - timedelta(seconds=1))
    assert decide_left() == 1
    assert services.fetch_door(again(door)) == 0
    assert PosMessage.objects.count() == 1


def test_what_no_topic_fits_waits_among_letters(door: Door, write: Any) -> None:
    Door.objects.update(topic="нет", settings={"address": door.settings["address"]})
    write()
    services.fetch_door(again(door))
    assert "нет темы" in Thread.objects.get().undecided_why
    assert not PosMessage.objects.exists()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_broken_line_is_honest_and_the_news_mends_it(pos: PosServer, door: Door, answered: Any, when: str) -> None:
    pos.troubles = [when]
    services.carry_due()
    answered.refresh_from_db()
    assert (answered.stage, Errand.objects.get().state) == ("approved", "failed")
    assert "неизвестно, ушло ли" in answered.trouble
    assert services.carry_due() == 0
    services.fetch_door(door)
    answered.refresh_from_db()
    left = pos.platform.messages[answered.external_id]["answers"]
    if when == "after":  # the platform says itself that it has the answer
        assert (answered.stage, answered.trouble, Appeal.objects.get().stage) == ("answered", "", "closed")
    else:
        assert (answered.stage, left) == ("approved", [])


def test_an_employee_sends_it_again_once(pos: PosServer, door: Door, answered: Any, cast: SimpleNamespace) -> None:
    pos.troubles = ["before"]
    services.carry_due()
    services.send_again(answered.pk, by=cast.boris)
    services.carry_due()
    services.fetch_door(door)
    answered.refresh_from_db()
    assert answered.stage == "answered"
    assert len(pos.platform.messages[answered.external_id]["answers"]) == 1


def test_sent_again_by_mistake_it_is_refused_and_the_first_one_counts(
    pos: Any, door: Any, answered: Any, cast: Any
) -> None:
    pos.troubles = ["after"]
    services.carry_due()
    services.send_again(answered.pk, by=cast.boris)
    services.carry_due()
    answered.refresh_from_db()
    assert "уже ответили" in answered.trouble
    services.fetch_door(door)
    answered.refresh_from_db()
    assert (answered.stage, answered.trouble) == ("answered", "")
    assert len(pos.platform.messages[answered.external_id]["answers"]) == 1


def test_a_worker_killed_while_carrying_carries_no_second(pos: Any, answered: Any, monkeypatch: Any) -> None:
    class Dying:
        limits = ports.Limits(4000, 5, 1, ("pdf",))

        def answer(self, *_: Any) -> Any:
            raise KeyboardInterrupt

    monkeypatch.setattr(ports, "gateway_of", Dying)
    with pytest.raises(KeyboardInterrupt):
        services.carry_due()
    monkeypatch.undo()
    assert services.carry_due() == 0
    Errand.objects.update(started_at=timezone.now() - timedelta(hours=1))
    assert services.carry_due() == 0
    answered.refresh_from_db()
    assert "неизвестно" in answered.trouble
    assert not pos.given


def test_not_now_is_tried_again(pos: PosServer, answered: Any) -> None:
    pos.troubles = [(503, "")]
    services.carry_due()
    row = Errand.objects.get()
    assert (row.state, row.attempts) == ("sending", 1)
    assert services.carry_due() == 0
    Errand.objects.update(next_at=timezone.now())
    assert services.carry_due() == 1
    assert Errand.objects.get().state == "sent"


def test_a_refused_answer_may_be_reworked(pos: PosServer, answered: Any, cast: SimpleNamespace) -> None:
    pos.troubles = [(422, '{"code": "rude", "message": "Ответ не по существу"}')]
    services.carry_due()
    answered.refresh_from_db()
    assert answered.trouble == "Не принято: Ответ не по существу"
    services.return_answer(answered.pk, "Ответьте по существу.", by=cast.boris)
    services.prepare(answered.pk, "По существу.", outcome="consulted", by=cast.sp2)


def test_an_answer_the_operator_does_not_show_comes_back(pos: PosServer, door: Door, answered: Any) -> None:
    pos.platform.moderates = True
    services.carry_due()
    pos.platform.reject(answered.external_id, "Нет подписи")
    services.fetch_door(door)
    answered.refresh_from_db()
    appeal = Appeal.objects.get()
    assert (answered.stage, appeal.stage, appeal.answered_at) == ("work", "in_work", None)
    assert "Нет подписи" in answered.trouble


def test_lines_in_any_order_and_twice_change_nothing(pos: PosServer, door: Door, answered: Any) -> None:
    services.carry_due()
    pos.platform.rate(answered.external_id, 5)
    lines = pos.platform.changes[1:]
    pos.platform.changes = [pos.platform.changes[0], *reversed(lines), *lines]
    for place, line in enumerate(pos.platform.changes, start=1):
        pos.platform.changes[place - 1] = dict(line, cursor=str(place))
    assert services.fetch_door(again(door)) == 2
    answered.refresh_from_db()
    assert (answered.rating, Appeal.objects.get().stage) == (5, "closed")
    assert Step.objects.filter(kind__in=["rated", "published"]).count() == 2


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, "<html>", "непонятно"),
        (200, "[]", "непонятно"),
        (200, '{"changes": 5}', "непонятно"),
        (200, '{"changes": [{"id": "c1"}]}', "непонятно"),
        (401, "{}", "ключ"),
        (403, "", "ключ"),
        (500, "", "не отвечают"),
        (404, "", "непонятно"),
    ],
)
def test_nonsense_changes_nothing(pos: Any, door: Door, write: Any, status: int, body: str, words: str) -> None:
    write()
    pos.troubles = [(status, body)]
    assert services.fetch_door(door) == 0
    assert words in Door.objects.get().trouble
    assert services.fetch_door(again(door)) == 1
    assert Door.objects.get().trouble == ""


@pytest.mark.parametrize(
    "spoil",
    [
        {"type": "poll"},
        {"body": {"text": 5}},
        {"body": {"text": " "}},
        {"body": {"text": "Да", "citizen": {"birthDate": "31.02"}}},
        {"body": {"text": "Да", "citizen": "Иванов"}},
        {"body": {"text": "Да", "track": "lightning"}},
        {"at": "вчера"},
        {"message": "../../x"},
        {"type": "rating", "body": {"score": True}},
    ],
)
def test_one_bad_line_holds_up_no_other(pos: PosServer, door: Door, write: Any, spoil: dict[str, Any]) -> None:
    write()
    pos.platform.changes[0] |= spoil
    write()
    assert services.fetch_door(door) == 1
    assert len(Door.objects.get().progress["unread"]) == 1
    assert PosMessage.objects.get().external_id == "POS-000002"


def test_news_of_a_message_nobody_has_is_passed_over(pos: PosServer, door: Door, write: Any) -> None:
    number = write()
    pos.platform.answer(number, {"reference": "0" * 32, "text": "Чужой ответ"})
    pos.platform.changes.pop(0)
    pos.platform.changes[0] |= {"cursor": "1"}
    assert services.fetch_door(door) == 0
    assert Door.objects.get().trouble == ""


def test_a_platform_that_is_away(door: Door, answered: Any) -> None:
    Door.objects.update(settings={**door.settings, "address": "http://127.0.0.1:1"})
    assert services.fetch_door(again(door)) == 0
    assert "не отвечают" in Door.objects.get().trouble
    services.carry_due()
    assert Errand.objects.get().state == "sending"
