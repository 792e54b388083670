"""From a round to its sample: who could be asked, how many of each cell, and the drawn people. Set-based."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from opora.shared.sql import question, text
from opora.shared.statistics import refresh
from opora.surveys import strata
from opora.surveys.models import Cell, Round
from opora.surveys.words import Mode

SQL = Path(__file__).parent / "sql"
LOOKED_AT = ("insured_person", "insured_contact", "insured_consent", "surveys_invitee")
counted = question(SQL, "counted")

# Words of an address that name a village, and those that name a town all the same.  # assumed
RURAL = r"(^|[ ,.])(с|село|д|дер|деревня|пос|посёлок|поселок|ст-ца|станица|х|хутор|аул|сельсовет|с/с|заимка)[ .]"
URBAN = r"(^|[ ,.])(г|гор|город|пгт|рп|р\.п)[ .]"
# Nobody is asked again sooner.  # assumed
RESTS = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Counted:
    """One cell before the sample: all insured, those who may be asked, those whose address is not known."""

    number: int
    people: int
    askable: int
    no_address: int


def count(asked: Round) -> list[Counted]:
    """Say who could be asked, by cell; the table «surveyed» stays for ``draw`` in the same transaction."""
    refresh(LOOKED_AT)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.surveyed")
        cursor.execute(text(SQL / "surveyed.sql"), _parameters(asked))
    return [Counted(row.cell, row.people, row.askable, row.no_address) for row in counted()]


def lay_quotas(asked: Round, found: list[Counted]) -> None:
    """Write the cells of a round that has not begun: quotas in proportion to the insured, exactly ``wanted``."""
    planned = strata.quotas(asked.wanted, {one.number: one.people for one in found})
    Cell.objects.filter(round=asked).delete()
    Cell.objects.bulk_create(
        Cell(round=asked, number=one.number, population=one.people, planned=planned[one.number]) for one in found
    )


def draw(asked: Round) -> int:
    """Draw the sample of a round whose quotas are laid; return how many people are in it. After ``count``."""
    given: dict[str, Any] = {
        "round": asked.pk,
        "seed": secrets.token_hex(16),
        "now": timezone.now(),
        "reserve": asked.reserve,
    }
    with connection.cursor() as cursor:
        cursor.execute(text(SQL / "draw.sql"), given)
        return int(cursor.rowcount)


def _parameters(asked: Round) -> dict[str, Any]:
    from opora.organisations.models import Territory

    is_link = asked.modes == [Mode.LINK]
    return {
        "round": asked.pk,
        "territory": asked.territory,
        "insurer": asked.insurer_id,
        "provider": asked.provider_id,
        "source": asked.source,
        "campaign": asked.campaign_id or 0,
        "campaign_year": asked.campaign_year or 0,
        "on": asked.since,
        "today": timezone.localdate(),
        "zone": Territory.objects.get(pk=asked.territory).time_zone,
        "only_mobile": Mode.LINK in asked.modes,
        "needs_phone": bool({Mode.PHONE, Mode.LINK} & {Mode(one) for one in asked.modes}),
        "consent": "sms" if is_link else "call",
        "rested_since": timezone.now() - RESTS,
        "rural": RURAL,
        "urban": URBAN,
    }
