"""The end of a file: its bytes and what the controls quoted of it go when their time is over, its line stays.

Records that were taken from it live on under terms of their own; where each came from is kept (``Provenance``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.exchange import vault
from opora.exchange.formats.accounts import OF_CARE
from opora.exchange.models import Parcel, ParcelFinding

BATCH = 500
ACCOUNT_DAYS = 30  # assumed: long enough to ask the clinic about a case; diagnoses and sums lie in these files
SYSTEM = Scope.system("files whose time is over")


def forget(now: datetime | None = None) -> int:
    """Erase files that ended ``EXCHANGE_DAYS`` ago, in batches, and their copies in ``archive``; return how many.

    Accounts go after ``ACCOUNT_DAYS`` already and are never copied into ``archive``.

    Bytes go before the line says so: whatever dies in between, the next run finds the line and nothing lies unnamed.
    A file that was sent again stays until its repetition goes: that shows what was said of the first.
    """
    today = now or timezone.now()
    edge = today - timedelta(days=settings.EXCHANGE_DAYS)
    erased = _erase(edge) + _erase(today - timedelta(days=ACCOUNT_DAYS), format__in=OF_CARE)
    _clear_archive(edge)
    return erased


def _erase(edge: datetime, **which: Any) -> int:
    erased = 0
    while batch := _over(edge, which):
        for sha256 in _nobodys(batch):
            vault.erase(sha256, older_than=edge.timestamp())
        with enter(SYSTEM):
            ParcelFinding.objects.filter(parcel__in=list(batch)).delete()
            Parcel.objects.filter(pk__in=list(batch)).update(forgotten_at=timezone.now())
        erased += len(batch)
    return erased


def _over(edge: datetime, which: dict[str, Any]) -> dict[int, set[str]]:
    """Return the next files whose time is over, each with the hashes of its bytes and of its answer."""
    with enter(SYSTEM):
        repeated = Exists(Parcel.objects.filter(repeats=OuterRef("pk"), forgotten_at=None))
        rows = Parcel.objects.filter(~repeated, finished_at__lt=edge, forgotten_at=None, **which)
        found = rows.order_by("finished_at", "pk").values_list("pk", "sha256", "answer_sha256")[:BATCH]
        return {key: set(filter(None, hashes)) for key, *hashes in found}


def _nobodys(batch: dict[int, set[str]]) -> set[str]:
    """Return those of the hashes that no other file still to be kept has."""
    wanted = set().union(*batch.values())
    with enter(SYSTEM):
        others = Parcel.objects.filter(forgotten_at=None).exclude(pk__in=list(batch))
        named = others.filter(Q(sha256__in=wanted) | Q(answer_sha256__in=wanted))
        return wanted - {one for pair in named.values_list("sha256", "answer_sha256") for one in pair}


def _clear_archive(edge: datetime) -> None:
    for path in (vault.root() / "archive").glob("*/*"):
        if path.is_file() and path.stat().st_mtime < edge.timestamp():
            path.unlink(missing_ok=True)
