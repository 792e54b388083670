"""Files of voices at rest: each sealed under its own key, in the data folder, away from what browsers are served.

AES-256-GCM (``cryptography``); the name of the file is bound in, so that one cannot be put in the place of another. The
key lies in the row, sealed by a key derived from SECRET_KEY: without the row a file says nothing, so what is erased in
the row is erased in every old copy of the folder. A file is opened whole: an hour of talk is 58 MB.
"""

from __future__ import annotations

import base64
import os
import struct
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from opora.shared.cipher import cipher_for
from opora.telephony.errors import TapeBroken
from opora.telephony.ports import NoTape

PURPOSE = "opora.telephony.tapes"
NONCE = 12  # bytes
LARGEST = 200_000_000  # bytes: three hours and a half
RIFF_HEAD = 44
SLACK = 8  # bytes the head of a finished file may be wrong by


@dataclass(frozen=True, slots=True)
class Sound:
    """What a file is: ``media`` for a browser, ``seconds`` 0 where the file does not say."""

    media: str
    seconds: int


def sound_of(content: bytes) -> Sound:
    """Recognise a file by its beginning. Raises NoTape for one that is still being written or no browser plays."""
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        if len(content) <= RIFF_HEAD:
            raise NoTape("файл на АТС ещё не дописан")
        said, rate = struct.unpack("<I", content[4:8])[0], struct.unpack("<I", content[28:32])[0]
        if not rate or abs(said + 8 - len(content)) > SLACK:
            raise NoTape("файл на АТС ещё не дописан")
        return Sound("audio/wav", round((len(content) - RIFF_HEAD) / rate))
    if content[:3] == b"ID3" or (content[:1] == b"\xff" and len(content) > 1 and content[1] & 0xE0 == 0xE0):
        return Sound("audio/mpeg", 0)
    if content[:4] == b"OggS":
        return Sound("audio/ogg", 0)
    raise NoTape("файл не wav, mp3 или ogg" if content else "файл на АТС пуст")


def place_of(identity: UUID) -> Path:
    """Where the sealed file lies."""
    name = identity.hex
    return Path(settings.DATA_DIR) / "tapes" / name[-2:] / name


def seal(content: bytes, identity: UUID) -> str:
    """Write a file sealed, whole or not at all; return the key for its row."""
    key, nonce = AESGCM.generate_key(256), os.urandom(NONCE)
    target = place_of(identity)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix="new-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(nonce + AESGCM(key).encrypt(nonce, content, identity.bytes))
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
    return cipher_for(PURPOSE).encrypt(base64.b64encode(key)).decode()


def unseal(key: str, identity: UUID) -> bytes:
    """Return an open file. Raises TapeBroken."""
    try:
        sealed = place_of(identity).read_bytes()
        own = base64.b64decode(cipher_for(PURPOSE).decrypt(key.encode()))
        return AESGCM(own).decrypt(sealed[:NONCE], sealed[NONCE:], identity.bytes)
    except (OSError, InvalidTag, InvalidToken, ValueError) as fault:
        raise TapeBroken from fault


def forget(identity: UUID) -> None:
    """Take the sealed file away."""
    place_of(identity).unlink(missing_ok=True)
