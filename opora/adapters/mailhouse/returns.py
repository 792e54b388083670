"""Letters of a mailbox. Of those that came back: for each a report (RFC 3464), as a mail server puts it there."""

from __future__ import annotations

from collections.abc import Iterable
from email import message_from_bytes, policy
from email.message import EmailMessage

HOST = "mailhouse.example"


class Letters:
    """Letters in the order they came, and which of them somebody has read; ``validity`` is UIDVALIDITY."""

    def __init__(self, letters: Iterable[bytes] = (), *, validity: int = 1) -> None:
        self.letters = list(letters)
        self.seen: set[int] = set()
        self.validity = validity

    def unseen(self) -> list[int]:
        return [number for number in range(1, len(self.letters) + 1) if number not in self.seen]


class Returns(Letters):
    """The mailbox of returns."""

    def add(self, address: str, octets: bytes) -> None:
        self.letters.append(report(address, octets))


def report(address: str, octets: bytes) -> bytes:
    """Return the report that ``address`` does not exist; it quotes the head of the letter."""
    letter = message_from_bytes(octets, policy=policy.default)
    quoted = EmailMessage(policy=policy.SMTP)
    for name in ("Message-ID", "From", "To", "Subject", "Date"):
        if letter[name]:
            quoted[name] = str(letter[name])
    boundary = "mailhouse-report"
    parts = [
        "Content-Type: text/plain; charset=us-ascii\r\n\r\nThe letter could not be delivered.\r\n",
        "Content-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; {HOST}\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"Diagnostic-Code: smtp; 550 5.1.1 <{address}>: User unknown\r\n",
        f"Content-Type: message/rfc822\r\n\r\n{quoted.as_bytes().decode('ascii', 'replace')}",
    ]
    head = (
        f"Return-Path: <>\r\nFrom: MAILER-DAEMON@{HOST}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"\r\n'
    )
    body = "".join(f"\r\n--{boundary}\r\n{part}" for part in parts)
    return f"{head}{body}\r\n--{boundary}--\r\n".encode("ascii", "replace")
