"""Passwords of providers at rest: sealed by a key derived from SECRET_KEY, read again only by who opens a line."""

import base64
import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

from opora.channels.errors import SecretUnreadable


def seal(secrets: Mapping[str, str]) -> str:
    """Return the secrets as a text for the database; empty for none."""
    return _cipher().encrypt(json.dumps(dict(secrets)).encode()).decode() if secrets else ""


def unseal(sealed: str) -> dict[str, str]:
    """Return what was sealed, under the present key or one of SECRET_KEY_FALLBACKS. Raises SecretUnreadable."""
    if not sealed:
        return {}
    try:
        return dict(json.loads(_cipher().decrypt(sealed.encode())))
    except (InvalidToken, ValueError) as fault:
        raise SecretUnreadable from fault


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: str | bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"opora.channels.secrets").derive(
        force_bytes(key)
    )
