"""The end of a paper: people, texts and scans go when their time is over, the numbered line stays."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.mailroom.models import Incoming, Outgoing, PaperEvent, Scan, Words

BATCH = 500
_LETTER = dict.fromkeys(
    ("sender", "sender_address", "about", "outside_number", "outside_key", "filed_why", "track"), ""
)
_OUTGOING = dict.fromkeys(("addressee", "address", "why", "track"), "")


def forget() -> int:
    """Erase what may be forgotten by now, in batches; return how many papers."""
    erased = 0
    while True:
        with enter(Scope.system("what is forgotten")), transaction.atomic():
            now = timezone.now()
            due = {"forget_at__lte": now, "forgotten_at": None}
            letters = list(Incoming.objects.filter(**due).order_by("forget_at").values_list("pk", flat=True)[:BATCH])
            leaving = list(Outgoing.objects.filter(**due).order_by("forget_at").values_list("pk", flat=True)[:BATCH])
            PaperEvent.objects.filter(incoming__in=letters).delete()
            PaperEvent.objects.filter(outgoing__in=leaving).delete()
            Scan.objects.filter(incoming__in=letters).delete()
            Words.objects.filter(incoming__in=letters).delete()
            Incoming.objects.filter(pk__in=letters).update(
                **_LETTER, outside_on=None, draft=None, forgotten_at=now, version=F("version") + 1
            )
            Outgoing.objects.filter(pk__in=leaving).update(**_OUTGOING, forgotten_at=now, version=F("version") + 1)
        erased += len(letters) + len(leaving)
        if len(letters) < BATCH and len(leaving) < BATCH:
            return erased
