"""Who has said why she listens gets a pass to one voice for an hour; without it the sound is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing

from opora.audit.services import record
from opora.telephony.errors import TapeAway
from opora.telephony.models import Recording
from opora.telephony.words import TapeState

if TYPE_CHECKING:
    from opora.organisations.models import Employee

SALT = "opora.telephony.listening"
HOUR = 3600  # seconds: longer than any talk is listened to at once


def open_to(recording: Recording, *, purpose: str, by: Employee, because: str = "") -> str:
    """Write down that she listens, and why; return her pass. Raises TapeAway.

    ``because`` — what led her to it: a sample, a task. One line for one listening, however often the player asks.
    """
    if recording.state != TapeState.KEPT:
        raise TapeAway
    details = {"call": recording.call_id, "kind": recording.kind, **({"because": because} if because else {})}
    record("telephony.recording.listen", recording, by=by, purpose=purpose, details=details)
    return signing.dumps([str(recording.pk), by.pk], salt=SALT)


def may_hear(token: str, recording: Recording, by: Employee) -> bool:
    """Whether a pass is hers, of this voice and not over."""
    try:
        told = signing.loads(token, salt=SALT, max_age=HOUR)
    except signing.BadSignature:
        return False
    return bool(told == [str(recording.pk), by.pk])
