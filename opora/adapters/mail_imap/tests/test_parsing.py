"""Letters of people, machines and enemies: each becomes a message, none stops the mailbox."""

from email.message import EmailMessage
from email.policy import SMTP
from uuid import uuid4

import pytest

from opora.adapters.mail_imap.parsing import NO_TEXT, incoming
from opora.adapters.mail_smtp.letter import message_id
from opora.doors import codes
from opora.doors.shapes import Incoming, Kind

BOX = "help@alfa.example"


def letter(text: str = "Как получить полис?", **headers: str) -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["From"] = headers.pop("From", "Полина Соловьёва <Polina@Example.org>")
    made["To"] = headers.pop("To", BOX)
    made["Subject"] = headers.pop("Subject", "Вопрос о полисе")
    made["Message-ID"] = headers.pop("Message_ID", "<1@example.org>")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def read(raw: bytes | EmailMessage) -> Incoming:
    return incoming(raw if isinstance(raw, bytes) else raw.as_bytes(), address=BOX, fallback="uid:1:7")


def test_a_plain_letter() -> None:
    found = read(letter())
    assert (found.text.strip(), found.subject, found.sender) == (
        "Как получить полис?",
        "Вопрос о полисе",
        "Polina@Example.org",
    )
    assert (found.name, found.kind, found.reply_to) == ("Полина Соловьёва", Kind.MESSAGE, "")
    assert found.external_id.startswith("<1@example.org>#")


def test_two_letters_with_one_id_stay_two() -> None:
    assert read(letter("раз")).external_id != read(letter("два")).external_id
    assert read(letter("раз")).external_id == read(letter("раз")).external_id


@pytest.mark.parametrize(
    ("charset", "octets"),
    [
        ("windows-1251", "Полис".encode("cp1251")),
        ("us-ascii", "Полис".encode("cp1251")),
        ("utf-8", "Полис".encode("cp1251")),
        ("no-such-charset", "Полис".encode()),
        ("koi8-r", "Полис".encode("koi8-r")),
    ],
)
def test_wrong_charsets(charset: str, octets: bytes) -> None:
    head = (
        f"From: a@b.example\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    assert read(head.encode() + octets).text == "Полис"


def test_a_page_becomes_words() -> None:
    made = letter()
    made.set_content("<p>Здравствуйте</p><script>steal()</script><img src=http://spy.example/1.png>", subtype="html")
    found = read(made)
    assert found.text == "Здравствуйте"


def test_words_win_over_the_page_beside_them() -> None:
    made = letter("Словами")
    made.add_alternative("<p>Страницей</p>", subtype="html")
    assert read(made).text.strip() == "Словами"


def test_files_and_scripts_in_their_names() -> None:
    made = letter()
    made.add_attachment(b"%PDF-1", maintype="application", subtype="pdf", filename="<script>акт</script>.pdf")
    made.add_attachment(letter("внутри"), filename="письмо.eml")
    found = read(made)
    assert [file.name for file in found.files] == ["<script>акт</script>.pdf", "письмо.eml"]
    assert found.files[0].content == b"%PDF-1"
    assert "внутри" not in found.text


MACHINES = [
    {"Auto_Submitted": "auto-replied"},
    {"Auto_Submitted": "auto-generated (vacation)"},
    {"X_Autoreply": "yes"},
    {"Precedence": "auto_reply"},
    {"Return_Path": "<>"},
    {"From": "MAILER-DAEMON@example.org"},
    {"From": BOX},
]


@pytest.mark.parametrize("headers", MACHINES)
def test_machines_are_told_from_people(headers: dict[str, str]) -> None:
    assert read(letter(**headers)).kind == Kind.AUTO_REPLY


def test_a_person_may_say_that_he_is_one() -> None:
    assert read(letter(Auto_Submitted="no")).kind == Kind.MESSAGE
    assert read(letter(Precedence="bulk")).meta["is_bulk"]


def test_a_returned_letter_names_ours() -> None:
    reference = uuid4()
    raw = (
        "From: MAILER-DAEMON@mx.example\r\nTo: help@alfa.example\r\nSubject: Undelivered\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such user\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; gone@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id(reference, BOX)}\r\n\r\n--b--\r\n"
    )
    found = read(raw.encode())
    assert (found.kind, found.reply_to) == (Kind.BOUNCE, message_id(reference, BOX))
    assert "5.1.1" in found.meta["code"]


def test_what_it_answers() -> None:
    reference, thread = uuid4(), uuid4()
    ours = message_id(reference, BOX)
    assert read(letter(In_Reply_To=ours)).reply_to == ours
    assert read(letter(References=f"<x@example.org> {ours}")).reply_to == ours
    assert read(letter(In_Reply_To=f"<{reference.hex}@elsewhere.example>")).reply_to == ""
    assert read(letter(Subject="Re: Вопрос о полисе", In_Reply_To="<9@example.org>")).reply_to == ""
    token = codes.token(thread)
    assert read(letter(To=f"help+{token}@alfa.example")).reply_to == token
    assert read(letter(To=f"help+{'a' * 42}@alfa.example")).reply_to == ""


def nested(depth: int) -> bytes:
    head = b"From: a@b.example\r\nMIME-Version: 1.0\r\n"
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (one, one) for one in range(depth)
    )
    return head + opened + b"Content-Type: text/plain\r\n\r\nx\r\n"


BOMBS = {
    "deep": nested(100),
    "deeper": nested(3000),
    "parts": b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 5000,
    "no boundary": b"From: a@b.example\r\nContent-Type: multipart/mixed\r\n\r\nx",
    "base64": b"From: a@b.example\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!====",
    "header": b"From: a@b.example\r\nSubject: =?utf-8?B?" + b"QUFB" * 50_000 + b"?=\r\n\r\nx",
    "nothing": b"",
    "noise": bytes(range(256)) * 50,
    "from": b"From: =?x?Q?=00?= <@@>>, \r\n\r\nx",
    "date": b"From: a@b.example\r\nDate: Thu, 99 Zzz 99999 99:99:99 +9999\r\n\r\nx",
}


@pytest.mark.parametrize("raw", BOMBS.values(), ids=BOMBS.keys())
def test_nothing_stops_the_mailbox(raw: bytes) -> None:
    found = read(raw)
    assert found.external_id
    assert len(found.files) <= 20


def test_what_is_cut_says_so() -> None:
    assert read(BOMBS["parts"]).meta["note"]
    assert read(b"From: a@b.example\r\n\r\n").text == NO_TEXT
