"""The end of a thread: its texts, addresses and files' names go when their time is over (``rules.forget_at``)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.doors.models import Greeted, Message, Thread
from opora.doors.services.greeting import GREETED_FOR

BATCH = 500


def forget() -> int:
    """Erase what may be forgotten by now, in batches; return how many messages."""
    now = timezone.now()
    erased = 0
    while True:
        with enter(Scope.system("what is forgotten")), transaction.atomic():
            keys = list(Thread.objects.filter(forget_at__lte=now).values_list("pk", flat=True)[:BATCH])
            erased += _erase(Message.objects.filter(thread__in=keys))
            Thread.objects.filter(pk__in=keys).delete()
            machines = list(
                Message.objects.filter(thread=None, forget_at__lte=now).values_list("pk", flat=True)[:BATCH]
            )
            erased += _erase(Message.objects.filter(pk__in=machines))
        if len(keys) < BATCH and len(machines) < BATCH:
            break
    with enter(Scope.system("what is forgotten")):
        Greeted.objects.filter(at__lt=now - GREETED_FOR).delete()
    return erased


def _erase(messages: object) -> int:
    _, rows = messages.delete()  # type: ignore[attr-defined]
    return int(rows.get("doors.Message", 0))
