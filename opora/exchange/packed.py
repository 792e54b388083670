"""A list in an archive of its own name: exactly one member, no folders, no password, within limits."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from opora.shared.tables.errors import TableRefused
from opora.shared.tables.source import ZIP, Limits, check_members

LIMITS = Limits(file=50 << 20, unpacked=100 << 20, members=1000)
DAMAGED = "Архив испорчен, обрывается или под паролем."


def is_archive(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(8).startswith(ZIP)


def glance(path: Path, *, size: int = 4096) -> tuple[str, bytes]:
    """Return the name and the first bytes of a file, of its only member when it is packed. Never raises for content."""
    if not is_archive(path):
        with path.open("rb") as stream:
            return path.name, stream.read(size)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) != 1 or members[0].flag_bits & 1:
                return "", b""
            with archive.open(members[0]) as stream:
                return members[0].filename, stream.read(size)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError):
        return "", b""


def unpack(path: Path, *, limits: Limits = LIMITS) -> tuple[str, bytes]:
    """Return the name and all the bytes of the file or of its only member. Raises TableRefused."""
    if path.stat().st_size > limits.file:
        raise TableRefused(f"Файл больше допустимого: можно до {limits.file >> 20} МБ.")
    if not is_archive(path):
        return path.name, path.read_bytes()
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            check_members(members, limits)
            if len(members) != 1:
                raise TableRefused(f"В архиве {len(members)} файлов, а должен быть один.")
            name = members[0].filename
            if "/" in name or "\\" in name:
                raise TableRefused("Файл в архиве лежит в папке, а должен лежать сразу.")
            if Path(name).stem.casefold() != path.stem.casefold():
                raise TableRefused(f"Файл в архиве назван {name}, а должен называться как архив.")
            return name, archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as fault:
        raise TableRefused(DAMAGED) from fault


def text_1251(raw: bytes) -> str:
    """Return the text of a file whose format fixes windows-1251. Raises TableRefused, for UTF-8 too."""
    try:
        if not raw.isascii() and raw.decode("utf-8"):
            raise TableRefused("Файл в UTF-8, а этот формат пишут в windows-1251. Сохраните его в windows-1251.")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("cp1251")
    except UnicodeDecodeError as fault:
        raise TableRefused("Файл не читается как windows-1251: он повреждён или записан в другой кодировке.") from fault
