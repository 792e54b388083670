"""Takes letters over SMTP. Which address is refused and which comes back is said by its name, as with SMS numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from opora.adapters.mailhouse.returns import Letters, Returns

REFUSED, LATER, RETURNED = ("3", "gone"), ("later",), ("7", "back")


class Keeper:
    """What the server took. With a folder every letter is a file of it, and ``letters.txt`` is for people to read."""

    def __init__(
        self, returns: Returns, folder: Path | None = None, boxes: Mapping[str, Letters] | None = None
    ) -> None:
        self.returns = returns
        self.folder = folder
        self.boxes = boxes or {}
        self.count = 0
        if folder:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        name = _name(address)
        if name.endswith(REFUSED):
            return "550 5.1.1 No such user"
        if name.endswith(LATER):
            return "451 4.7.1 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        octets = bytes(envelope.original_content or b"")
        self.count += 1
        for address in envelope.rcpt_tos:
            self._keep(address, octets)
            if box := self.boxes.get(address.lower()):
                box.letters.append(octets)
            if _name(address).endswith(RETURNED):
                self.returns.add(address, octets)
        return "250 Kept"

    def _keep(self, address: str, octets: bytes) -> None:
        if self.folder is None:
            return
        now = datetime.now(UTC)
        (self.folder / f"{now:%Y%m%d-%H%M%S-%f}-{self.count:05}.eml").write_bytes(octets)
        with (self.folder / "letters.txt").open("a", encoding="utf-8") as letters:
            letters.write(f"{now.astimezone():%d.%m.%Y %H:%M:%S}  {address}\n{_words(octets)}\n{'-' * 60}\n")


def _name(address: str) -> str:
    return address.rpartition("@")[0].lower()


def _words(octets: bytes) -> str:
    mail = message_from_bytes(octets, policy=policy.default)
    if not isinstance(mail, EmailMessage):
        return ""
    body = mail.get_body(preferencelist=("plain",))
    return f"{mail['Subject']}\n\n{body.get_content().strip() if body else ''}"
