"""The one cipher for what lies sealed in the database: a key for each purpose, derived from SECRET_KEY.

    cipher_for("opora.channels.secrets").encrypt(b"…")

What was sealed under one of SECRET_KEY_FALLBACKS is still read, so the key of the program may be changed.
"""

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes


def cipher_for(purpose: str) -> MultiFernet:
    """Return the cipher of a purpose; another purpose cannot read what it has sealed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, purpose))) for key in keys])


def _derived(key: str | bytes, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode()).derive(force_bytes(key))
