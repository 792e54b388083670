"""The mailbox of returns over IMAP: letters are read once, reports are marked as seen when they are stored."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from opora.adapters.mail_smtp import folders
from opora.channels import reach
from opora.channels.ports import Link

MOST_AT_ONCE = 100
SECONDS = 30


class Mailbox:
    """New letters of one folder. What is not a report stays unseen, for a person to read."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._left: set[bytes] = set()

    @contextmanager
    def opened(self) -> "Iterator[Opened]":
        """Sign in and open the folder. Raises OSError, imaplib.IMAP4.error; UnicodeError where settings are wrong."""
        settings = self._link.settings
        box = _connected(settings["imap_host"], int(settings["imap_port"]), is_sealed=settings["imap_tls"])
        try:
            box.login(settings["imap_login"], self._link.secrets.get("imap_password", ""))
            answer, _ = box.select(folders.quoted(settings["imap_folder"]))
            if answer != "OK":
                raise imaplib.IMAP4.error("folder")
            yield Opened(box, self._left)
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                box.logout()


def _connected(host: str, port: int, *, is_sealed: bool) -> imaplib.IMAP4:
    """The library by itself asks no certificate of the server it gives the password to."""
    reach.check_host(host)
    if is_sealed:
        box: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=SECONDS)
    else:
        box = imaplib.IMAP4(host, port, timeout=SECONDS)
    reach.check_peer(box.socket())
    return box


class Opened:
    """The folder while it is open."""

    def __init__(self, box: imaplib.IMAP4, left: set[bytes]) -> None:
        self._box = box
        self._left = left

    def letters(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield number and octets of letters not read yet."""
        _, (found, *_) = self._box.uid("SEARCH", "UNSEEN")
        numbers = [one for one in (found or b"").split() if one not in self._left]
        for number in numbers[:MOST_AT_ONCE]:
            _, parts = self._box.uid("FETCH", number.decode(), "(BODY.PEEK[])")
            raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
            if raw is not None:
                yield number, raw

    def leave(self, number: bytes) -> None:
        """Let a letter alone from now on."""
        self._left.add(number)

    def mark(self, numbers: list[bytes]) -> None:
        """Mark letters as seen."""
        if numbers:
            self._box.uid("STORE", b",".join(numbers).decode(), "+FLAGS.SILENT", r"(\Seen)")
