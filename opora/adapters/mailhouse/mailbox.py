"""The mailbox of returns over IMAP4rev1 (RFC 3501): as much of it as reading one folder needs."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress

from opora.adapters.mailhouse.returns import Returns

_FETCH = re.compile(r"UID FETCH (\d+)", re.IGNORECASE)
_STORE = re.compile(r"UID STORE ([\d,]+) \+FLAGS\S* \(?\\Seen", re.IGNORECASE)
_LOGIN = re.compile(r'LOGIN "?([^" ]+)"? "?([^" ]*)"?$', re.IGNORECASE)


class Mailbox:
    """One mailbox, one folder. ``serve`` talks with one client."""

    def __init__(self, returns: Returns, login: str, password: str) -> None:
        self._returns = returns
        self._account = (login, password)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK mailhouse ready\r\n")
        is_in = False
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while line := await reader.readline():
                tag, _, command = line.decode("ascii", "replace").strip().partition(" ")
                found = _LOGIN.match(command)
                if found:
                    is_in = (found[1], found[2]) == self._account
                is_fine = is_in or command.upper().startswith(("CAPABILITY", "LOGOUT", "NOOP"))
                if is_fine:
                    writer.write(self._answer(command))
                writer.write(f"{tag} {'OK done' if is_fine else 'NO not signed in'}\r\n".encode())
                await writer.drain()
                if command.upper().startswith("LOGOUT"):
                    break
        writer.close()

    def _answer(self, command: str) -> bytes:
        word, returns = command.upper(), self._returns
        if word.startswith("CAPABILITY"):
            return b"* CAPABILITY IMAP4rev1\r\n"
        if word.startswith("LOGOUT"):
            return b"* BYE\r\n"
        if word.startswith(("SELECT", "EXAMINE")):
            return f"* {len(returns.letters)} EXISTS\r\n* OK [UIDVALIDITY 1]\r\n".encode()
        if word.startswith("UID SEARCH"):
            return f"* SEARCH {' '.join(map(str, returns.unseen()))}".rstrip().encode() + b"\r\n"
        if (found := _FETCH.match(command)) and 0 < int(found[1]) <= len(returns.letters):
            octets = returns.letters[int(found[1]) - 1]
            return f"* {found[1]} FETCH (UID {found[1]} BODY[] {{{len(octets)}}}\r\n".encode() + octets + b")\r\n"
        if found := _STORE.match(command):
            returns.seen |= {int(number) for number in found[1].split(",")}
        return b""
