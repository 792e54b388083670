"""A mailbox in a real Dovecot, answers through a real SMTP server: each letter once, whatever dies in between."""

import tempfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller

from opora.adapters.mail_imap.tests import dovecot
from opora.adapters.mail_imap.tests.dovecot import Dovecot
from opora.adapters.mail_imap.tests.test_parsing import letter
from opora.adapters.mail_smtp.tests.test_mail import Box, free_port
from opora.channels.models import Provider
from opora.channels.schemas import complete
from opora.doors import services
from opora.doors.models import Delivery, Door, Message, Thread

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(dovecot.place() is None, reason="no Dovecot: run tools/dovecot.sh"),
]
GREETING = "Письмо по электронной почте не обращение по закону. Обратиться можно на сайте, по телефону, лично."


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with tempfile.TemporaryDirectory(prefix="opora-dovecot-") as folder:
        Path(folder).chmod(0o755)
        with dovecot.running(Path(folder)) as up:
            yield up


@pytest.fixture(scope="module")
def smtp() -> Iterator[Controller]:
    up = Controller(Box(), hostname="127.0.0.1", port=free_port())
    up.start()
    yield up
    up.stop()


@pytest.fixture
def box(server: Dovecot, smtp: Controller, cast: SimpleNamespace, place: SimpleNamespace) -> SimpleNamespace:
    """A mailbox of Alfa nobody has written to."""
    smtp.handler.taken.clear()
    login = f"box{uuid4().hex}"
    mail = {"host": "127.0.0.1", "port": smtp.port, "security": "none", "answer_seconds": 5}
    provider = Provider.objects.create(
        organisation=place.alfa, slug="mail", title="Почта", kind="smtp", channel="email",
        settings=complete("smtp", mail), sender="help@alfa.example",
    )  # fmt: skip
    door = Door(
        organisation=place.alfa, kind="mail", slug="mail", title="Почта Альфы", address="help@alfa.example",
        provider=provider, greeting=GREETING,
        settings={"host": "127.0.0.1", "port": server.port, "tls": False, "login": login, "plus": True},
    )  # fmt: skip
    door.keep_secrets({"password": dovecot.PASSWORD})
    door.save()

    def put(made: EmailMessage) -> None:
        server.put(login, made.as_bytes())

    return SimpleNamespace(door=door, put=put, login=login, server=server, sent=smtp.handler.taken)


def fetch(box: SimpleNamespace) -> int:
    return services.fetch_door(Door.objects.select_related("organisation", "provider").get(pk=box.door.pk))


def test_each_letter_comes_once(box: SimpleNamespace) -> None:
    for number in range(3):
        box.put(letter(f"Вопрос {number}", Message_ID=f"<{number}@example.org>"))
    assert [fetch(box), fetch(box)] == [3, 0]
    box.put(letter("Ещё", Message_ID="<9@example.org>"))
    assert fetch(box) == 1
    texts = Message.objects.filter(direction="in").order_by("pk").values_list("text", flat=True)
    assert [text.strip() for text in texts] == ["Вопрос 0", "Вопрос 1", "Вопрос 2", "Ещё"]


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(box: SimpleNamespace, monkeypatch: Any) -> None:
    for number in range(5):
        box.put(letter(f"Вопрос {number}", Message_ID=f"<{number}@example.org>", From=f"a{number}@example.org"))
    stored = 0

    def die(door: Door, validity: int, uid: int) -> None:
        nonlocal stored
        stored += 1
        if stored == 3:
            raise KeyboardInterrupt  # the letter is stored, that it was is not

    for _ in range(2):
        with monkeypatch.context() as patched:
            patched.setattr("opora.adapters.mail_imap.way._keep_place", die)
            stored = 0
            with pytest.raises(KeyboardInterrupt):
                fetch(box)
    fetch(box)
    assert Thread.objects.count() == Message.objects.filter(direction="in").count() == 5


def test_a_mailbox_made_anew_doubles_nothing(box: SimpleNamespace) -> None:
    box.put(letter())
    fetch(box)
    Door.objects.update(progress={"uidvalidity": 1, "uid": 900})
    box.put(letter("Второе", Message_ID="<2@example.org>"))
    assert fetch(box) == 2
    assert Message.objects.filter(direction="in").count() == 2


def test_the_whole_way_and_back(box: SimpleNamespace, cast: SimpleNamespace) -> None:
    box.put(letter())
    fetch(box)
    thread = Thread.objects.get()
    answer = services.reply(thread, "В офисе на Ленина.", by=cast.alina)
    services.deliver_due()
    (hello, ours) = [message_from_bytes(raw, policy=policy.default) for _, _, raw in box.sent]
    assert GREETING in hello.get_body().get_content().replace("\r\n", "")
    assert hello["Auto-Submitted"] == "auto-replied"
    assert (ours["Auto-Submitted"], ours["In-Reply-To"]) == ("no", "<1@example.org>")
    assert ours["Subject"] == "Re: Вопрос о полисе"
    assert Delivery.objects.get(pk=answer.pk).state == "sent"
    box.put(letter("Спасибо", Message_ID="<2@example.org>", In_Reply_To=ours["Message-ID"]))
    token = ours["Reply-To"].addresses[0].addr_spec
    box.put(letter("И ещё", Message_ID="<3@example.org>", To=token))
    fetch(box)
    assert Thread.objects.get().messages.count() == 5


def test_the_lawful_ways_are_explained_once_and_never_to_machines(box: SimpleNamespace) -> None:
    for number in range(3):
        box.put(letter(f"{number}", Message_ID=f"<{number}@example.org>"))
    box.put(letter("Меня нет", Message_ID="<7@example.org>", From="b@example.org", Auto_Submitted="auto-replied"))
    box.put(letter("Рассылка", Message_ID="<8@example.org>", From="c@example.org", Precedence="bulk"))
    fetch(box)
    services.deliver_due()
    assert [recipients for _, recipients, _ in box.sent] == [["polina@example.org"]]
    assert Thread.objects.count() == 4


def test_a_wrong_password_is_written_on_the_door(box: SimpleNamespace) -> None:
    box.door.keep_secrets({"password": "wrong"})
    box.door.save()
    assert fetch(box) == 0
    assert "не впустил" in Door.objects.get().trouble


def test_a_mailbox_out_of_reach_is_written_on_the_door(box: SimpleNamespace) -> None:
    Door.objects.update(settings={**box.door.settings, "port": free_port()})
    assert fetch(box) == 0
    assert "не отвечает" in Door.objects.get().trouble


def test_of_a_huge_letter_the_beginning_is_kept(box: SimpleNamespace, settings: Any) -> None:
    settings.FILE_LIMIT = 200_000
    box.put(letter("Начало\n" + "x" * 70 + "\n" + ("y" * 70 + "\n") * 8_000))
    fetch(box)
    message = Message.objects.get(direction="in")
    assert message.text.startswith("Начало")
    assert message.note
