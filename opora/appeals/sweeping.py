"""Bytes that no row names any more leave the store: a room erases its rows, what they named is erased here.

held_by("chat.LineFile", "sha256")  # in ``apps.py`` of every room that keeps bytes
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.apps import apps
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals import store

REST = timedelta(days=7)  # bytes are there before their row is
GOING = "going-"  # a name under which nobody looks for bytes
FEW = 100  # files of a part; where more than half of them is named nowhere, this is not the database of the store
_DIGITS = "0123456789abcdef"
_holders: set[tuple[str, str]] = set()

log = structlog.get_logger(__name__)


def held_by(model: str, field: str) -> None:
    """Say that the column ``field`` of a model (``room.Model``) names bytes of the store by their hash."""
    _holders.add((model, field))


def holders() -> set[tuple[str, str]]:
    return set(_holders)


def sweep(now: datetime | None = None) -> int:
    """Erase bytes that lie for a week and are named nowhere; return how many files went. Run twice: nothing.

    A part of the store most of which is named nowhere is left as it is: another database was given to the program.
    One scan of every holder for each of sixteen parts of the store, so memory does not grow with it.
    """
    edge = ((now or timezone.now()) - REST).timestamp()
    return sum(_sweep(digit, edge) for digit in _DIGITS)


def _sweep(digit: str, edge: float) -> int:
    old = [file for file in _files(digit) if file.stat().st_mtime < edge]
    if not old:
        return 0
    named = _named(digit)
    left = [file for file in old if file.name.removeprefix(GOING) not in named]
    if len(left) > max(FEW, len(old) // 2):
        log.error("appeals.sweep_refused", files=len(old), unnamed=len(left))
        return 0
    for file in old:
        if file.name.startswith(GOING) and file not in left:  # a sweep was killed in between
            os.replace(file, file.with_name(file.name.removeprefix(GOING)))
    return sum(_erase(file, edge) for file in left)


def _files(digit: str) -> Iterator[Path]:
    for folder in store.root().glob(f"{digit}[{_DIGITS}]"):
        yield from folder.iterdir()


def _named(digit: str) -> set[str]:
    found: set[str] = set()
    with enter(Scope.system("bytes are named by rows of every house")):
        for model, field in _holders:
            rows = apps.get_model(model)._base_manager.filter(**{f"{field}__startswith": digit})
            found.update(rows.values_list(field, flat=True).iterator())
    return found


def _erase(file: Path, edge: float) -> bool:
    """Take a file out of sight first: bytes that are kept anew meanwhile (``store.keep``) stay or are written again."""
    going = file.with_name(GOING + file.name.removeprefix(GOING))
    try:
        os.replace(file, going)
        if going.stat().st_mtime >= edge:
            os.replace(going, file)
            return False
        going.unlink()
    except FileNotFoundError:
        return False
    return True
