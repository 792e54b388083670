"""See ``opora.doors.ports.Way``: what is new in the folder comes once, nothing in it is marked, moved or erased.

How far it was read is the pair UIDVALIDITY and UID; it moves on behind each stored letter. A mailbox made anew is read
from its beginning, and letters that were stored are known by their ids.
"""

from __future__ import annotations

import asyncio
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from django.conf import settings

from opora.access.scope import Scope, enter
from opora.adapters.mail_imap import parsing
from opora.adapters.mail_smtp import folders
from opora.adapters.mail_smtp.letter import message_id
from opora.channels import reach
from opora.channels.errors import GatewayRejected, GatewayUnavailable, GatewayUnexpected
from opora.channels.ports import Answer, Outgoing, Refused, gateway
from opora.channels.services import storing
from opora.doors.models import Door
from opora.doors.ports import FileLimits, Leaving, Take

SECONDS = 30
LARGEST_LETTER = 18_000_000  # its base64 is 25 MB, more than that many mailboxes refuse (assumed)
MOST_AT_ONCE = 500
BEGINNING = 200_000
LETTERS = "В логине или пароле двери есть буквы, которых почта не понимает: например, русские. Введите их заново."
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailWay:
    """A mailbox: ``settings`` of the door are host, port, tls, login, folder, plus; its secret is ``password``."""

    files = FileLimits(most=20, largest=LARGEST_LETTER, whole=LARGEST_LETTER)

    def fetch(self, door: Door, take: Take) -> int:
        came = 0
        with _opened(door) as (box, validity):
            former = door.progress if door.progress.get("uidvalidity") == validity else {}
            last = int(former.get("uid", 0))
            for uid in _after(box, last)[:MOST_AT_ONCE]:
                raw, note = _read(box, uid)
                fallback = f"uid:{validity}:{uid}"
                if raw is not None:  # None — erased between the search and the reading
                    take(parsing.incoming(raw, address=door.address, fallback=fallback, note=note))
                    came += 1
                _keep_place(door, validity, uid)
        return came

    def send(self, leaving: Leaving) -> Answer:
        door = leaving.door
        provider = door.provider
        if provider is None or not provider.is_active:
            return Refused(leaving.reference, "provider", is_permanent=False, words="у двери нет почтового провайдера")
        link = provider.link()
        message = Outgoing(
            leaving.reference,
            leaving.to,
            leaving.text,
            subject=_subject(leaving.subject),
            attachments=leaving.files,
            sender=door.address,
            headers=_headers(leaving),
        )

        async def give() -> Answer:
            async with gateway(link.kind).session(link, storing(link)) as session:
                return await session.send(message)

        return asyncio.run(give())

    def our_id(self, door: Door, reference: UUID) -> str:
        return message_id(reference, door.address)


def _headers(leaving: Leaving) -> tuple[tuple[str, str], ...]:
    headers = [("Auto-Submitted", "auto-replied" if leaving.is_automatic else "no")]
    if answers := parsing.plain_id(leaving.answers):
        headers += [("In-Reply-To", answers), ("References", answers)]
    local, _, host = leaving.door.address.partition("@")
    if leaving.door.settings.get("plus"):
        headers.append(("Reply-To", f"{local}+{leaving.token}@{host}"))
    return tuple(headers)


def _subject(subject: str) -> str:
    plain = subject or "Ваше письмо"
    return plain if plain.lower().startswith("re:") else f"Re: {plain}"


@contextmanager
def _opened(door: Door) -> Iterator[tuple[imaplib.IMAP4, int]]:
    """Sign in and open the folder for reading only. Raises GatewayUnavailable, GatewayRejected, GatewayUnexpected."""
    box: imaplib.IMAP4 | None = None
    try:
        box = _connected(door)
        answer, _ = box.select(folders.quoted(str(door.settings.get("folder") or "INBOX")), readonly=True)
        if answer != "OK":
            raise GatewayUnexpected("В ящике нет такой папки. Проверьте настройки двери.")
        _, said = box.response("UIDVALIDITY")
        yield box, int((said or [b"0"])[0] or 0)
    except (imaplib.IMAP4.abort, OSError) as fault:
        raise GatewayUnavailable("Почтовый ящик не отвечает. Письма придут, когда он ответит.") from fault
    except imaplib.IMAP4.error as fault:
        raise GatewayUnexpected("Почтовый ящик ответил непонятно. Проверьте настройки двери.") from fault
    finally:
        if box is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                box.logout()


def _connected(door: Door) -> imaplib.IMAP4:
    host, port = str(door.settings.get("host", "")), int(door.settings.get("port") or 993)
    reach.check_host(host)
    try:
        if door.settings.get("tls", True):
            safe = ssl.create_default_context()
            box: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, port, ssl_context=safe, timeout=SECONDS)
        else:
            box = imaplib.IMAP4(host, port, timeout=SECONDS)
    except UnicodeError as fault:  # a name with an empty part, or with letters no name of a server has
        raise GatewayUnexpected("Такого имени у сервера быть не может. Проверьте «Сервер IMAP».") from fault
    reach.check_peer(box.socket())
    try:
        box.login(str(door.settings.get("login", "")), door.secret("password"))
    except imaplib.IMAP4.abort:
        raise
    except (imaplib.IMAP4.error, UnicodeError) as fault:
        with suppress(OSError, imaplib.IMAP4.error):
            box.logout()
        if isinstance(fault, UnicodeError):
            raise GatewayUnexpected(LETTERS) from None  # the fault itself holds the password
        raise GatewayRejected("Почтовый ящик не впустил: проверьте логин и пароль двери.") from fault
    return box


def _after(box: imaplib.IMAP4, last: int) -> list[int]:
    """Return the numbers behind ``last``; «n:*» always names one, even an older one."""
    _, found = box.uid("SEARCH", "UID", f"{last + 1}:*")
    numbers = (int(one) for one in (found[0] or b"").split())
    return sorted(number for number in numbers if number > last)


def _read(box: imaplib.IMAP4, uid: int) -> tuple[bytes | None, str]:
    """Return a letter; of one over the limit its beginning and a sentence."""
    limit = settings.FILE_LIMIT * 2
    _, said = box.uid("FETCH", str(uid), "(RFC822.SIZE)")
    size = _SIZE.search(b" ".join(one for one in said if isinstance(one, bytes)))
    if size is None:
        return None, ""
    if int(size[1]) <= limit:
        return _part(box, uid, "BODY.PEEK[]"), ""
    note = f"Письмо больше {limit // 1024 // 1024} МБ: сохранено начало. Оригинал — в почтовом ящике."
    return _part(box, uid, f"BODY.PEEK[]<0.{BEGINNING}>"), note


def _part(box: imaplib.IMAP4, uid: int, what: str) -> bytes | None:
    _, parts = box.uid("FETCH", str(uid), f"({what})")
    return next((part[1] for part in parts if isinstance(part, tuple)), None)


def _keep_place(door: Door, validity: int, uid: int) -> None:
    door.progress = {"uidvalidity": validity, "uid": uid}
    with enter(Scope.system("how far a mailbox was read")):
        Door.objects.filter(pk=door.pk).update(progress=door.progress)
