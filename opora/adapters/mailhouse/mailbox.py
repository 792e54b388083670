"""Mailboxes over IMAP4rev1 (RFC 3501): as much of it as reading one folder needs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress

from opora.adapters.mailhouse.returns import Letters

_FETCH = re.compile(r"UID FETCH (\d+) \((\S+?)(?:<0\.(\d+)>)?\)", re.IGNORECASE)
_SEARCH = re.compile(r"UID SEARCH UID (\d+):\*", re.IGNORECASE)
_STORE = re.compile(r"UID STORE ([\d,]+) \+FLAGS\S* \(?\\Seen", re.IGNORECASE)
_LOGIN = re.compile(r'LOGIN "?([^" ]+)"? "?([^" ]*)"?$', re.IGNORECASE)


class Mailbox:
    """Boxes by login, one folder each, one password. ``serve`` talks with one client."""

    def __init__(self, boxes: Mapping[str, Letters], password: str) -> None:
        self._boxes = boxes
        self._password = password

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK mailhouse ready\r\n")
        box: Letters | None = None
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while line := await reader.readline():
                tag, _, command = line.decode("ascii", "replace").strip().partition(" ")
                found = _LOGIN.match(command)
                if found:
                    box = self._boxes.get(found[1]) if found[2] == self._password else None
                is_fine = box is not None or command.upper().startswith(("CAPABILITY", "LOGOUT", "NOOP"))
                if is_fine:
                    writer.write(_answer(command, box or Letters()))
                writer.write(f"{tag} {'OK done' if is_fine else 'NO not signed in'}\r\n".encode())
                await writer.drain()
                if command.upper().startswith("LOGOUT"):
                    break
        writer.close()


def _answer(command: str, box: Letters) -> bytes:
    word, known = command.upper(), len(box.letters)
    if word.startswith("CAPABILITY"):
        return b"* CAPABILITY IMAP4rev1\r\n"
    if word.startswith("LOGOUT"):
        return b"* BYE\r\n"
    if word.startswith(("SELECT", "EXAMINE")):
        return f"* {known} EXISTS\r\n* OK [UIDVALIDITY {box.validity}]\r\n".encode()
    if found := _SEARCH.match(command):
        return _found(range(int(found[1]), known + 1))
    if word.startswith("UID SEARCH"):
        return _found(box.unseen())
    if (found := _FETCH.match(command)) and 0 < int(found[1]) <= known:
        return _fetched(int(found[1]), box.letters[int(found[1]) - 1], found[2].upper(), found[3])
    if found := _STORE.match(command):
        box.seen |= {int(number) for number in found[1].split(",")}
    return b""


def _found(numbers: Iterable[int]) -> bytes:
    return f"* SEARCH {' '.join(map(str, numbers))}".rstrip().encode() + b"\r\n"


def _fetched(number: int, octets: bytes, what: str, most: str | None) -> bytes:
    if what == "RFC822.SIZE":
        return f"* {number} FETCH (UID {number} RFC822.SIZE {len(octets)})\r\n".encode()
    part = octets[: int(most)] if most else octets
    return f"* {number} FETCH (UID {number} BODY[] {{{len(part)}}}\r\n".encode() + part + b")\r\n"
