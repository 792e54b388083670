"""Judging closed talks: a random sample that can be drawn again, a sheet of criteria, marks with a word to her."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import BigIntegerField, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from opora.appeals.actor import actor_of
from opora.appeals.errors import NotComplete
from opora.appeals.listing.filter import span
from opora.appeals.models import Grant, QualitySample, Score, ScoreSheet
from opora.appeals.words import Depth
from opora.audit.services import record

if TYPE_CHECKING:
    from opora.organisations.models import Employee

MOST = 200
SEEDS = 2**62


def sheet(on: date) -> ScoreSheet:
    """Return the sheet talks are judged by on a day. Raises NotComplete when there is none."""
    found = ScoreSheet.objects.filter(since__lte=on).order_by("-since", "-pk").first()
    if found is None:
        raise NotComplete("Оценочного листа нет. Попросите администратора завести его.")
    return found


def drawn(sample: QualitySample, by: Employee) -> QuerySet[Grant]:
    """Return the closed appeals of a sample's bounds in the order its seed gives: the same seed, the same order."""
    first, last = span(sample.since, sample.until, by)
    seeded = Func(
        Cast(F("appeal_id"), TextField()),
        Value(sample.seed, BigIntegerField()),
        function="hashtextextended",
        output_field=BigIntegerField(),
    )
    rows = Grant.objects.accessible_to(by).of_depth(by.scope, Depth.TEXT)
    rows = rows.filter(
        handler_id=actor_of(by).holder,
        registered_at__gte=first,
        registered_at__lt=last,
        closed_at__isnull=False,
        owner_id__isnull=False,
    ).exclude(owner_id=by.pk)
    rows = rows.filter(line=sample.line) if sample.line else rows
    return rows.annotate(place=seeded).order_by("place", "appeal_id")


@transaction.atomic
def draw(
    *, since: date, until: date, line: str = "", size: int, by: Employee, seed: int | None = None
) -> QualitySample:
    """Draw a sample of talks registered on the days, both inside, and closed since. Raises NotComplete."""
    if by.assignment is None or until < since or not 1 <= size <= MOST:
        raise NotComplete(f"Укажите дни по порядку и сколько разговоров отобрать: от 1 до {MOST}.")
    sample = QualitySample(
        organisation=by.assignment.organisation,
        sheet=sheet(timezone.localdate()),
        since=since,
        until=until,
        line=line,
        asked=size,
        seed=secrets.randbelow(SEEDS) if seed is None else seed,
        made_by=by,
    )
    picked = list(drawn(sample, by).values_list("appeal_id", "owner_id")[:size])
    if not picked:
        raise NotComplete("За эти дни закрытых обращений нет. Возьмите другие дни или другую линию.")
    sample.save()
    Score.objects.bulk_create(
        Score(sample=sample, appeal_id=appeal, organisation_id=sample.organisation_id, employee_id=owner, place=place)
        for place, (appeal, owner) in enumerate(picked, 1)
        if owner is not None
    )
    record("appeals.quality.draw", sample, by=by, details={"asked": size, "drawn": len(picked)})
    return sample


@transaction.atomic
def give_marks(score: Score, *, marks: Mapping[str, int], comment: str, by: Employee) -> Score:
    """Judge one talk by the sheet of its sample; ``total`` is per cent of all points. Raises NotComplete."""
    if score.employee_id == by.pk:
        raise NotComplete("Свой разговор оценивает другой сотрудник.")
    criteria = score.sample.sheet.criteria
    for criterion in criteria:
        mark = marks.get(criterion["code"])
        if mark is None or not 0 <= mark <= criterion["most"]:
            raise NotComplete(f"Поставьте оценку: «{criterion['title']}», от 0 до {criterion['most']}.")
    most = sum(criterion["most"] for criterion in criteria)
    score.marks = {criterion["code"]: marks[criterion["code"]] for criterion in criteria}
    score.total = round(100 * sum(score.marks.values()) / most)
    score.comment = comment.strip()
    score.scored_by, score.scored_at, score.acknowledged_at = by, timezone.now(), None
    score.save(update_fields=["marks", "total", "comment", "scored_by", "scored_at", "acknowledged_at"])
    record("appeals.quality.score", score, by=by)
    return score


def lines_of(score: Score) -> list[tuple[dict[str, Any], int | None]]:
    """Return each criterion beside its mark."""
    return [(criterion, score.marks.get(criterion["code"])) for criterion in score.sample.sheet.criteria]


def acknowledge(score: Score, *, by: Employee) -> None:
    """She has read what was said of her talk; said twice, the first moment stays."""
    unread = Score.objects.filter(pk=score.pk, employee=by, scored_at__isnull=False, acknowledged_at=None)
    if unread.update(acknowledged_at=timezone.now()):
        record("appeals.quality.acknowledge", score, by=by)
