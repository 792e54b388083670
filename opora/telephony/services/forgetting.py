"""The end of a voice, and of a number: they go when the term is over and nothing holds them."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.shared.sql import question
from opora.telephony import tapes
from opora.telephony.models import Recording
from opora.telephony.words import TapeState

SQL = Path(__file__).parent.parent / "sql"
BATCH = 500

_to_forget = question(SQL, "recordings_to_forget")
_forget_numbers = question(SQL, "forget_numbers")


def forget_recordings() -> int:
    """Erase what may be erased today and return how many. The row stays and says so."""
    erased = 0
    while True:
        with enter(Scope.system("terms are kept for everybody")):
            rows = _to_forget(today=timezone.localdate(), most=BATCH)
            for row in rows:
                Recording.objects.filter(pk=row.id).update(state=TapeState.ERASED, key="", erased_at=timezone.now())
                record("telephony.recording.forget", ("telephony.recording", str(row.id)))
        for row in rows:
            tapes.forget(row.id)
        erased += len(rows)
        if len(rows) < BATCH:
            return erased


def forget_numbers() -> int:
    """Blank the numbers of callers whose term is over and return of how many calls. Calls and figures stay."""
    blanked = 0
    while True:
        with enter(Scope.system("terms are kept for everybody")):
            number = len(_forget_numbers(now=timezone.now(), most=BATCH))
            if number:
                record("telephony.numbers.forget", details={"calls": number})
        blanked += number
        if number < BATCH:
            return blanked
