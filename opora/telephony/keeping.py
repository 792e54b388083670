"""How long voices and numbers are kept: what an organisation has said, else what holds for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q

from opora.audit.services import record
from opora.telephony.models import Keeping
from opora.telephony.words import Kept

if TYPE_CHECKING:
    from opora.organisations.models import Employee

OWN = "[own]"  # a term nobody has found a source for
SHORTEST_KNOWN = 180
SHORTEST_OF_NUMBERS = 30  # a call is folded anew and called back by its number; the database refuses a shorter one


def days_of(kind: str, organisation: int | None) -> int:
    """Return for how many days a voice of a kind, or a number, is kept. One query."""
    rows = Keeping.objects.filter(Q(organisation=organisation) | Q(organisation=None), kind=kind)
    row = rows.order_by(F("organisation").asc(nulls_last=True), "-set_at", "-pk").first()
    return row.days if row else SHORTEST_KNOWN


def terms_for(employee: Employee) -> list[Keeping]:
    """Return the term in force for each kind at her organisation. One query."""
    rows = Keeping.objects.accessible_to(employee).order_by(F("organisation").asc(nulls_last=True), "-set_at", "-pk")
    found: dict[str, Keeping] = {}
    for row in rows:
        found.setdefault(row.kind, row)
    return [found[kind] for kind in Kept.values if kind in found]


@transaction.atomic
def set_term(kind: str, days: int, source: str, *, by: Employee) -> Keeping:
    """Let her organisation keep voices of a kind, or numbers, so long; recordings that are here keep their day."""
    row = Keeping.objects.create(
        organisation_id=by.scope.organisation, kind=kind, days=days, source=source.strip() or OWN, set_by=by
    )
    record("telephony.keeping.set", row, by=by, details={"kind": kind, "days": days})
    return row
