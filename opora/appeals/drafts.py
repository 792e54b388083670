"""What an operator has typed but not registered: hers alone, kept on the server, never overwritten by an older save.

The id is born with the page (UUIDv7, so it tells when intake was opened) and is the key of the registration too:
one draft gives one appeal, however often the button is pressed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from opora.appeals.errors import AppealsError, NoAssignment
from opora.appeals.models import Draft
from opora.shared.prepared import prepared

if TYPE_CHECKING:
    from opora.organisations.models import Employee

KEPT = timedelta(days=30)
SHOWN = 5
AHEAD = timedelta(minutes=5)
WINDOW = "window"  # the name a page gives itself
LONGEST = 64_000  # characters of a body


class DraftElsewhere(AppealsError):
    """Это обращение открыто в другом окне, и там набрано больше. Продолжите там или откройте черновик заново."""


class DraftRegistered(AppealsError):
    """Это обращение уже зарегистрировано."""


def opened_at(draft: UUID) -> datetime:
    """Return when the page of a draft was opened: the moment written in its id."""
    return datetime.fromtimestamp((draft.int >> 80) / 1000, tz=UTC)


def is_ours(draft: UUID) -> bool:
    """Whether the id may have been born by a page of intake."""
    return draft.version == 7 and opened_at(draft) <= timezone.now() + AHEAD


def save(draft_id: UUID, body: Mapping[str, Any], *, step: int, base: int | None = None, by: Employee) -> Draft:
    """Keep what is typed. Raises DraftElsewhere when a later save is there, DraftRegistered after the registration.

    ``base`` is the last save the page knows of. A window that was told nothing of its own last save goes on all the
    same; another one does not, because it has not seen what is kept.
    """
    draft = claim(draft_id, by=by)
    if draft.appeal_id:
        raise DraftRegistered
    has_seen = draft.step <= (step - 1 if base is None else base) or _is_of(draft, body)
    if draft.step >= step or not has_seen:
        raise DraftElsewhere(step=draft.step)
    draft.body, draft.step, draft.saved_at = dict(body), step, timezone.now()
    draft.save(update_fields=["body", "step", "saved_at"])
    return draft


def claim(draft_id: UUID, *, by: Employee) -> Draft:
    """Return the draft under its row lock, made now if nobody has saved it yet. Raises DraftElsewhere."""
    mine = Draft.objects.select_for_update().filter(pk=draft_id, employee=by)
    draft = mine.first()
    if draft is not None:
        return draft
    if by.assignment is None:
        raise NoAssignment
    organisation = by.assignment.organisation
    try:
        with transaction.atomic():
            return Draft.objects.create(
                pk=draft_id, employee=by, organisation=organisation, opened_at=opened_at(draft_id)
            )
    except (IntegrityError, ProgrammingError):  # pressed twice at once, or not hers
        draft = mine.first()
        if draft is None:
            raise DraftElsewhere from None
        return draft


def unfinished(employee: Employee) -> list[Draft]:
    """Drafts she has not registered, the latest first. One query by ``draft_of_employee``."""
    found = _saved(employee.pk, timezone.now() - KEPT)
    return [draft for draft in found if draft.body and not dropped(draft)][:SHOWN]


@prepared
def _saved(employee: int, since: datetime) -> QuerySet[Draft]:
    rows = Draft.objects.filter(employee=employee, appeal=None, saved_at__gte=since)
    return rows.order_by("-saved_at")[: SHOWN * 2]


def dropped(draft: Draft) -> bool:
    return "dropped" in draft.body


def drop(draft_id: UUID, *, by: Employee) -> bool:
    """Put a draft aside; ``restore`` brings it back until it is forgotten."""
    return _mark(draft_id, by, is_dropped=True)


def restore(draft_id: UUID, *, by: Employee) -> bool:
    return _mark(draft_id, by, is_dropped=False)


def forget_old() -> int:
    """Delete what nobody will open again; who registers keeps the key for as long as an answer may be repeated."""
    return Draft.objects.filter(saved_at__lt=timezone.now() - KEPT).delete()[0]


def _is_of(draft: Draft, body: Mapping[str, Any]) -> bool:
    """Whether the window that saves is the one that saved last."""
    return bool(body.get(WINDOW)) and draft.body.get(WINDOW) == body[WINDOW]


def _mark(draft_id: UUID, by: Employee, *, is_dropped: bool) -> bool:
    draft = Draft.objects.select_for_update().filter(pk=draft_id, employee=by, appeal=None).first()
    if draft is None:
        return False
    body = {name: value for name, value in draft.body.items() if name != "dropped"}
    draft.body = {**body, "dropped": ["1"]} if is_dropped else body
    draft.save(update_fields=["body"])
    return True
