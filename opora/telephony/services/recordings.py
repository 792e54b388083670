"""Voices come from the exchange: each file once, tried again while it may come, and said honestly when it will not."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.shared.sql import question
from opora.telephony import tapes
from opora.telephony.keeping import days_of
from opora.telephony.models import Recording
from opora.telephony.ports import NoTape, PbxUnavailable, tapes_of
from opora.telephony.words import TapeState

if TYPE_CHECKING:
    from opora.organisations.models import Employee

SQL = Path(__file__).parent.parent / "sql"
WHY = "the exchange knows no employee"
RESTS = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 120, 600, 3600, 6 * 3600, 24 * 3600))
AWAY = timedelta(minutes=2)  # an exchange that does not answer is asked again after
LONGEST_AWAY = timedelta(days=7)
AT_ONCE = 20
BUSY_FOR = 45.0  # seconds of one run

_note = question(SQL, "note_recordings")
_claim = question(SQL, "claim_recordings")
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of the files of one run."""

    kept: int = 0
    later: int = 0


def follow(calls: list[int]) -> None:
    """Note the files that facts of the calls name; part of ``take_in``. Run twice: nothing."""
    _note(calls=calls)


def fetch_due() -> Fetched:
    """Bring what is due, oldest first, for less than a minute. Call it outside of a transaction."""
    kept = later = 0
    until = time.monotonic() + BUSY_FOR
    while time.monotonic() < until:
        with enter(Scope.system(WHY)):
            claimed = _claim(now=timezone.now(), most=AT_ONCE)
        if not claimed:
            break
        for row in claimed:
            if fetch(row.id):
                kept += 1
            else:
                later += 1
    return Fetched(kept, later)


def fetch(identity: UUID) -> bool:
    """Bring one file; say whether it is kept now. One that is kept already is left alone."""
    with enter(Scope.system(WHY)):
        recording = Recording.objects.filter(pk=identity, state=TapeState.WAITING).first()
    if recording is None:
        return False
    try:
        content = tapes_of(recording.pbx).fetch(recording.file)
        sound = tapes.sound_of(content)
    except NoTape as fault:
        _not_yet(recording, str(fault) or "файла на АТС нет")
        return False
    except PbxUnavailable as fault:
        _away(recording, str(fault))
        return False
    if not _keep(recording, content, sound):
        return False
    if settings.PBX_ERASES:
        erase_there(recording)
    return True


def erase_there(recording: Recording) -> None:
    """Erase on the exchange what is kept here; one that does not answer keeps its file, and nothing is lost by it."""
    try:
        tapes_of(recording.pbx).erase(recording.file)
    except PbxUnavailable:
        log.warning("telephony.not_erased_there", pbx=recording.pbx)
        return
    with enter(Scope.system(WHY)):
        Recording.objects.filter(pk=recording.pk).update(gone_at=timezone.now())


def ask_again(recording: Recording, *, by: Employee) -> None:
    """Look for a file that was given up once more, from the beginning."""
    again = Recording.objects.filter(pk=recording.pk, state=TapeState.LOST)
    if again.update(state=TapeState.WAITING, attempts=0, next_at=timezone.now(), fault=""):
        record("telephony.recording.ask_again", recording, by=by)


def _keep(recording: Recording, content: bytes, sound: tapes.Sound) -> bool:
    """Seal a file while its row is held: of two who bring the same one, the second finds it kept."""
    with enter(Scope.system(WHY)):
        waiting = Recording.objects.filter(pk=recording.pk, state=TapeState.WAITING)
        if waiting.select_for_update().first() is None:
            return False
        days = days_of(recording.kind, recording.organisation_id)
        waiting.update(
            state=TapeState.KEPT,
            key=tapes.seal(content, recording.pk),
            media=sound.media,
            seconds=sound.seconds,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            kept_at=timezone.now(),
            forget_on=timezone.localdate(recording.named_at) + timedelta(days=days),
            attempts=F("attempts") + 1,
            fault="",
        )
        record("telephony.recording.keep", recording)
    return True


def _not_yet(recording: Recording, fault: str) -> None:
    tried = recording.attempts + 1
    if tried > len(RESTS):
        _change(recording, state=TapeState.LOST, fault=fault, attempts=tried)
        return
    _change(recording, attempts=tried, next_at=timezone.now() + RESTS[tried - 1], fault=fault)


def _away(recording: Recording, fault: str) -> None:
    fault = fault or "АТС не отвечает"
    if timezone.now() - recording.named_at > LONGEST_AWAY:
        _change(recording, state=TapeState.LOST, fault=fault)
        return
    _change(recording, next_at=timezone.now() + AWAY, fault=fault)


def _change(recording: Recording, **fields: object) -> None:
    with enter(Scope.system(WHY)):
        Recording.objects.filter(pk=recording.pk, state=TapeState.WAITING).update(**fields)
