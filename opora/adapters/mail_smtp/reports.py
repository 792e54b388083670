"""Reads what comes back: reports of delivery (RFC 3464, 6522) and bounces of servers that write them in words.

An answering machine («Я в отпуске») is no report: whoever writes ``Auto-Submitted: auto-replied`` has delivered.
"""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime
from uuid import UUID

from opora.adapters.mail_smtp.letter import reference_in
from opora.channels.ports import IncomingReceipt
from opora.channels.words import State

BY_ACTION = {
    "failed": State.UNDELIVERABLE,
    "delayed": State.ENROUTE,
    "relayed": State.ENROUTE,
    "delivered": State.DELIVERED,
    "expanded": State.DELIVERED,
}
TIME_IS_OVER = "4.4.7"
LONGEST = 2_000_000  # octets; a report that quotes a whole letter with its files is longer than need be
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_DAEMONS = re.compile(r"mailer-daemon|postmaster|mail delivery", re.IGNORECASE)


def read(raw: bytes, now: datetime | None = None) -> IncomingReceipt | None:
    """Return what a letter in the mailbox of returns tells of one of ours; None when it is no report or not of ours."""
    mail = message_from_bytes(raw[:LONGEST], policy=policy.default)
    if not isinstance(mail, EmailMessage):
        return None
    moment = _moment(mail, now or datetime.now(UTC))
    fields = _fields(mail)
    reference = _reference(mail, fields)
    if reference is None:
        return None
    if fields:
        return _of_fields(fields, reference, moment)
    if not _is_bounce(mail):
        return None
    found = _STATUS.search(_words(mail))
    code = found[1] if found else ""
    state = State.ENROUTE if code.startswith("4") else State.UNDELIVERABLE
    return IncomingReceipt(state, moment, "", reference=reference, code=code)


def _of_fields(fields: dict[str, str], reference: UUID, moment: datetime) -> IncomingReceipt | None:
    action = fields.get("action", "").split(" ", 1)[0].lower()
    state = BY_ACTION.get(action)
    if state is None:
        return None
    code = fields.get("status", "").split(" ", 1)[0]
    if state == State.UNDELIVERABLE and code == TIME_IS_OVER:
        state = State.EXPIRED
    return IncomingReceipt(state, moment, "", reference=reference, code=code[:32])


def _fields(mail: EmailMessage) -> dict[str, str]:
    """Return the fields of a delivery-status, those of the letter and of its one recipient together."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            groups = part.get_payload()
            if isinstance(groups, list):
                return {
                    name.lower(): str(value).strip()
                    for group in groups
                    if isinstance(group, Message)
                    for name, value in group.items()
                }
    return {}


def _reference(mail: EmailMessage, fields: dict[str, str]) -> UUID | None:
    """Find our reference: the id of the envelope, the address of return, the Message-ID of the letter quoted."""
    if found := reference_in(fields.get("original-envelope-id", "")):
        return found
    for name in ("Delivered-To", "X-Original-To", "To", "In-Reply-To", "References"):
        for value in mail.get_all(name, []):
            if found := reference_in(str(value)):
                return found
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and isinstance(inner := part.get_payload(), list) and inner:
            quoted = inner[0]
            if isinstance(quoted, Message) and (found := reference_in(str(quoted.get("Message-ID", "")))):
                return found
        elif kind == "text/rfc822-headers":
            headers = message_from_bytes(_octets(part), policy=policy.default)
            if found := reference_in(str(headers.get("Message-ID", ""))):
                return found
    return None


def _is_bounce(mail: EmailMessage) -> bool:
    submitted = str(mail.get("Auto-Submitted", "")).lower()
    if submitted.startswith("auto-replied") and not _DAEMONS.search(str(mail.get("From", ""))):
        return False
    return str(mail.get("Return-Path", "")).strip() == "<>" or bool(_DAEMONS.search(str(mail.get("From", ""))))


def _words(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return _octets(body).decode("utf-8", "replace") if body is not None else ""


def _octets(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _moment(mail: EmailMessage, now: datetime) -> datetime:
    try:
        written = parsedate_to_datetime(str(mail.get("Date", "")))
    except ValueError:
        return now
    return min(written, now) if written.tzinfo else now
