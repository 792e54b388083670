"""What binds a citizen to a thread: a short code he reads from a screen, a signed token in our address.

A code is drawn from the key of the program and the id of the thread, so that a repeated message is told the same one;
kept is only its keyed hash. Forty-eight bits: with a million threads one guess in 280 million finds any of them.
"""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256
from uuid import UUID

from django.conf import settings

LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"  # no vowels, nothing that looks like another
LENGTH = 10
_SIGNS = 10


def code_of(thread: UUID, digest: str = "") -> str:
    """Return the code of a thread, ``XXXXX-XXXXX``; with ``digest`` — under the key it was made with, «» if gone."""
    for key in _keys():
        code = _drawn(key, thread)
        if not digest or hmac.compare_digest(_digest(key, code), digest):
            return f"{code[:5]}-{code[5:]}"
    return ""


def digest_of(code: str) -> str:
    """Return what is kept of a new code."""
    return _digest(_keys()[0], plain(code))


def digests(code: str) -> list[str]:
    """Return what may be kept of a code a citizen typed, under the present key and former ones."""
    return [_digest(key, plain(code)) for key in _keys()]


def plain(code: str) -> str:
    """Return a code as it is compared: capitals and digits alone.

    >>> plain(" bcdfg-2345k ")
    'BCDFG2345K'
    """
    return "".join(sign for sign in code.upper() if sign in LETTERS)[:LENGTH]


def token(thread: UUID) -> str:
    """Return a thread's id with our signature, fit for an address: lower-case letters and digits."""
    return _token(_keys()[0], thread)


def read_token(text: str) -> UUID | None:
    """Return the thread a token of ours names, None for any other text."""
    try:
        raw = base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except ValueError:
        return None
    if len(raw) != 16 + _SIGNS:
        return None
    thread = UUID(bytes=raw[:16])
    return thread if any(hmac.compare_digest(_token(key, thread), text.lower()) for key in _keys()) else None


def _token(key: bytes, thread: UUID) -> str:
    signature = hmac.digest(key, b"doors.token" + thread.bytes, sha256)[:_SIGNS]
    return base64.b32encode(thread.bytes + signature).decode().rstrip("=").lower()


def _drawn(key: bytes, thread: UUID) -> str:
    number = int.from_bytes(hmac.digest(key, b"doors.code" + thread.bytes, sha256))
    signs = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        signs.append(LETTERS[place])
    return "".join(signs)


def _digest(key: bytes, code: str) -> str:
    return hmac.digest(key, b"doors.digest" + code.encode(), sha256).hex()


def _keys() -> list[bytes]:
    return [str(key).encode() for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
