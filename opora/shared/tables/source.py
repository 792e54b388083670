"""Look at a file before reading it: what it is, whether it is whole, and whether it may be opened at all."""

import hashlib
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, cast

from opora.shared.tables.encodings import Survey
from opora.shared.tables.errors import TableRefused

CHUNK = 1 << 20
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
MEGABYTE = 1 << 20
# What unpacking an archive raises when its bytes are not what it says: each way of packing has its own.
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, OSError, RuntimeError)


class Kind(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    XML = "xml"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may be: bytes on disk and unpacked, members of an archive, times an archive may swell."""

    file: int = 8 << 30
    unpacked: int = 8 << 30
    members: int = 1000
    ratio: int = 200
    ratio_counts_from: int = 64 * MEGABYTE
    cell: int = 32_767  # as in Excel
    line: int = 4 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was looked at: it is whole, of a known kind, within the limits. ``member`` is its name in a zip."""

    path: Path
    kind: Kind
    sha256: str
    size: int
    encoding: str = ""
    member: str = ""
    limits: Limits = Limits()

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Give the bytes of the table; a packed one is unpacked on the way, never to disk."""
        if not self.member:
            with self.path.open("rb") as stream:
                yield stream
            return
        with _archive(self.path) as archive, archive.open(self.member) as stream:
            yield cast(BinaryIO, stream)


def inspect(path: Path, *, limits: Limits | None = None, encoding: str = "") -> Source:
    """Return the file as a Source after one pass over its bytes. ``encoding`` overrules the guess for CSV.

    Raises TableRefused for an empty, too large, encrypted, damaged or swelling file and for unknown encodings.
    """
    limits = limits or Limits()
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(4096)
    except OSError as fault:
        raise TableRefused(f"Файл не открывается: {fault.strerror}.") from fault
    if size == 0:
        raise TableRefused("Файл пуст: в нём 0 байт. Выгрузите его ещё раз.")
    if size > limits.file:
        raise TableRefused(f"Файл больше допустимого: {_size(size)}, можно до {_size(limits.file)}.")
    if head.startswith(OLE):
        raise TableRefused(
            "Это книга Excel под паролем или старого вида (.xls). Снимите пароль и сохраните её как .xlsx или CSV."
        )
    if head.startswith(ZIP):
        return _inspect_archive(path, size, limits, encoding)
    kind = _kind_of_text(head)
    survey = Survey(encoding, is_xml=kind is Kind.XML)
    with path.open("rb") as stream:
        digest = _read_through(stream, survey)
    return Source(path, kind, digest, size, survey.encoding(), "", limits)


def _kind_of_text(head: bytes) -> Kind:
    bare = head
    for mark, codec in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if head.startswith(mark):
            bare = head[: len(head) & ~1].decode(codec, "ignore").encode()
            break
    else:
        if head[:4] in (b"<\0?\0", b"\0<\0?"):
            bare = b"<?"
    return Kind.XML if bare.lstrip().startswith(b"<") else Kind.CSV


def _inspect_archive(path: Path, size: int, limits: Limits, encoding: str) -> Source:
    with _archive(path) as archive:
        members = archive.infolist()
        check_members(members, limits)
        names = {member.filename for member in members}
        digest = _digest(path)
        if "xl/workbook.xml" in names or "[Content_Types].xml" in names:
            if "xl/workbook.xml" not in names:
                raise TableRefused("Это документ Office, но не книга Excel. Нужны CSV, XLSX или XML.")
            return Source(path, Kind.XLSX, digest, size, "", "", limits)
        files = [member for member in members if not member.is_dir()]
        if len(files) != 1:
            raise TableRefused(f"В архиве {len(files)} файлов, а нужен один: CSV или XML.")
        name = files[0].filename
        try:
            with archive.open(name) as stream:
                head = stream.read(4096)
                if not head:
                    raise TableRefused("Файл в архиве пуст: в нём 0 байт.")
                if head.startswith((*ZIP, OLE)):
                    raise TableRefused(
                        "В архиве лежит ещё один архив или книга. Положите CSV или XML, книгу — без архива."
                    )
                kind = _kind_of_text(head)
            survey = Survey(encoding, is_xml=kind is Kind.XML)
            with archive.open(name) as stream:
                _read_through(cast(BinaryIO, stream), survey)
        except DAMAGED as fault:
            raise TableRefused("Архив повреждён: файл из него не распаковывается. Передайте его ещё раз.") from fault
        return Source(path, kind, digest, size, survey.encoding(), name, limits)


def check_members(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuse an archive by its directory alone, before a byte is unpacked. Raises TableRefused."""
    if len(members) > limits.members:
        raise TableRefused(f"В архиве {len(members)} файлов, можно до {limits.members}.")
    total = 0
    for member in members:
        parts = member.filename.replace("\\", "/").split("/")
        if member.filename.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
            raise TableRefused("Архив пытается выйти из своей папки: имя файла в нём с «..» или от корня.")
        if member.flag_bits & 1:
            raise TableRefused("Архив под паролем. Снимите пароль.")
        total += member.file_size
        swells = member.file_size > limits.ratio * max(member.compress_size, 1)
        if swells and member.file_size > limits.ratio_counts_from:
            raise TableRefused(
                f"Архив раздувается больше чем в {limits.ratio} раз — похоже на архивную бомбу. Файл не раскрыт."
            )
    if total > limits.unpacked:
        raise TableRefused(f"Распакованный файл больше допустимого: {_size(total)}, можно до {_size(limits.unpacked)}.")


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as fault:
        raise TableRefused("Архив или книга оборваны или повреждены. Передайте файл ещё раз.") from fault


def _read_through(stream: BinaryIO, survey: Survey) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
        survey.look(chunk)
    survey.finish()
    return digest.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _size(number: int) -> str:
    for unit, size in (("ГБ", 1 << 30), ("МБ", 1 << 20), ("КБ", 1 << 10)):
        if number >= size:
            return f"{number / size:.1f} {unit}".replace(".", ",")
    return f"{number} байт"
