"""Words that must not stand in an address, a log or a referrer: names and texts of citizens, sealed by this house."""

from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

LONGEST = 4000


def hide(text: str) -> str:
    """Return ``text`` sealed; the same text gives another seal each time."""
    return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode().rstrip("=")


def reveal(token: str | None) -> str:
    """Return what was sealed; empty for a token that is not ours or was tampered with."""
    if not token or len(token) > LONGEST:
        return ""
    try:
        return _cipher(settings.SECRET_KEY).decrypt((token + "=" * (-len(token) % 4)).encode()).decode()
    except (InvalidToken, ValueError):
        return ""


@lru_cache(maxsize=2)
def _cipher(secret: str) -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"opora.shared.hidden:" + secret.encode()).digest()))
