"""Settings no server of mail understands are told in words; a folder may have any name."""

from collections.abc import Iterator
from typing import Any

import pytest

from opora.adapters.mail_imap.way import MailWay
from opora.adapters.mail_smtp.tests.test_mail import Imap
from opora.channels.errors import GatewayUnexpected
from opora.doors.models import Door


class Listening(Imap):
    """A mailbox on loopback that remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__([])
        self.asked: list[str] = []

    def answer(self, command: str) -> bytes:
        self.asked.append(command)
        return super().answer(command)


@pytest.fixture
def imap() -> Iterator[Listening]:
    server = Listening()
    server.start()
    yield server
    server.close()


def door(imap: Imap, password: str = "a", **more: Any) -> Door:
    settings = {"host": "127.0.0.1", "port": imap.port, "tls": False, "login": "box", **more}
    row = Door(kind="mail", address="help@alfa.example", settings=settings)
    row.keep_secrets({"password": password})
    return row


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"host": "mail..ru"}, "имени у сервера"),
        ({"login": "почта"}, "логине или пароле"),
        ({"password": "тайна"}, "логине или пароле"),
    ],
    ids=["host", "login", "password"],
)
def test_letters_no_server_understands_are_told(imap: Listening, wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(GatewayUnexpected) as refused:
        MailWay().fetch(door(imap, **wrong), lambda incoming: None)  # type: ignore[arg-type,return-value]
    assert words in refused.value.sentence
    assert refused.value.__cause__ is None or "тайна" not in str(vars(refused.value.__cause__))


def test_a_folder_is_asked_for_as_mail_writes_it(imap: Listening) -> None:
    assert MailWay().fetch(door(imap, folder="Входящие"), lambda incoming: None) == 0  # type: ignore[arg-type,return-value]
    assert 'EXAMINE "&BBIERQQ+BDQETwRJBDgENQ-"' in imap.asked
