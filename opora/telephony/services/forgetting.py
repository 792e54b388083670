"""The end of a voice: its key and its file go when the term is over and nothing holds it."""

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
