"""A message as a letter: plain business mail, no tracking, no list headers."""

import re
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import UUID

from opora.channels.ports import Link, Outgoing

_HEX = re.compile(r"(?<![0-9a-f])([0-9a-f]{32})(?![0-9a-f])", re.IGNORECASE)


def letter(message: Outgoing, link: Link) -> EmailMessage:
    """Write a letter. Raises BadAddress."""
    sender = message.sender or link.sender
    written = EmailMessage(policy=policy.SMTP)
    written["From"] = sender
    written["To"] = Address(addr_spec=recipient(message.to))
    written["Subject"] = " ".join(message.subject.split())
    written["Date"] = format_datetime(datetime.now(UTC))
    written["Message-ID"] = message_id(message.reference, sender)
    written["Auto-Submitted"] = "auto-generated"  # an answering machine does not answer it
    for name, value in message.headers:
        del written[name]
        written[name] = value
    written.set_content(message.text)
    for one in message.attachments:
        kind, _, subkind = one.content_type.partition("/")
        written.add_attachment(one.content, maintype=kind, subtype=subkind or "octet-stream", filename=one.name)
    return written


class BadAddress(Exception):
    """An address that cannot stand on an envelope."""


def recipient(address: str) -> str:
    """Return an address as the envelope takes it, its domain in ASCII. Raises BadAddress.

    >>> recipient("polina@почта.рф")
    'polina@xn--80a1acny.xn--p1ai'
    """
    local, _, host = address.strip().rpartition("@")
    try:
        return Address(addr_spec=f"{local}@{host.encode('idna').decode()}").addr_spec
    except (ValueError, UnicodeError, MessageError, IndexError) as fault:
        raise BadAddress from fault


def message_id(reference: UUID, sender: str) -> str:
    return f"<{reference.hex}@{domain(sender)}>"


def returns_to(reference: UUID, link: Link) -> str:
    """Return the address of the envelope that undeliverable letters come back to."""
    plain = link.settings["bounce_address"] or _bare(link.sender)
    if not link.settings["verp"]:
        return str(plain)
    local, _, host = plain.partition("@")
    return f"{local}+{reference.hex}@{host}"


def reference_in(text: str) -> UUID | None:
    """Return the reference an id or an address of ours holds, None where there is none."""
    found = _HEX.search(text)
    return UUID(found[1]) if found else None


def domain(sender: str) -> str:
    return _bare(sender).rpartition("@")[2] or "localhost"


def _bare(sender: str) -> str:
    return sender.rpartition("<")[2].rstrip("> ").strip()
