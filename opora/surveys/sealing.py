"""What a person says, on its way: sealed, so that neither a page nor a row shows it until it lies among others.

One length for all and no moment inside: a seal of Fernet tells when it was made, ours always tell the same.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

from opora.surveys.errors import StateLost

BLOCK = 4096
NO_MOMENT = 0
LONGEST = 200_000


def seal(content: Any, purpose: str) -> str:
    """Return JSON ``content`` sealed for one purpose, padded to whole blocks."""
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    padded = plain + b" " * (-len(plain) % BLOCK)
    return _cipher(purpose).encrypt_at_time(padded, NO_MOMENT).decode()


def unseal(sealed: str, purpose: str) -> Any:
    """Return what was sealed. Raises StateLost."""
    if not sealed or len(sealed) > LONGEST:
        raise StateLost
    try:
        return json.loads(_cipher(purpose).decrypt(sealed.encode()))
    except (InvalidToken, ValueError) as fault:
        raise StateLost from fault


def _cipher(purpose: str) -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, purpose))) for key in keys])


def _derived(key: str | bytes, purpose: str) -> bytes:
    info = f"opora.surveys.{purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(force_bytes(key))
