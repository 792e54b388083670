"""What a tablet keeps without a network is sealed to the house: it can add a record and never read one.

A record is a JSON text under AES-256-GCM; its key comes by HKDF-SHA256 from ECDH on P-256 between a pair made for this
one record and the public key of the organisation. The id of the record is bound in, so that an envelope cannot be sent
under another. A stolen tablet gives its finder nothing. Source: NIST SP 800-56A rev. 3, RFC 5869.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from opora.posts.errors import EnvelopeBroken

CURVE = ec.SECP256R1()
INFO = b"opora.posts.record"
POINT = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed record: ``seal`` names the pair it is sealed to, ``point`` is the public half made for it."""

    key: UUID
    seal: UUID
    point: bytes
    nonce: bytes
    text: bytes


def make_pair() -> tuple[str, bytes]:
    """Return the public half in base64 and the private one as DER, to be sealed before it is stored."""
    private = ec.generate_private_key(CURVE)
    public = base64.b64encode(private.public_key().public_bytes(*POINT)).decode()
    return public, private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def open_envelope(envelope: Envelope, private: bytes) -> dict[str, Any]:
    """Return the record. Raises EnvelopeBroken."""
    try:
        ours = serialization.load_der_private_key(private, None)
        if not isinstance(ours, ec.EllipticCurvePrivateKey):
            raise EnvelopeBroken
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, envelope.point)
        key = _derived(ours.exchange(ec.ECDH(), theirs), envelope.point + ours.public_key().public_bytes(*POINT))
        told = json.loads(AESGCM(key).decrypt(envelope.nonce, envelope.text, str(envelope.key).encode()))
    except (InvalidTag, ValueError, RecursionError) as fault:
        raise EnvelopeBroken from fault
    if not isinstance(told, dict):
        raise EnvelopeBroken
    return told


def close_envelope(record: Mapping[str, Any], *, key: UUID, seal: UUID, public: str, nonce: bytes) -> Envelope:
    """Return a record sealed as the tablet does it; for programs and tests. ``nonce`` is 12 bytes, never used twice."""
    pair, theirs = ec.generate_private_key(CURVE), base64.b64decode(public)
    shared = pair.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    point = pair.public_key().public_bytes(*POINT)
    text = json.dumps(record).encode()
    sealed = AESGCM(_derived(shared, point + theirs)).encrypt(nonce, text, str(key).encode())
    return Envelope(key, seal, point, nonce, sealed)


def read(told: Any) -> Envelope:
    """Return an envelope from JSON. Raises EnvelopeBroken."""
    try:
        parts = [base64.b64decode(told[name], validate=True) for name in ("point", "nonce", "text")]
        return Envelope(UUID(told["key"]), UUID(told["seal"]), *parts)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as fault:
        raise EnvelopeBroken from fault


def written(envelope: Envelope) -> dict[str, str]:
    """Return an envelope as JSON has it."""
    parts = {name: base64.b64encode(getattr(envelope, name)).decode() for name in ("point", "nonce", "text")}
    return {"key": str(envelope.key), "seal": str(envelope.seal), **parts}


def _derived(shared: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=INFO).derive(shared)
