"""Folders ``in``, ``out``, ``archive`` of each organisation: what comes is taken once, what is answered is put beside.

A file is taken by renaming it into ``in/<code>/.taken``: of two workers one wins. Each later step may be done twice, so
that a crash between any two of them is mended by the next look. Handbook 20 §3.1.
"""

from __future__ import annotations

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import structlog
from django.db import connection

from opora.access.scope import enter
from opora.exchange import vault
from opora.exchange.formats.accounts import OF_CARE
from opora.exchange.models import Parcel
from opora.exchange.models.parcel import Direction, Way
from opora.exchange.parcels import SYSTEM, Coming, answer_of, process, receive_file
from opora.organisations.models import Organisation

MASKS = ("*.xml", "*.xlsx", "*.zip", "*.json", "*.csv")
OWN = "g1out*"
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")
QUIET = 5.0  # seconds without a change: a file that is still being written is left alone
TAKEN = ".taken"
SENDERS = (Organisation.Kind.FUND, Organisation.Kind.INSURER, Organisation.Kind.BRANCH)

log = structlog.get_logger(__name__)


def watch(*, now: float | None = None) -> int:
    """Take what has come into the folders of all organisations; return how many files were dealt with."""
    inbox = vault.root() / "in"
    if not inbox.is_dir():
        return 0
    moment = time.time() if now is None else now
    with enter(SYSTEM):
        organisations = {one.code: one for one in Organisation.objects.current().filter(kind__in=SENDERS)}
    done = 0
    for folder in sorted(inbox.iterdir()):
        organisation = organisations.get(folder.name)
        if organisation is None or not folder.is_dir() or folder.is_symlink():
            continue
        with _looking(organisation) as mine:
            if mine:
                done += sum(1 for path in _taken(folder, moment) if _deal(path, organisation))
    return done


def make_folders(organisation: Organisation) -> list[Path]:
    """Make the three folders of an organisation, closed to others."""
    made = [vault.root() / name / organisation.code for name in ("in", "out", "archive")]
    for folder in made:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return made


class _looking:
    """The right to look at one organisation's folder; the server takes it back from a process that died."""

    def __init__(self, organisation: Organisation) -> None:
        self._key = organisation.pk

    def __enter__(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('opora.exchange.folder', %s))", [self._key])
            [(self._mine)] = cursor.fetchone()
        return bool(self._mine)

    def __exit__(self, *_: object) -> None:
        if self._mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended('opora.exchange.folder', %s))", [self._key])


def _taken(folder: Path, now: float) -> Iterator[Path]:
    """Yield files that are ours now: those a dead worker left, then new ones in alphabetical order."""
    taken = folder / TAKEN
    taken.mkdir(exist_ok=True, mode=0o700)
    yield from sorted(path for path in taken.iterdir() if path.is_file())
    for path in sorted(folder.iterdir(), key=lambda found: found.name.lower()):
        if not _is_due(path, now):
            continue
        target = taken / f"{uuid.uuid4().hex}-{path.name}"
        try:
            os.rename(path, target)
        except FileNotFoundError:
            continue
        yield target


def _is_due(path: Path, now: float) -> bool:
    """Whether a file is one of ours to read: a plain file, of a known mask, no longer growing, not our own."""
    name = path.name.lower()
    if name.startswith(".") or name.endswith(UNFINISHED) or fnmatch(name, OWN):
        return False
    if not any(fnmatch(name, mask) for mask in MASKS) or path.is_symlink() or not path.is_file():
        return False
    return now - path.stat().st_mtime >= QUIET


def _deal(path: Path, organisation: Organisation) -> bool:
    """Store, answer, put away. False when it did not work out: the file stays taken and is tried again."""
    name = path.name.partition("-")[2]
    try:
        parcel = process(_parcel(path, name, organisation).pk)
        if (answer := answer_of(parcel)) is not None:
            _put(vault.root() / "out" / organisation.code, parcel.answer_name, answer)
        if parcel.format in OF_CARE:
            path.unlink(missing_ok=True)  # diagnoses and sums are kept nowhere longer than in the vault
        else:
            _archive(path, name, organisation)
    except Exception:
        log.exception("exchange.folder_failed", organisation=organisation.code)
        return False
    return True


def _parcel(path: Path, name: str, organisation: Organisation) -> Parcel:
    """Return the row of a taken file: the one its first attempt has made, or a new one."""
    mark = path.name.partition("-")[0]
    with enter(SYSTEM):
        former = Parcel.objects.filter(
            organisation=organisation, direction=Direction.IN, way=Way.FOLDER, options__mark=mark
        ).first()
    return former or receive_file(path, Coming(organisation, name, Way.FOLDER, mark=mark))


def _put(folder: Path, name: str, raw: bytes) -> None:
    """Write an answer so that nobody sees half of it; the answer to a later file of the same name takes its place."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    shadow = folder / f".{uuid.uuid4().hex}.tmp"
    with os.fdopen(os.open(shadow, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(raw)
    os.replace(shadow, folder / name)


def _archive(path: Path, name: str, organisation: Organisation) -> None:
    folder = vault.root() / "archive" / organisation.code
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target, number = folder / name, 1
    while target.exists():
        number += 1
        target = folder / f"{Path(name).stem}_{number}{Path(name).suffix}"
    shutil.move(path, target)
    target.chmod(0o600)
    os.utime(target)  # how long it lies is counted from now, whenever the partner wrote it


def put_out(organisation: Organisation, name: str, sha256: str) -> None:
    """Lay a file we have made into the organisation's folder ``out``."""
    _put(vault.root() / "out" / organisation.code, name, vault.found(sha256).read_bytes())
