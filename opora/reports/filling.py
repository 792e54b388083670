"""Facts are made from the rooms' rows: what should be there is compared with what is, the difference is written.

A fact is a pure function of those rows, so making it twice changes nothing, and it does not matter in which order.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import connection, models
from django.db.models import Max, Min

from opora.appeals.models import Appeal
from opora.reports.models import (
    AppealFact,
    ClaimFact,
    DeliveryFact,
    DisputeFact,
    MeasureFact,
    PublicFact,
    ReasonFact,
    RecourseFact,
    SurveyFact,
)
from opora.shared.sql import text
from opora.surveys.results import LEAST_SHOWN

SQL = Path(__file__).parent / "sql"
BATCH = 20_000  # appeals of a rebuild in one transaction
NEAR = timedelta(days=62)  # appeals registered within it are looked at together, further apart each by itself
BEFORE, AFTER = timedelta(days=2), timedelta(days=2)  # of registering: events of an appeal closed on that day

type Keys = Collection[UUID] | Collection[int]


@dataclass(frozen=True, slots=True)
class Merged:
    """Facts there should be, facts written because they were new or differed, facts deleted."""

    wanted: int = 0
    made: int = 0
    gone: int = 0

    @property
    def differed(self) -> int:
        return self.made + self.gone

    def __add__(self, other: Merged) -> Merged:
        return Merged(self.wanted + other.wanted, self.made + other.made, self.gone + other.gone)


@dataclass(frozen=True, slots=True)
class Part:
    """Appeals after one key and up to another, None — no end; their events of the first day lie from ``began`` to
    ``ended``, None where they were registered far apart."""

    after: UUID | None = None
    until: UUID | None = None
    began: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Filling:
    """One table of facts. ``of`` is the column that keys name: the subject whose facts are made at once, its ``cast``.

    ``file`` of the folder ``sql`` tells the facts; its columns are those of the model.
    """

    file: str
    model: type[models.Model]
    of: str
    cast: str = "uuid"

    @property
    def source(self) -> str:
        return self.file.removeprefix("facts_")

    def fill(self, keys: Keys | None, part: Part | None = None) -> Merged:
        """Make the facts of some subjects, None — of all; ``part`` cuts what is by appeals into parts."""
        part = part or Part()
        given = {
            "keys": None if keys is None else list(keys),
            "after": part.after,
            "until": part.until,
            "began": part.began,
            "ended": part.ended,
            "least": LEAST_SHOWN,
        }
        with connection.cursor() as cursor:
            cursor.execute(self._statement(), given)
            row = cursor.fetchone()
        return Merged(*row) if row else Merged()

    def _statement(self) -> str:
        table, key = self.model._meta.db_table, self.model._meta.pk.column
        names = [f'"{field.column}"' for field in self.model._meta.concrete_fields]
        mine = f"(%(keys)s::{self.cast}[] IS NULL OR f.{self.of} = ANY(%(keys)s::{self.cast}[]))"
        if self.cast == "uuid":
            mine += f" AND (%(after)s::uuid IS NULL OR f.{self.of} > %(after)s::uuid)"
            mine += f" AND (%(until)s::uuid IS NULL OR f.{self.of} <= %(until)s::uuid)"
        return text(SQL / "merge.sql").format(
            wanted=text(SQL / f"{self.file}.sql"),
            table=table,
            key=key,
            mine=mine,
            columns=", ".join(names),
            wanted_columns=", ".join(f"w.{name}" for name in names),
            fact_columns=", ".join(f"f.{name}" for name in names),
            updates=", ".join(f"{name} = EXCLUDED.{name}" for name in names if name != f'"{key}"'),
        )


APPEALS = Filling("facts_appeals", AppealFact, "appeal_id")
REASONS = Filling("facts_reasons", ReasonFact, "appeal_id")
MEASURES = Filling("facts_measures", MeasureFact, "appeal_id")
DISPUTES = Filling("facts_disputes", DisputeFact, "appeal_id")
CLAIMS = Filling("facts_claims", ClaimFact, "claim_id")
DELIVERIES = Filling("facts_deliveries", DeliveryFact, "delivery_id", "bigint")
SURVEYS = Filling("facts_surveys", SurveyFact, "round_id", "bigint")
RECOURSE = Filling("facts_recourse", RecourseFact, "recourse_id")
PUBLIC = Filling("facts_public", PublicFact, "public_id")
FILLINGS = (APPEALS, REASONS, MEASURES, DISPUTES, CLAIMS, DELIVERIES, SURVEYS, RECOURSE, PUBLIC)

# What a key of ``Stale`` names → the facts that hang on it.
CASES, OF_CLAIM, OF_DELIVERY, OF_ROUND = "cases", "claims", "deliveries", "surveys"
OF_RECOURSE, OF_PUBLIC = "recourse", "public"
HANGING: dict[str, tuple[Filling, ...]] = {
    CASES: (REASONS, MEASURES, DISPUTES),
    OF_CLAIM: (CLAIMS,),
    OF_DELIVERY: (DELIVERIES,),
    OF_ROUND: (SURVEYS,),
    OF_RECOURSE: (RECOURSE,),
    OF_PUBLIC: (PUBLIC,),
}


def fill_appeals(appeals: Collection[UUID]) -> Merged:
    """Make the facts of some appeals and of their reasons."""
    return APPEALS.fill(appeals) + REASONS.fill(appeals)


def part_after(after: UUID | None, size: int | None = None) -> Part:
    """Return the part that begins after an appeal; its ``until`` is None — the part is the last and has no end."""
    rows, last = Appeal.objects.order_by("pk"), (size or BATCH) - 1
    rows = rows.filter(pk__gt=after) if after else rows
    until = next(iter(rows.values_list("pk", flat=True)[last : last + 1]), None)
    mine = rows.filter(pk__lte=until) if until else rows
    when = mine.aggregate(first=Min("registered_at"), last=Max("registered_at"))
    if when["first"] is None or when["last"] - when["first"] > NEAR:
        return Part(after, until)
    return Part(after, until, when["first"] - BEFORE, when["last"] + AFTER)
