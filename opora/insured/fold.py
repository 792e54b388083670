"""A policy that begins tomorrow changes nobody's row at midnight: the fold of such cards is refreshed by the clock.

What is written today, a trigger folds at once (migration 0002); this is for what only the calendar brings.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.shared.sql import question

LOOK_BACK = timedelta(days=7)  # a worker that has slept for a week still catches up
SCOPE = Scope.system("policies and attachments of everybody begin and end by the calendar")
_fold = question(Path(__file__).parent / "sql", "fold")


@transaction.atomic
def refresh(*, at: datetime | None = None, back: timedelta = LOOK_BACK) -> int:
    """Bring ``insurer`` and ``provider`` to the local day of each territory. Returns how many cards have changed.

    May run at any hour and twice: it compares, and writes what differs.
    """
    at = at or timezone.now()
    with enter(SCOPE):
        changed = len(_fold(at=at, first=at.date() - back, last=at.date() + timedelta(days=1)))
        if changed:
            record("insured.fold.refresh", details={"changed": changed})
    return changed
