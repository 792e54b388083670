"""A partner's file as it comes: bare, or a zip with exactly one member of the same name."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree

from opora.shared.tables.errors import TableRefused
from opora.shared.tables.parsers import piece_by_piece
from opora.shared.tables.source import DAMAGED, ZIP, Kind, Limits, inspect

HEAD = 1 << 13
LIMITS = Limits(file=50 << 20, unpacked=1 << 30, members=1000)  # handbook 20 §2: 50 MB of the peer


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a file, enough to recognise it: ``root`` is empty when this is no XML.

    ``tags`` are all tags met, ``values`` the first text of each, ``text`` the beginning of a member that is no XML,
    ``member`` its name in an archive.
    """

    root: str = ""
    tags: frozenset[str] = frozenset()
    values: dict[str, str] = field(default_factory=dict)
    raw: bytes = b""
    member: str = ""


def head_of(path: Path) -> Head:
    """Look into a file, packed or bare. Never raises: what cannot be opened has an empty head."""
    try:
        state = path.stat()
    except OSError:
        return Head()
    return _head(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _head(path: Path, _changed: int, _size: int) -> Head:
    """All formats ask about the same file one after another: it is opened once."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(HEAD)
        member = ""
        if raw.startswith(ZIP):
            member, raw = _first_member(path)
    except (*DAMAGED, ValueError):
        return Head()
    return look(raw, member)


def look(raw: bytes, member: str = "") -> Head:
    """Return what the first bytes of a file say."""
    root, tags, values = _look(raw)
    return Head(root, frozenset(tags), values, raw, member)


def _first_member(path: Path) -> tuple[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        files = [member for member in archive.infolist() if not member.is_dir()]
        if len(files) != 1:
            return "", b""
        with archive.open(files[0]) as stream:
            return files[0].filename, stream.read(HEAD)


def _look(raw: bytes) -> tuple[str, set[str], dict[str, str]]:
    tags: set[str] = set()
    values: dict[str, str] = {}
    root = ""
    parser = piece_by_piece("start", "end", recover=True)
    try:
        parser.feed(raw)
        events: Any = parser.read_events()
        for event, element in events:
            tag = str(element.tag).rpartition("}")[2]
            if event == "start":
                root = root or tag
                tags.add(tag)
            else:
                values.setdefault(tag, (element.text or "").strip())
    except (etree.XMLSyntaxError, ValueError):
        pass
    return root, tags, values


@contextmanager
def unpacked(path: Path, *, kind: Kind = Kind.XML, limits: Limits = LIMITS) -> Iterator[BinaryIO]:
    """Give the bytes of the only member, or of the bare file. Raises TableRefused with a sentence before unpacking."""
    source = inspect(path, limits=limits)
    if source.member:
        _check_member(source.member, path)
    if source.kind is not kind:
        raise TableRefused("Это не XML." if kind is Kind.XML else "Это не CSV.")
    with source.open() as stream:
        yield stream


def _check_member(member: str, path: Path) -> None:
    if "/" in member or "\\" in member:
        raise TableRefused("Файл лежит в архиве внутри папки. Положите его в корень архива.")
    if Path(member).stem.lower() != path.stem.lower():
        raise TableRefused(
            f"Файл в архиве называется {member[:80]}, а архив — {path.name[:80]}: имена должны совпадать."
        )
