"""An archive of two XML files: cases, and the people they are about. Both are read on the way, neither to disk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, cast

from opora.exchange.xmlpacked import HEAD, Head, look
from opora.shared.tables.errors import TableRefused
from opora.shared.tables.source import DAMAGED, ZIP, Limits, check_members

MOST_MEMBERS = 8  # more is no pair: a workbook, somebody's folder
LIMITS = Limits(file=50 << 20, unpacked=2 << 30, members=MOST_MEMBERS)


@dataclass(frozen=True, slots=True)
class Part:
    """A file as it lies: ``name`` empty where it came bare, without an archive."""

    name: str
    head: Head


def parts_of(path: Path) -> tuple[Part, ...]:
    """Return what an archive holds, or the bare file itself. Never raises: what cannot be opened holds nothing."""
    try:
        state = path.stat()
    except OSError:
        return ()
    return _parts(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _parts(path: Path, _changed: int, _size: int) -> tuple[Part, ...]:
    try:
        with path.open("rb") as stream:
            raw = stream.read(HEAD)
        if not raw.startswith(ZIP):
            return (Part("", look(raw)),)
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            return () if len(members) > MOST_MEMBERS else tuple(_part(archive, one) for one in members)
    except (*DAMAGED, ValueError):
        return ()


def _part(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Part:
    with archive.open(member) as stream:
        return Part(member.filename, look(stream.read(HEAD)))


def refuse_dangerous(path: Path, *, limits: Limits = LIMITS) -> None:
    """Refuse a file by its size and its directory, before a byte is unpacked. Raises TableRefused."""
    if path.stat().st_size > limits.file:
        raise TableRefused(f"Файл больше допустимого: можно до {limits.file >> 20} МБ.")
    try:
        if not zipfile.is_zipfile(path):
            return
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except DAMAGED as fault:
        raise TableRefused("Архив испорчен, обрывается или под паролем.") from fault
    check_members(members, limits)
    if any("/" in one.filename or "\\" in one.filename for one in members):
        raise TableRefused("Файл лежит в архиве внутри папки. Положите его в корень архива.")


@contextmanager
def opened(path: Path, part: Part) -> Iterator[BinaryIO]:
    """Give the bytes of one file of the pair. Raises TableRefused where they are not what the archive says."""
    try:
        if not part.name:
            with path.open("rb") as stream:
                yield stream
            return
        with zipfile.ZipFile(path) as archive, archive.open(part.name) as stream:
            yield cast(BinaryIO, stream)
    except DAMAGED as fault:
        raise TableRefused("Архив испорчен, обрывается или под паролем.") from fault
