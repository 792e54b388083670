"""A bot against a server that behaves as the Bot API: each message once, each answer once or said to be unknown."""

import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.adapters.messenger_telegram.tests.botapi import BLOCKED, TOKEN, BotApi
from opora.adapters.messenger_telegram.way import HELLO, parts
from opora.doors import services
from opora.doors.models import Delivery, Door, Message, MessageFile, Thread
from opora.doors.services import fetching
from opora.doors.shapes import Attached

PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(scope="module")
def running() -> Iterator[BotApi]:
    server = BotApi()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def api(running: BotApi) -> BotApi:
    running.updates, running.asked, running.sent = [], [], []
    running.troubles, running.files = {}, {}
    return running


@pytest.fixture
def door(api: BotApi, place: SimpleNamespace) -> Door:
    row = Door(
        organisation=place.alfa, kind="telegram", slug="bot", title="Бот Альфы", address="@alfa_oms_bot",
        settings={"api": api.address}, greeting="Сообщение в мессенджере не обращение по закону.",
    )  # fmt: skip
    row.keep_secrets({"token": TOKEN})
    row.save()
    return row


@pytest.fixture
def ours(api: BotApi, door: Door, cast: SimpleNamespace) -> Message:
    """An answer that waits to be carried away."""
    door.greeting = ""
    api.write("Где мой полис?")
    services.fetch_door(door)
    return services.reply(Thread.objects.get(), "В офисе на Ленина.", by=cast.alina)


def test_a_message_comes_once_and_is_greeted_once(api: BotApi, door: Door) -> None:
    number = api.write("Где мой полис?")
    assert services.fetch_door(door) == 1
    thread = Thread.objects.get()
    assert (thread.key, thread.correspondent, thread.name) == ("777", "777", "Полина (@polina)")
    assert thread.messages.filter(direction="in").get().external_id == f"777:{number}"
    assert services.deliver_due() == 1
    assert [(said["chat_id"], said["text"]) for _, said in api.sent] == [("777", door.greeting)]
    api.write("И когда?")
    assert services.fetch_door(door) == 1
    assert Thread.objects.get().messages.filter(direction="in").count() == 2
    assert services.deliver_due() == 0
    door.refresh_from_db()
    assert (door.trouble, door.progress) == ("", {})


def test_updates_brought_again_after_a_death_are_the_same(api: BotApi, door: Door, monkeypatch: Any) -> None:
    for text in ("раз", "два", "три"):
        api.write(text)
    taken = fetching.take_in

    def die(door: Door, incoming: Any) -> Any:
        found = taken(door, incoming)
        if incoming.text == "два":
            raise KeyboardInterrupt  # stored, and not yet said to be read
        return found

    monkeypatch.setattr(fetching, "take_in", die)
    with pytest.raises(KeyboardInterrupt):
        services.fetch_door(door)
    monkeypatch.setattr(fetching, "take_in", taken)
    again = Door.objects.select_related("organisation__territory").get()
    assert again.progress["offset"] == api.updates[0]["update_id"] + 1
    assert services.fetch_door(again) == 1
    texts = Message.objects.filter(direction="in").order_by("received_at", "pk").values_list("text", flat=True)
    assert list(texts) == ["раз", "два", "три"]
    assert not api.updates  # all confirmed


def test_a_number_of_before_skips_nothing_after_an_idle_week(api: BotApi, door: Door) -> None:
    api.write("давно")
    services.fetch_door(door)
    api.number = 5  # the server counts anew
    api.write("сейчас")
    assert services.fetch_door(door) == 1


def test_news_is_waited_for(api: BotApi, door: Door) -> None:
    later = threading.Timer(0.2, api.write, ["Вы здесь?"])
    began = time.monotonic()
    later.start()
    assert services.fetch_door(door, wait=10) == 1
    assert time.monotonic() - began < 5
    assert api.asked[0]["timeout"] == 10


def test_a_worker_listens_to_open_bots_and_leaves_one_in_trouble(api: BotApi, door: Door, monkeypatch: Any) -> None:
    monkeypatch.setattr(fetching, "BREATH", 0.0)
    monkeypatch.setattr(fetching, "LONGEST_WAIT", 0)
    api.write("раз")
    api.refuse("getUpdates", 409, "Conflict: terminated by other getUpdates request")
    assert services.fetch_all() == 0  # a bot is listened to, not looked into
    assert services.listen_all(1.2) == 0
    door.refresh_from_db()
    assert "ещё одна программа" in door.trouble
    assert services.listen_all(1.2) == 1


def test_what_is_no_talk_with_a_person_opens_nothing(api: BotApi, door: Door) -> None:
    api.write("в группе", kind="supergroup", chat=-100)
    api.write("машина", **{"from": {"id": 5, "is_bot": True, "first_name": "b"}})
    api.updates.append({"update_id": api.number + 1, "poll_answer": {}})
    api.updates.append({"update_id": api.number + 2, "message": {"message_id": "x", "chat": 5}})
    api.number += 2
    api.write("/start")
    assert services.fetch_door(door) == 0
    assert not Message.objects.exists()
    assert [said["text"] for _, said in api.sent] == [HELLO]


def test_files_come_along_and_what_cannot_says_why(api: BotApi, door: Door) -> None:
    api.files = {"docs/d1": PDF, "docs/p1": b"\xff\xd8\xff\xe0" + b"0" * 100 + b"\xff\xd9"}
    api.write(caption="Вот", document={"file_id": "d1", "file_name": "../../акт.pdf", "file_size": len(PDF)})
    api.write(photo=[{"file_id": "p0"}, {"file_id": "p1", "file_size": 104}])
    api.write(video={"file_id": "v1", "file_size": 30_000_000})
    api.write(voice={"file_id": "v2", "file_size": 10})
    api.refuse("getFile", 400, "Bad Request: wrong file_id")
    api.troubles["getFile"].insert(0, (200, {"ok": True, "result": {"file_path": "docs/p1"}}))
    api.troubles["getFile"].insert(0, (200, {"ok": True, "result": {"file_path": "docs/d1"}}))
    assert services.fetch_door(door) == 4
    files = list(MessageFile.objects.order_by("pk").values_list("name", "refused"))
    assert files[0] == ("акт.pdf", "")
    assert files[1][0] == "фото.jpg"
    assert "20 МБ" in files[2][1]
    assert "не отдал" in files[3][1]


def test_odd_words_are_kept_as_words(api: BotApi, door: Door) -> None:
    api.write("<script>alert(1)</script>\u202eтекст", name="<b>Полина\u0000</b>")
    api.write(sticker={"emoji": "🙂"})
    api.updates.append({"update_id": api.number + 1, "edited_message": dict(api.updates[0]["message"], edit_date=5)})
    assert services.fetch_door(door) == 3
    first, second, third = Message.objects.filter(direction="in").order_by("received_at", "pk")
    assert first.text == "<script>alert(1)</script>текст"
    assert first.name == "<b>Полина</b> (@polina)"
    assert second.text == "Прислали наклейку."
    assert "Исправленное" in third.note


@pytest.mark.parametrize(
    ("code", "words"), [(401, "проверьте токен"), (500, "подождать"), (429, "подождать"), (400, "непонятно")]
)
def test_what_is_wrong_is_written_on_the_door(api: BotApi, door: Door, code: int, words: str) -> None:
    api.refuse("getUpdates", code)
    assert services.fetch_door(door) == 0
    assert words in Door.objects.get().trouble


@pytest.mark.parametrize("body", ["<html>", "[]", '{"ok": "да"}', '{"ok": true, "result": 5}'])
def test_nonsense_changes_nothing(api: BotApi, door: Door, body: str) -> None:
    api.say_nonsense("getUpdates", body)
    assert services.fetch_door(door) == 0
    assert Door.objects.get().trouble


def test_a_server_that_is_away_is_said_so(door: Door) -> None:
    door.settings = {"api": "http://127.0.0.1:1"}
    assert services.fetch_door(door) == 0
    assert "не отвечает" in Door.objects.get().trouble


def test_an_answer_leaves_once_as_an_answer_to_the_question(api: BotApi, ours: Message) -> None:
    for _ in range(2):
        services.deliver(ours.pk)
    ((method, said),) = api.sent
    assert (method, said["text"], said["chat_id"]) == ("sendMessage", "В офисе на Ленина.", "777")
    assert said["reply_parameters"]["message_id"] == api.number
    assert "parse_mode" not in said
    assert Delivery.objects.get().state == "sent"  # it says nothing of delivery, and neither do we


def test_too_often_waits_as_long_as_told(api: BotApi, ours: Message) -> None:
    api.refuse("sendMessage", 429, "Too Many Requests", retry_after=600)
    services.deliver(ours.pk)
    row = Delivery.objects.get()
    assert row.state == "sending"
    assert row.next_at > timezone.now() + timedelta(minutes=9)
    Delivery.objects.update(next_at=timezone.now())
    assert services.deliver_due() == 1
    assert len(api.sent) == 1


def test_who_stopped_the_bot_is_named(api: BotApi, door: Door, cast: SimpleNamespace) -> None:
    api.write("Ответьте", chat=BLOCKED)
    services.fetch_door(door)
    Delivery.objects.all().delete()
    ours = services.reply(Thread.objects.get(), "Ответ.", by=cast.alina)
    services.deliver(ours.pk)
    assert "остановил бота" in Delivery.objects.get(pk=ours.pk).why


@pytest.mark.parametrize("before", [True, False])
def test_a_broken_line_is_honest_and_sends_no_second(api: BotApi, ours: Message, before: bool) -> None:
    api.break_off("sendMessage", before=before)
    services.deliver(ours.pk)
    assert "неизвестно, ушло ли" in Delivery.objects.get().why
    assert services.deliver_due() == 0
    assert len(api.sent) == (0 if before else 1)


def test_nothing_left_is_tried_again(api: BotApi, door: Door, ours: Message) -> None:
    Door.objects.update(settings={"api": "http://127.0.0.1:1"})
    services.deliver(ours.pk)
    assert Delivery.objects.get().state == "sending"
    Door.objects.update(settings={"api": api.address})
    Delivery.objects.update(next_at=timezone.now())
    services.deliver_due()
    assert (Delivery.objects.get().state, len(api.sent)) == ("sent", 1)


def test_a_long_answer_leaves_in_parts_with_its_file(api: BotApi, ours: Message, cast: Any) -> None:
    api.refuse("sendDocument", 429, retry_after=0)
    text = ("слово " * 1500).strip()
    long = services.reply(Thread.objects.get(), text, by=cast.alina, files=[Attached("акт.pdf", PDF)])
    services.deliver(long.pk)
    words = [said["text"] for method, said in api.sent if method == "sendMessage"]
    assert " ".join(words) == text
    assert max(map(len, words)) <= 4096
    assert api.sent[-1][0] == "sendDocument"
    assert PDF in api.sent[-1][1]["body"]
    assert Delivery.objects.get(pk=long.pk).state == "sent"


def test_half_an_answer_is_not_begun_again(api: BotApi, ours: Message, cast: Any) -> None:
    long = services.reply(Thread.objects.get(), "я" * 5000, by=cast.alina)
    api.troubles["sendMessage"] = [(200, {"ok": True, "result": {"message_id": 1}}), "before"]
    services.deliver(long.pk)
    row = Delivery.objects.get(pk=long.pk)
    assert (row.state, "ушло частей: 1 из 2" in row.why) == ("failed", True)
    assert services.deliver_due() == 1  # the other answer


def test_signs_of_two_units_are_counted_as_two() -> None:
    pieces = parts("🙂" * 3000)
    assert "".join(pieces) == "🙂" * 3000
    assert max(len(piece.encode("utf-16-le")) // 2 for piece in pieces) <= 4096


def test_the_token_is_in_no_log(api: BotApi, door: Door, caplog: Any) -> None:
    with caplog.at_level(logging.INFO):
        api.write("раз")
        services.fetch_door(door)
        door.settings = {"api": "http://127.0.0.1:1"}
        services.fetch_door(door)
    assert TOKEN not in caplog.text
