"""What a person says, on its way: sealed, so that neither a page nor a row shows it until it lies among others.

One length for all and no moment inside: a seal of Fernet tells when it was made, ours always tell the same.
"""

from __future__ import annotations

import json
from typing import Any

from cryptography.fernet import InvalidToken

from opora.shared.cipher import cipher_for
from opora.surveys.errors import StateLost

BLOCK = 4096
NO_MOMENT = 0
LONGEST = 200_000


def seal(content: Any, purpose: str) -> str:
    """Return JSON ``content`` sealed for one purpose, padded to whole blocks."""
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    padded = plain + b" " * (-len(plain) % BLOCK)
    return cipher_for(f"opora.surveys.{purpose}").encrypt_at_time(padded, NO_MOMENT).decode()


def unseal(sealed: str, purpose: str) -> Any:
    """Return what was sealed. Raises StateLost."""
    if not sealed or len(sealed) > LONGEST:
        raise StateLost
    try:
        return json.loads(cipher_for(f"opora.surveys.{purpose}").decrypt(sealed.encode()))
    except (InvalidToken, ValueError) as fault:
        raise StateLost from fault
