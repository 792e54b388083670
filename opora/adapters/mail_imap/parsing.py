"""A letter as ``doors.shapes.Incoming``: whatever comes is read within limits, and no letter is unreadable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from typing import Any

from opora.adapters.mail_imap.words import decoded, header, plain, unfolded
from opora.adapters.mail_smtp import reports
from opora.adapters.mail_smtp.letter import message_id, reference_in
from opora.channels.states import FAILED
from opora.doors import codes
from opora.doors.shapes import Attached, Incoming, Kind

MOST_PARTS, DEEPEST, MOST_FILES = 200, 20, 20
MOST_FILE_BYTES = 60 * 1024 * 1024
TOO_DEEP = "Письмо сложено необычно: прочитано не всё. Оригинал — в почтовом ящике."
UNREAD = "Письмо не удалось прочитать. Оригинал — в почтовом ящике."
NO_TEXT = "(В письме нет текста.)"
BULK = {"bulk", "list", "junk"}
_IDS = re.compile(r"<[^<>\s]{3,250}>")


@dataclass(slots=True)
class Found:
    """What the parts of a letter hold."""

    texts: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    files: list[Attached] = field(default_factory=list)
    bytes_of_files: int = 0
    is_cut: bool = False


def incoming(raw: bytes, *, address: str, fallback: str, note: str = "") -> Incoming:
    """Return a letter as a door brings it. ``address`` is that of the mailbox, ``fallback`` an id for one without.

    ``note`` says what was not fetched. A letter that breaks the reader comes with a sentence in place of its text.
    """
    try:
        letter = BytesParser(policy=policy.compat32).parsebytes(raw)
        return _incoming(letter, raw, address=address, fallback=fallback, note=note)
    except Exception:  # written by strangers and robots: nothing of it may stop the mailbox
        return Incoming(fallback, _rough_sender(raw), UNREAD, meta={"note": UNREAD, "is_bulk": True})


def _incoming(letter: Message, raw: bytes, *, address: str, fallback: str, note: str) -> Incoming:
    found = Found()
    _walk(letter, found, depth=0, budget=iter(range(MOST_PARTS)))
    text = "\n\n".join(filter(None, (one.strip() for one in found.texts)))
    text = text or "\n\n".join(filter(None, found.pages)) or NO_TEXT
    name, sender = _sender(letter)
    kind, answers, code = _kind(letter, raw, sender, address)
    meta: dict[str, Any] = {"note": note or (TOO_DEEP if found.is_cut else ""), "code": code}
    if header(letter, "Precedence").lower() in BULK or letter.get("List-Id"):
        meta["is_bulk"] = True
    return Incoming(
        external_id=_external_id(letter, sender, text, fallback),
        sender=sender,
        text=text,
        subject=header(letter, "Subject"),
        at=_date(letter),
        files=found.files,
        name=name,
        kind=kind,
        reply_to=answers or _reply_to(letter, address),
        meta=meta,
    )


def _external_id(letter: Message, sender: str, text: str, fallback: str) -> str:
    """The id its writer gave and a mark of what he wrote: two with one id stay two, one twice is one."""
    own = _IDS.search(header(letter, "Message-ID"))
    if own is None:
        return fallback
    mark = sha256(f"{sender}\n{text}".encode("utf-8", "replace")).hexdigest()[:12]
    return f"{own[0]}#{mark}"


def plain_id(external_id: str) -> str:
    """Return the Message-ID alone, «» for a letter that had none."""
    found = _IDS.match(external_id)
    return found[0] if found else ""


def _walk(part: Message, found: Found, *, depth: int, budget: Iterator[int]) -> None:
    if depth > DEEPEST or next(budget, None) is None:
        found.is_cut = True
        return
    kind = part.get_content_type()
    if kind != "message/rfc822" and part.is_multipart():
        for inner in part.get_payload():
            if isinstance(inner, Message):
                _walk(inner, found, depth=depth + 1, budget=budget)
        return
    name = part.get_filename()
    is_shown = part.get_content_disposition() != "attachment" and not name
    if is_shown and kind in {"text/plain", "text/html"}:
        text = decoded(_octets(part), part.get_content_charset() or "")
        found.texts.append(text) if kind == "text/plain" else found.pages.append(plain(text))
    elif not kind.startswith(("message/delivery-status", "message/disposition", "text/rfc822-headers")):
        _add_file(part, unfolded(name) if name else _name_for(kind), found)


def _add_file(part: Message, name: str, found: Found) -> None:
    if len(found.files) >= MOST_FILES:
        found.is_cut = True
        return
    octets = _octets(part)
    found.bytes_of_files += len(octets)
    if found.bytes_of_files > MOST_FILE_BYTES:
        found.files.append(Attached(name, refused="Вложения письма больше 60 МБ: этот файл не сохранён."))
        return
    found.files.append(Attached(name, octets))


def _octets(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        return inner[0].as_bytes() if isinstance(inner, list) and isinstance(inner[0], Message) else b""
    octets = part.get_payload(decode=True)
    return octets if isinstance(octets, bytes) else b""


def _name_for(kind: str) -> str:
    endings = {"message/rfc822": "eml", "application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
    return f"вложение.{endings.get(kind, 'bin')}"


def _sender(letter: Message) -> tuple[str, str]:
    """Return the name and the address an answer goes to."""
    for field_ in ("Reply-To", "From", "Sender"):
        for name, address in getaddresses([header(letter, field_)]):
            if "@" in address:
                return name, address
    return header(letter, "From")[:200], ""


def _rough_sender(raw: bytes) -> str:
    found = re.search(rb"^From:[^\n]*?([^\s<>]{1,100}@[^\s<>]{1,150})", raw[:65_536], re.MULTILINE | re.IGNORECASE)
    return decoded(found[1]) if found else ""


def _kind(letter: Message, raw: bytes, sender: str, address: str) -> tuple[Kind, str, str]:
    """Return who wrote — a person or a machine —, the id of ours a returned letter names, and its code.

    Source: RFC 3834 (Auto-Submitted, the empty return path), RFC 3464 (reports of delivery).
    """
    receipt = reports.read(raw) if letter.get_content_type() == "multipart/report" else None
    if receipt is not None:
        ours = message_id(receipt.reference, address) if receipt.reference else ""
        return (Kind.BOUNCE if receipt.state in FAILED else Kind.AUTO_REPLY), ours, receipt.code
    automatic = header(letter, "Auto-Submitted").lower() not in {"", "no"}
    marks = any(letter.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From"))
    precedence = header(letter, "Precedence").lower() == "auto_reply"
    no_return = letter.get("Return-Path") is not None and header(letter, "Return-Path") in {"", "<>"}
    is_daemon = sender.lower().startswith(("mailer-daemon@", "postmaster@"))
    is_report = letter.get_content_type() == "multipart/report"
    is_own = sender.lower() == address.lower()
    machine = automatic or marks or precedence or no_return or is_daemon or is_report or is_own or not sender
    return (Kind.AUTO_REPLY if machine else Kind.MESSAGE), "", ""


def _reply_to(letter: Message, address: str) -> str:
    """Return what of ours it answers: the token in our address, else an id of a letter of ours; no subject is read."""
    for name in ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To"):
        for _, to in getaddresses([header(letter, name)]):
            _, plus, rest = to.partition("@")[0].partition("+")
            if plus and codes.read_token(rest) is not None:
                return rest.lower()
    ids = [*_IDS.findall(header(letter, "In-Reply-To")), *reversed(_IDS.findall(header(letter, "References")))]
    for one in ids[:100]:
        reference = reference_in(one)
        if reference is not None and one.lower() == message_id(reference, address).lower():
            return message_id(reference, address)
    return ""


def _date(letter: Message) -> datetime | None:
    try:
        moment = parsedate_to_datetime(header(letter, "Date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment if datetime(2000, 1, 1, tzinfo=UTC) < moment else None
