"""Passwords of providers at rest: sealed by a key derived from SECRET_KEY, read again only by who opens a line."""

import json
from collections.abc import Mapping

from cryptography.fernet import InvalidToken

from opora.channels.errors import SecretUnreadable
from opora.shared.cipher import cipher_for

PURPOSE = "opora.channels.secrets"


def seal(secrets: Mapping[str, str]) -> str:
    """Return the secrets as a text for the database; empty for none."""
    return cipher_for(PURPOSE).encrypt(json.dumps(dict(secrets)).encode()).decode() if secrets else ""


def unseal(sealed: str) -> dict[str, str]:
    """Return what was sealed, under the present key or one of SECRET_KEY_FALLBACKS. Raises SecretUnreadable."""
    if not sealed:
        return {}
    try:
        return dict(json.loads(cipher_for(PURPOSE).decrypt(sealed.encode())))
    except (InvalidToken, ValueError) as fault:
        raise SecretUnreadable from fault
