"""The end of what was said: talks with their lines go when their time is over (``rules.forget_at``)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.chat.models import Line, Talk

BATCH = 500


def forget() -> int:
    """Erase talks whose time is over, in batches; return how many."""
    now, erased = timezone.now(), 0
    while True:
        with enter(Scope.system("what is forgotten")), transaction.atomic():
            keys = list(Talk.objects.filter(forget_at__lte=now).values_list("pk", flat=True)[:BATCH])
            Line.objects.filter(talk__in=keys).delete()
            Talk.objects.filter(pk__in=keys).delete()
        erased += len(keys)
        if len(keys) < BATCH:
            return erased
