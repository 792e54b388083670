"""Signed words that the stream process reads without Django: tickets and names of channels.

A word is ``body.signature``: JSON in base64url and its HMAC-SHA256. The key is made from the secret of the settings and
the purpose, so that a word of one kind is never taken for one of another.
"""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

SIGNATURE = 22  # characters of base64url: 128 bits


class SealBroken(Exception):
    """The word is forged, cut or out of date."""


def seal(purpose: str, content: list[Any], *, secret: str, expires_at: int) -> str:
    """Return ``content`` as a signed word; ``expires_at`` is seconds of Unix time."""
    body = _text(json.dumps([expires_at, *content], ensure_ascii=False, separators=(",", ":")).encode())
    return f"{body}.{_signature(purpose, body, secret)}"


def unseal(purpose: str, word: str, *, secret: str, now: float | None = None) -> list[Any]:
    """Return the content of a word, the moment of its expiry first. Raises SealBroken."""
    body, _, signature = word.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(purpose, body, secret).encode()):
        raise SealBroken("signature")
    content = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    if content[0] <= (time.time() if now is None else now):
        raise SealBroken("expired")
    return list(content)


def _signature(purpose: str, body: str, secret: str) -> str:
    key = hashlib.sha256(f"opora.live.{purpose}:{secret}".encode()).digest()
    return _text(hmac.digest(key, body.encode(), "sha256"))[:SIGNATURE]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
