"""What the third level does with its lists: takes people to work, writes down what was done, drafts a campaign."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from opora.audit.services import record
from opora.informing.errors import InformingError
from opora.informing.models import Campaign, Gap, PlanEntry
from opora.informing.models.gap import GapQuerySet
from opora.informing.services.campaigns import create
from opora.informing.services.plan import add_to_plan
from opora.informing.words import Channel, Lane, Measure, Purpose
from opora.organisations.models import Organisation

if TYPE_CHECKING:
    from opora.organisations.models import Employee

# A call, then a message: neither says more than «ваш врач ждёт».
LADDER: list[dict[str, Any]] = [
    {"channel": Channel.CALL, "purpose": Purpose.REMIND},
    {"channel": Channel.SMS, "purpose": Purpose.REMIND, "wait_days": 7},
]


class NobodyChosen(InformingError):
    """Отметьте людей в списке."""


class GapTaken(InformingError, status=409):
    """Этого человека уже взял другой сотрудник."""


@transaction.atomic
def take(ids: Collection[int], *, by: Employee) -> int:
    """Take gaps that nobody has; return how many. Raises NobodyChosen."""
    if not ids:
        raise NobodyChosen
    found = _open(by).filter(pk__in=list(ids), taken_by=None)
    taken = found.update(taken_by=by, taken_at=timezone.now())
    record("informing.health.take", by=by, details={"gaps": sorted(ids), "taken": taken})
    return taken


@transaction.atomic
def settle(gap_id: int, *, note: str, by: Employee) -> Gap:
    """Write down what was done; the gap leaves the list. Raises GapTaken, InformingError without words."""
    if not note.strip():
        raise InformingError("Напишите, что сделано.")
    gap = _open(by).select_for_update(of=("self",)).filter(pk=gap_id).first()
    if gap is None or gap.taken_by_id not in {None, by.pk}:
        raise GapTaken
    now = timezone.now()
    gap.taken_by, gap.taken_at = by, gap.taken_at or now
    gap.settled_at, gap.note = now, note.strip()[:300]
    gap.save(update_fields=["taken_by", "taken_at", "settled_at", "note"])
    record("informing.health.settle", gap, by=by)
    return gap


@transaction.atomic
def draft(ids: Collection[int], *, by: Employee) -> Campaign:
    """Draft a campaign of observation for the chosen people, and put them into the plan of the year; nothing is sent.

    Its title says when, never of what they are ill. Raises NobodyChosen, InformingError for people of two insurers.
    """
    chosen = list(_open(by).filter(pk__in=list(ids)).select_related("insurer"))
    if not chosen:
        raise NobodyChosen
    insurers: dict[int, Organisation] = {one.insurer_id: one.insurer for one in chosen}
    if len(insurers) > 1:
        raise InformingError("Отмеченные люди застрахованы в разных компаниях: выберите одну.")
    insurer = next(iter(insurers.values()))
    now = timezone.localtime()
    people = sorted({one.person_id for one in chosen})
    plan: dict[str, Any] = {"insurer": insurer, "measure": Measure.OBSERVATION, "year": now.year}
    add_to_plan(**plan, people=people)
    # The day by which to tell them of the visit they missed binds nobody any more.
    PlanEntry.objects.filter(**plan, person__in=people, inform_by__lt=now.date()).update(inform_by=None)
    campaign = create(
        insurer=insurer,
        title=f"Приём у врача: {len(people)} чел., {now:%d.%m.%Y %H:%M:%S}",
        measure=Measure.OBSERVATION,
        year=now.year,
        ladder=LADDER,
        audience={"people": people},
        lane=Lane.BULK,
        by=by,
    )
    take([one.pk for one in chosen], by=by)
    record("informing.health.draft", campaign, by=by, details={"people": len(people)})
    return campaign


def may_open(by: Employee) -> GapQuerySet:
    """Return every gap in her scope, open or not."""
    found: GapQuerySet = Gap.objects.accessible_to(by)
    return found


def _open(by: Employee) -> GapQuerySet:
    return may_open(by).open()
