"""Public informing is written down, corrected, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.appeals.actor import Actor, actor_of
from opora.audit.services import record
from opora.informing.errors import InformingError, PublicChanged, PublicNotFound
from opora.informing.models import PublicEvent, PublicInforming
from opora.informing.public.words import PublicEventKind, PublicKind, PublicSubject
from opora.organisations.models import Employee, Organisation

MOST = 10_000  # events in one row: more is a slip of the finger


@transaction.atomic
def tell_public(*, by: Employee, **given: Any) -> PublicInforming:
    """Write down what was told: ``on``, ``kind``, ``subject``, ``title``, ``times``.

    Raises RightMissing; InformingError for a day to come, no words, a number out of bounds.
    """
    actor = _allowed(by)
    row = PublicInforming(territory=actor.territory, insurer_id=_whose(actor), **_clean(given, actor))
    row.save()
    _note(row, actor, PublicEventKind.TOLD)
    record("informing.public.tell", row, by=by)
    return row


@transaction.atomic
def correct_public(pk: UUID, *, why: str, by: Employee, version: int | None = None, **given: Any) -> PublicInforming:
    """Correct what was written wrong; what stood before stays in the history. Nothing differs — nothing happens."""
    row, actor = _locked(pk, by, version)
    reason = _words(why, "Напишите, что было неверно.", "why")
    changes = _clean(given, actor)
    before = model_to_dict(row, fields=list(changes))
    former = {name: str(before[name]) for name, value in changes.items() if before[name] != value}
    if former:
        for name, value in changes.items():
            setattr(row, name, value)
        _save(row)
        _note(row, actor, PublicEventKind.CORRECTED, reason, former=former)
        record("informing.public.correct", row, by=by, details={"fields": sorted(former)})
    return row


@transaction.atomic
def withdraw_public(pk: UUID, *, why: str, by: Employee) -> PublicInforming:
    """Take back a row that was written by mistake: it counts nowhere, the row and its history stay."""
    row, actor = _locked(pk, by)
    reason = _words(why, "Напишите, почему снимаете запись.", "why")
    row.withdrawn_at = timezone.now()
    _save(row)
    _note(row, actor, PublicEventKind.WITHDRAWN, reason)
    record("informing.public.withdraw", row, by=by)
    return row


def is_hers(row: PublicInforming, by: Employee) -> bool:
    """Whether her organisation told it: the fund reads what insurers told and changes its own."""
    actor = actor_of(by)
    return (row.territory, row.insurer_id) == (actor.territory, _whose(actor))


def _allowed(by: Employee) -> Actor:
    if not by.holds(Right.INFORMING_PUBLIC):
        raise RightMissing(right=Right.INFORMING_PUBLIC)
    return actor_of(by)


def _locked(pk: UUID, by: Employee, version: int | None = None) -> tuple[PublicInforming, Actor]:
    actor = _allowed(by)
    row = PublicInforming.objects.accessible_to(by).select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise PublicNotFound
    if not is_hers(row, by):
        raise InformingError("Это записала другая организация.")
    if row.withdrawn_at is not None:
        raise PublicChanged("Эта запись снята.")
    if version is not None and row.version != version:
        raise PublicChanged
    return row, actor


def _whose(actor: Actor) -> int | None:
    return None if actor.organisation.kind == Organisation.Kind.FUND else actor.holder


def _clean(given: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    day, times = given["on"], given["times"]
    if day > actor.local(timezone.now()).date():
        raise InformingError(f"{day:%d.%m.%Y} ещё не наступило.", field="on")
    if not 1 <= times <= MOST:
        raise InformingError(f"Сколько раз — от 1 до {MOST}.", field="times")
    return {
        "on": day,
        "kind": PublicKind(given["kind"]),
        "subject": PublicSubject(given["subject"]),
        "title": _words(given["title"], "Напишите, о чём и где.", "title")[:300],
        "times": times,
    }


def _words(text: str, sentence: str, field: str) -> str:
    if not text.strip():
        raise InformingError(sentence, field=field)
    return text.strip()


def _save(row: PublicInforming) -> None:
    row.version += 1
    row.save()


def _note(row: PublicInforming, actor: Actor, kind: PublicEventKind, text: str = "", **details: Any) -> None:
    PublicEvent.objects.create(
        row=row, kind=kind, employee_id=actor.employee, employee_name=actor.name, text=text[:500], details=details
    )
