"""Place and term of open messages after their appeals, which others may move from the journal."""

from __future__ import annotations

from django.db.models import F, Q

from opora.access.scope import Scope, enter
from opora.feedback.models import PosMessage


def follow() -> int:
    """Bring over what has changed; return how many messages."""
    with enter(Scope.system("messages of the platform follow their appeals")):
        moved = PosMessage.objects.open().filter(
            ~Q(handler=F("appeal__handler"))
            | ~Q(due_at=F("appeal__due_at")) & Q(appeal__due_at__isnull=False)
            | Q(executor__isnull=True, appeal__owner__isnull=False)
            | Q(executor__isnull=False) & ~Q(executor=F("appeal__owner"))
        )
        rows = list(moved.select_related("appeal")[:1000])
        for row in rows:
            row.handler_id, row.executor_id = row.appeal.handler_id, row.appeal.owner_id
            row.due_at = row.appeal.due_at or row.due_at
        PosMessage.objects.bulk_update(rows, ["handler", "executor", "due_at"])
        return len(rows)
