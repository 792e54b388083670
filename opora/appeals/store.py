"""Where the bytes of files lie: the data folder, outside everything a browser is served, each under its hash."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from opora.appeals.errors import FileBroken


def root() -> Path:
    return Path(settings.DATA_DIR) / "appeal-files"


def place_of(sha256: str) -> Path:
    return root() / sha256[:2] / sha256


def keep(content: bytes) -> str:
    """Write bytes whole or not at all and return their hash; what lies there already is not written twice."""
    sha256 = hashlib.sha256(content).hexdigest()
    target = place_of(sha256)
    if _is_there(target, len(content)):
        return sha256
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix="new-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
    _settle(target.parent)
    return sha256


def open_kept(sha256: str) -> BinaryIO:
    """Return the bytes from the beginning, their hash checked. Raises FileBroken."""
    try:
        stream = place_of(sha256).open("rb")
    except OSError as fault:
        raise FileBroken from fault
    if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
        stream.close()
        raise FileBroken
    stream.seek(0)
    return stream


def _is_there(target: Path, size: int) -> bool:
    """Whether the bytes lie there; they count as new from now on, so that ``sweeping`` leaves them alone."""
    try:
        if target.stat().st_size != size:
            return False
        os.utime(target)
    except OSError:
        return False
    return True


def _settle(folder: Path) -> None:
    """A new name is on the disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
