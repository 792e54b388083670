"""Where files of the exchange lie: the data folder, outside of the web root, readable by the program alone.

A file is kept under the hash of its bytes: writing twice is harmless, a crash leaves at most a file nobody names.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from opora.exchange.errors import FileForgotten

PIECE = 1 << 20
GOING = "going-"  # a name under which nobody looks for bytes


@dataclass(frozen=True, slots=True)
class Kept:
    sha256: str
    size: int


def root() -> Path:
    """Return the folder of the exchange: the setting, else ``exchange`` in the data folder."""
    return Path(settings.EXCHANGE_DIR)


def keep(pieces: Iterable[bytes]) -> Kept:
    """Write bytes and return under which hash they lie."""
    folder = root() / "kept"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(prefix="new-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as stream:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        target = place_of(digest.hexdigest())
        target.parent.mkdir(exist_ok=True, mode=0o700)
        os.replace(name, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
    return Kept(digest.hexdigest(), size)


def keep_file(path: Path) -> Kept:
    with path.open("rb") as stream:
        return keep(iter(lambda: stream.read(PIECE), b""))


def place_of(sha256: str) -> Path:
    return root() / "kept" / sha256[:2] / sha256


def found(sha256: str) -> Path:
    """Return where bytes lie. Raises FileForgotten when their time is over."""
    path = place_of(sha256)
    if not path.is_file():
        raise FileForgotten
    return path


def erase(sha256: str, *, older_than: float) -> bool:
    """Erase bytes that were written before a moment (seconds); bytes that have come again stay. Say whether it is done.

    They go away under another name first: what has come in between has a new file under the old one. What a run that
    died has left under that name is dealt with by the next.
    """
    path = place_of(sha256)
    going = path.with_name(f"{GOING}{sha256}")
    with suppress(FileNotFoundError):
        if path.stat().st_mtime < older_than:
            os.replace(path, going)
    try:
        is_old = going.stat().st_mtime < older_than
    except FileNotFoundError:
        return False
    if is_old:
        going.unlink()
    else:
        os.replace(going, path)
    return is_old


@contextmanager
def under_its_name(sha256: str, name: str) -> Iterator[Path]:
    """Give the file under the name it came with: readers look at names too. It is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="opora-exchange-") as folder:
        path = Path(folder) / plain_name(name)
        shutil.copyfile(found(sha256), path)
        yield path


def plain_name(name: str) -> str:
    """Return the last part of a name without what a file system cannot hold.

    >>> plain_name("../../etc/G1R_1.xml"), plain_name("C:\\\\in\\\\users.xml"), plain_name("..")
    ('G1R_1.xml', 'users.xml', 'file')
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1].replace("\0", "").strip()
    shortened = last.encode()[-240:].decode(errors="ignore") if len(last.encode()) > 240 else last
    return shortened if shortened.strip(". ") else "file"
