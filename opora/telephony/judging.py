"""Judging recorded talks: a random sample of calls that can be drawn again, on the journal's own rows.

The order is the hash of the call under the seed; who is in follows from the bounds and from what was kept by then, so
the same seed gives the same calls a year later, also when their voices are erased.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from opora.appeals.errors import NotComplete
from opora.appeals.listing.filter import span
from opora.appeals.models import QualitySample, SampleSource, Score
from opora.appeals.quality import MOST, SEEDS, sheet
from opora.audit.services import record
from opora.organisations.models import Assignment
from opora.telephony.models import Call, Recording
from opora.telephony.words import Direction, Result, Tape

if TYPE_CHECKING:
    from opora.organisations.models import Employee


@dataclass(frozen=True, slots=True)
class Wish:
    """What to draw: ``line`` and ``group`` are keys, None — any; ``size`` calls or ``share`` per cent."""

    since: date
    until: date
    line: int | None = None
    group: int | None = None
    size: int | None = None
    share: int | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """What drawing again gives: whether it is the same calls, and among how many."""

    is_same: bool
    population: int


def candidates(wish: Wish, *, by: Employee, not_of: int, kept_by: datetime) -> QuerySet[Any]:
    """Talks of her house whose voice had been kept by a moment; none of ``not_of`` (a key): nobody judges herself."""
    first, last = span(wish.since, wish.until, by)
    voices = Recording.objects.filter(call=OuterRef("pk"), kind=Tape.TALK, kept_at__lte=kept_by)
    calls = Call.objects.filter(
        Exists(voices),
        served=by.scope.organisation,
        direction=Direction.IN,
        result=Result.ANSWERED,
        employee__isnull=False,
        began_at__gte=first,
        began_at__lt=last,
    ).exclude(employee=not_of)
    calls = calls.filter(line=wish.line) if wish.line else calls
    if wish.group:
        works = Assignment.objects.filter(
            employee=OuterRef("employee"), organisation=by.scope.organisation, department=wish.group
        )
        calls = calls.filter(Exists(works))
    return calls


def in_order(calls: QuerySet[Any], seed: int) -> QuerySet[Any]:
    seeded = Func(
        Cast(F("pk"), TextField()),
        Value(seed, BigIntegerField()),
        function="hashtextextended",
        output_field=BigIntegerField(),
    )
    return calls.annotate(place=seeded).order_by("place", "pk")


@transaction.atomic
def draw(wish: Wish, *, by: Employee, seed: int | None = None) -> QualitySample:
    """Draw a sample of calls begun on the days, both inside. Raises NotComplete."""
    if by.assignment is None or wish.until < wish.since or not (wish.size or wish.share):
        raise NotComplete("Укажите дни по порядку и сколько звонков отобрать: числом или долей.")
    now = timezone.now()
    found = candidates(wish, by=by, not_of=by.pk, kept_by=now)
    population = found.count()
    if not population:
        raise NotComplete("За эти дни записанных разговоров нет. Возьмите другие дни, линию или группу.")
    size = min(wish.size or ceil(population * (wish.share or 0) / 100), MOST)
    sample = QualitySample.objects.create(
        source=SampleSource.CALL,
        organisation=by.assignment.organisation,
        sheet=sheet(timezone.localdate()),
        since=wish.since,
        until=wish.until,
        asked=size,
        bounds={"line": wish.line, "group": wish.group, "share": wish.share},
        population=population,
        seed=secrets.randbelow(SEEDS) if seed is None else seed,
        made_at=now,
        made_by=by,
    )
    picked = list(in_order(found, sample.seed).only("pk", "employee")[:size])
    Score.objects.bulk_create(
        Score(
            sample=sample,
            call_id=call.code,
            organisation_id=sample.organisation_id,
            employee_id=call.employee_id,
            place=place,
        )
        for place, call in enumerate(picked, 1)
    )
    record("telephony.quality.draw", sample, by=by, details={"asked": size, "drawn": len(picked)})
    return sample


def prove(sample: QualitySample, *, by: Employee) -> Proof:
    """Draw a sample again by its seed and compare. Three queries."""
    wish = Wish(sample.since, sample.until, sample.bounds.get("line"), sample.bounds.get("group"))
    found = candidates(wish, by=by, not_of=sample.made_by_id, kept_by=sample.made_at)
    again = [call.code for call in in_order(found, sample.seed).only("pk")[: sample.asked]]
    drawn = list(sample.scores.order_by("place").values_list("call_id", flat=True))
    return Proof(again == drawn, found.count())


def key_of(score: Score) -> int:
    """Return the key of the call that a score is of."""
    return int(score.call_id.removeprefix("call-"))
