"""Appeals linked and unlinked: nothing is merged, each keeps its number, text and clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db.models import Q

from opora.access.rights import Right
from opora.appeals.errors import AlreadyLinked, NotComplete, NotFound, NotLinked, NotYours
from opora.appeals.models import Appeal, Event, Relation
from opora.appeals.rules import Command
from opora.appeals.services._change import By, Step, changing, words
from opora.appeals.words import EventKind, RelationKind
from opora.organisations.models import Organisation


def link(earlier_id: UUID, later_id: UUID, *, kind: str, why: str, by: By) -> Relation:
    """Link two appeals, the older one first whichever way they are given; a repeated later one becomes «повторное».

    Her organisation answers for one of the two and reads the text of both. Raises AlreadyLinked, NotYours.
    """
    if kind not in RelationKind.values:
        raise NotComplete("Выберите, как связаны обращения.")
    text = words(why, "Напишите, почему связываете обращения.")[:300]
    with _both(earlier_id, later_id, Command.LINK, by) as (earlier, later):
        pair = {"earlier": earlier.appeal, "later": later.appeal}
        if Relation.objects.filter(**pair, undone_at=None).exists():
            raise AlreadyLinked
        made = Relation.objects.create(**pair, kind=kind, why=text, made_at=later.now, made_by_id=later.actor.employee)
        was_repeat = later.appeal.is_repeat
        if kind == RelationKind.REPEAT:
            later.set(is_repeat=True)
        _tell(earlier, EventKind.LINKED, text, made, later.appeal)
        _tell(later, EventKind.LINKED, text, made, earlier.appeal, was_repeat=was_repeat)
    return made


def unlink(relation_id: int, *, why: str, by: By) -> Relation:
    """Undo a link, with a reason; the row stays as history. Raises NotLinked, NotYours."""
    found = Relation.objects.filter(pk=relation_id).first()
    if found is None:
        raise NotFound("Такой связи нет.")
    text = words(why, "Напишите, почему снимаете связь.")[:300]
    with _both(found.earlier_id, found.later_id, Command.UNLINK, by) as (earlier, later):
        made = Relation.objects.select_for_update().get(pk=relation_id)
        if made.undone_at is not None:
            raise NotLinked
        made.undone_at, made.undone_why, made.undone_by_id = later.now, text, later.actor.employee
        made.save(update_fields=["undone_at", "undone_why", "undone_by"])
        if made.kind == RelationKind.REPEAT and not _repeats_anyway(made):
            later.set(is_repeat=False)
        _tell(earlier, EventKind.UNLINKED, text, made, later.appeal)
        _tell(later, EventKind.UNLINKED, text, made, earlier.appeal)
    return made


@contextmanager
def _both(one: UUID, other: UUID, command: Command, by: By) -> Iterator[tuple[Step, Step]]:
    """Lock both, always in the order of their keys; give the older one first."""
    if one == other:
        raise NotComplete("Обращение не связывают само с собой.")
    first, second = sorted((one, other), key=str)
    with changing(first, command, by=by) as a, changing(second, command, by=by) as b:
        _check_ours(a, b, by)
        earlier, later = sorted((a, b), key=lambda step: (step.appeal.registered_at, str(step.appeal.pk)))
        yield earlier, later


def _check_ours(a: Step, b: Step, by: By) -> None:
    if a.actor.holder in {a.appeal.handler_id, b.appeal.handler_id}:
        return
    if a.actor.organisation.kind == Organisation.Kind.FUND and by.holds(Right.APPEALS_REASSIGN):
        return
    raise NotYours


def _tell(step: Step, kind: EventKind, text: str, made: Relation, other: Appeal, was_repeat: bool = False) -> None:
    details = {"relation": made.pk, "other": str(other.pk), "relation_kind": str(made.kind)}
    step.tell(kind, text, depth=None, was_repeat=was_repeat, **details)


def _repeats_anyway(undone: Relation) -> bool:
    """Whether the later one stays repeated: by another link, or because it was before this one."""
    others = Relation.objects.filter(Q(later=undone.later_id), kind=RelationKind.REPEAT, undone_at=None)
    if others.exclude(pk=undone.pk).exists():
        return True
    told = Event.objects.filter(appeal=undone.later_id, kind=EventKind.LINKED, details__relation=undone.pk)
    return told.filter(details__was_repeat=True).exists()
