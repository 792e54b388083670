"""Letters leave by SMTP, are kept where a person can read them, and what comes back is read over IMAP."""

import asyncio
import imaplib
import smtplib
from pathlib import Path
from uuid import uuid4

from opora.adapters.mail_smtp.gateway import SmtpGateway
from opora.adapters.mailhouse.commands import ACCOUNT
from opora.adapters.mailhouse.process import MailhouseProcess
from opora.channels.ports import Accepted, IncomingReceipt, Outgoing, Refused
from opora.channels.words import State


def test_letters_are_kept_refused_and_returned(tmp_path: Path) -> None:
    messages = [
        Outgoing(uuid4(), f"{name}@pochta.example", "Полина, приходите на осмотр.", subject="Осмотр")
        for name in ("polina", "polina.7", "polina.3", "later")
    ]
    told: list[IncomingReceipt] = []
    heard = asyncio.Event()

    async def hear(batch: list[IncomingReceipt]) -> None:
        told.extend(one for one in batch if one.state != State.ACCEPTED)
        if told:
            heard.set()

    async def talk(mail: MailhouseProcess) -> list[object]:
        async with SmtpGateway().session(mail.link(poll_seconds=0.05), hear) as session:
            answers = await session.send_all(messages)
            async with asyncio.timeout(30):
                await heard.wait()
        return list(answers)

    with MailhouseProcess(tmp_path / "mail") as mail:
        kept, returned, refused, later = asyncio.run(talk(mail))
    assert isinstance(kept, Accepted)
    assert isinstance(returned, Accepted)
    assert isinstance(refused, Refused)
    assert refused.is_permanent
    assert isinstance(later, Refused)
    assert not later.is_permanent
    assert [(one.state, one.code, one.reference) for one in told] == [
        (State.UNDELIVERABLE, "5.1.1", messages[1].reference)
    ]
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 2
    letters = (tmp_path / "mail" / "letters.txt").read_text(encoding="utf-8")
    assert "polina@pochta.example\nОсмотр\n\nПолина, приходите на осмотр." in letters


def test_a_box_has_the_letters_of_its_folder_and_those_sent_to_its_address(tmp_path: Path) -> None:
    address = "pochta@alfa.example"
    (tmp_path / address).mkdir()
    (tmp_path / address / "1.eml").write_bytes(b"Subject: first\r\n\r\nPolina")
    with MailhouseProcess(boxes=tmp_path) as mail:
        with smtplib.SMTP("127.0.0.1", mail.port) as smtp:
            smtp.sendmail("polina@pochta.example", [address], "Subject: second\r\n\r\nAgain")
        with imaplib.IMAP4("127.0.0.1", mail.imap_port) as box:
            box.login(address, ACCOUNT[1])
            box.select("INBOX", readonly=True)
            _, found = box.uid("SEARCH", "UID", "2:*")
            _, size = box.uid("FETCH", "1", "(RFC822.SIZE)")
            _, begins = box.uid("FETCH", "2", "(BODY.PEEK[]<0.15>)")
    assert found == [b"2"]
    assert b"RFC822.SIZE 24" in size[0]
    assert begins[0][1] == b"Subject: second"
