"""Referrals to a planned admission: who is reminded of his day, and who is not any more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone

from opora.informing.incoming import IncomingReferral
from opora.shared.sql import question, text

if TYPE_CHECKING:
    from opora.informing.models import Roll

SQL = Path(__file__).parent / "sql"
_ended = question(SQL, "referrals_ended")


@dataclass(frozen=True, slots=True)
class Followed:
    """People put into the plan, lines of the plan closed, touches that will not take place."""

    planned: int = 0
    closed: int = 0
    spared: int = 0


def follow(roll: Roll, referrals: Iterable[IncomingReferral]) -> Followed:
    """Let the referrals of a roll open and close what they concern. A second time changes nothing."""
    told = list(referrals)
    if not told:
        return Followed()
    now = timezone.now()
    given: dict[str, Any] = {"roll": roll.pk, "now": now, "today": timezone.localdate(now)}
    keys = sorted({key for one in told if one.cancelled_on or one.admitted_on for key in (one.key, one.number) if key})
    row = _ended(**given, territory=roll.territory_id, keys=keys)[0]
    with connection.cursor() as cursor:
        cursor.execute(text(SQL / "referrals_planned.sql"), given)
        return Followed(cursor.rowcount, row.closed, row.spared)
