"""What may be attached: told by what is inside a file, never by its name alone. Pure."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import PurePosixPath

from opora.appeals.errors import FileRefused

LONGEST_NAME = 200
MOST_PARTS = 5_000
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")
LETTER_HEADERS = frozenset({"from", "to", "date", "subject", "message-id", "received", "mime-version"})
KNOWN = "Приложите pdf, docx, xlsx, jpg, png, tiff, txt или eml."


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind: its media type, the endings of names, the check of the bytes."""

    media_type: str
    endings: frozenset[str]
    fits: Callable[[bytes], bool]


def check(name: str, content: bytes, *, limit: int) -> tuple[str, str]:
    """Return the plain name and the media type. Raises FileRefused with the sentence for the person."""
    plain = plain_name(name)
    if not content:
        raise FileRefused("Файл пустой.")
    if len(content) > limit:
        raise FileRefused(f"Файл больше {limit // 1024 // 1024} МБ. Уменьшите его или приложите частями.")
    ending = PurePosixPath(plain).suffix.lower().removeprefix(".")
    kind = next((kind for kind in KINDS if ending in kind.endings), None)
    if kind is not None and kind.fits(content):
        return plain, kind.media_type
    raise FileRefused(_why_not(ending, kind, content))


def plain_name(name: str) -> str:
    """Return the last part of a name without controls and marks that turn letters round; it is never a path.

    >>> plain_name("../../etc/акт.pdf"), plain_name("C:\\\\папка\\\\.скан .PDF")
    ('акт.pdf', 'скан .PDF')
    """
    last = re.split(r"[/\\]", name)[-1]
    kept = "".join(sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C")
    kept = re.sub(r'[<>:"|?*]', "_", " ".join(kept.split())).strip(". ")
    if len(kept) > LONGEST_NAME:
        path = PurePosixPath(kept)
        kept = path.stem[: LONGEST_NAME - len(path.suffix[:10])] + path.suffix[:10]
    return kept or "файл"


def _why_not(ending: str, kind: FileKind | None, content: bytes) -> str:
    if content.startswith(OLD_OFFICE):
        return "Файл старого вида (doc, xls, msg) или с паролем. Сохраните его как docx, xlsx или pdf без пароля."
    if kind is None and content.startswith(ARCHIVES):
        return "Архивы не принимаются. Достаньте файлы из архива и приложите их по одному."
    if kind is None:
        return f"Файлы «{ending}» не принимаются. {KNOWN}" if ending else f"У файла нет расширения. {KNOWN}"
    if ending in {"docx", "xlsx"}:
        return f"Внутри не {ending} или в нём есть макросы. Сохраните файл заново без макросов."
    return f"Имя говорит, что это {ending}, но внутри другое. Проверьте файл. {KNOWN}"


def _starts(*signs: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(signs)


def _office(main: str) -> Callable[[bytes], bool]:
    """The list of parts is read, nothing is unpacked: a packed bomb stays packed."""

    def fits(content: bytes) -> bool:
        if not content.startswith(b"PK\x03\x04"):
            return False
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as pack:
                parts = {info.filename.lower() for info in pack.infolist()}
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return False
        has_macros = any(part.endswith("vbaproject.bin") for part in parts)
        return len(parts) <= MOST_PARTS and {"[content_types].xml", main} <= parts and not has_macros

    return fits


def _is_text(content: bytes) -> bool:
    """UTF-8 or the Russian page of Windows, without control bytes."""
    if content.startswith((b"%PDF", *ARCHIVES)) or re.search(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]", content):
        return False
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _is_letter(content: bytes) -> bool:
    head = content[:65_536]
    if b"\x00" in head or not re.match(rb"[A-Za-z][A-Za-z0-9-]*:[ \t]", head):
        return False
    found = {name.lower() for name in BytesHeaderParser().parsebytes(head)}
    return len(found & LETTER_HEADERS) >= 2


_OFFICE_TYPE = "application/vnd.openxmlformats-officedocument"
KINDS = (
    FileKind("application/pdf", frozenset({"pdf"}), _starts(b"%PDF-")),
    FileKind(f"{_OFFICE_TYPE}.wordprocessingml.document", frozenset({"docx"}), _office("word/document.xml")),
    FileKind(f"{_OFFICE_TYPE}.spreadsheetml.sheet", frozenset({"xlsx"}), _office("xl/workbook.xml")),
    FileKind("image/jpeg", frozenset({"jpg", "jpeg"}), _starts(b"\xff\xd8\xff")),
    FileKind("image/png", frozenset({"png"}), _starts(b"\x89PNG\r\n\x1a\n")),
    FileKind("image/tiff", frozenset({"tif", "tiff"}), _starts(b"II*\x00", b"MM\x00*")),
    FileKind("text/plain", frozenset({"txt"}), _is_text),
    FileKind("message/rfc822", frozenset({"eml"}), _is_letter),
)
ENDINGS = tuple(sorted(f".{ending}" for kind in KINDS for ending in kind.endings))
