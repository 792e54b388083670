"""Suits of recourse: filed, corrected, decided, paid. Source: 326-ФЗ ст. 31."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from opora.access.rights import Right
from opora.appeals.actor import Actor, actor_of
from opora.audit.services import record
from opora.complaints.errors import (
    ComplaintsError,
    NoSuchCase,
    NotYourCase,
    RecourseChanged,
    RecourseTwice,
    TooEarly,
    WrongDates,
)
from opora.complaints.models import Recourse, RecourseEvent, RecoursePayment
from opora.complaints.services._step import check_right, words
from opora.complaints.words import RecourseEventKind, RecourseOutcome
from opora.organisations.models import Employee, Organisation

SUMS = ("care", "expertise", "costs")
FIELDS = ("filed_on", "court", "number", "provider", "care_note", *SUMS)  # and ``person_id``


@transaction.atomic
def file_recourse(*, by: Employee, **given: Any) -> Recourse:
    """Write a suit down: ``filed_on``, ``court`` and a sum must be there, the rest of ``FIELDS`` may.

    Raises RightMissing, WrongDates, WordsNeeded, ComplaintsError for sums, RecourseTwice.
    """
    check_right(Right.COMPLAINTS_RECOURSE, by)
    actor = actor_of(by)
    row = Recourse(territory=actor.territory, insurer_id=_whose(actor), **_clean(given, actor))
    _save(row)
    _tell(row, actor, RecourseEventKind.FILED)
    record("complaints.recourse.file", row, by=by)
    return row


@transaction.atomic
def correct_recourse(pk: UUID, *, why: str, by: Employee, version: int | None = None, **given: Any) -> Recourse:
    """Correct what was written wrong; what stood before stays in the history. Nothing differs — nothing happens."""
    row, actor = _locked(pk, by, version)
    reason = words(why, "Напишите, что было неверно.", field="why")
    changes = _clean(given, actor)
    _check_against(row, changes["filed_on"])
    former = _set(row, changes)
    if former:
        _save(row)
        _tell(row, actor, RecourseEventKind.CORRECTED, reason, former=former)
        record("complaints.recourse.correct", row, by=by, details={"fields": sorted(former)})
    return row


@transaction.atomic
def decide_recourse(pk: UUID, *, outcome: str, decided_on: date, by: Employee, version: int | None = None) -> Recourse:
    """Write down how a suit ended; told again, the former outcome stays in the history.

    Raises WrongDates, TooEarly where money came by the suit and the outcome would pay none.
    """
    row, actor = _locked(pk, by, version)
    _check_day(decided_on, actor, "decided_on")
    if decided_on < row.filed_on:
        raise WrongDates(f"Решение раньше подачи {row.filed_on:%d.%m.%Y}: проверьте дату.", field="decided_on")
    former = _set(row, {"outcome": RecourseOutcome(outcome), "decided_on": decided_on})
    if not row.may_be_paid and _payments(row).exists():
        raise TooEarly("По иску записаны деньги: снимите взыскания, если их не было.", field="outcome")
    if former:
        _save(row)
        _tell(row, actor, RecourseEventKind.DECIDED, former=former, outcome=outcome)
        record("complaints.recourse.decide", row, by=by, details={"outcome": outcome})
    return row


@transaction.atomic
def pay_recourse(pk: UUID, *, on: date, by: Employee, **sums: Decimal | None) -> RecoursePayment:
    """Write down money that came by a suit.

    Raises TooEarly before an outcome that pays, WrongDates, ComplaintsError for sums, RecourseTwice.
    """
    row, actor = _locked(pk, by)
    check_may_be_paid(row)
    _check_day(on, actor, "on")
    if on < row.filed_on:
        raise WrongDates(f"Деньги раньше подачи {row.filed_on:%d.%m.%Y}: проверьте дату.", field="on")
    asked = _sums(sums)
    if _payments(row).filter(on=on, **asked).exists():
        raise RecourseTwice("Эти деньги уже записаны: тот же день, те же суммы. Пришли двумя частями — сложите их.")
    made = RecoursePayment.objects.create(recourse=row, on=on, **asked)
    _tell(row, actor, RecourseEventKind.PAID, payment=str(made.pk), total=str(made.total))
    record("complaints.recourse.pay", row, by=by, details={"payment": str(made.pk)})
    return made


@transaction.atomic
def take_payment_back(pk: UUID, *, why: str, by: Employee) -> RecoursePayment:
    """Take back money that was written by mistake."""
    found = RecoursePayment.objects.accessible_to(by).filter(pk=pk).first()
    if found is None:
        raise NoSuchCase("Такого взыскания нет.")
    row, actor = _locked(found.recourse_id, by)
    reason = words(why, "Напишите, почему снимаете взыскание.", field="why")
    if not _payments(row).filter(pk=pk).update(withdrawn_at=timezone.now()):
        raise RecourseChanged("Это взыскание уже снято.")
    _tell(row, actor, RecourseEventKind.UNPAID, reason, payment=str(pk), total=str(found.total))
    record("complaints.recourse.unpay", row, by=by, details={"payment": str(pk)})
    return found


@transaction.atomic
def withdraw_recourse(pk: UUID, *, why: str, by: Employee) -> Recourse:
    """Take back a suit that was written by mistake: it counts nowhere, its row and history stay."""
    row, actor = _locked(pk, by)
    reason = words(why, "Напишите, почему снимаете запись.", field="why")
    if _payments(row).exists():
        raise TooEarly("По иску записаны деньги: сначала снимите взыскания.")
    row.withdrawn_at = timezone.now()
    _save(row)
    _tell(row, actor, RecourseEventKind.WITHDRAWN, reason)
    record("complaints.recourse.withdraw", row, by=by)
    return row


def check_may_be_paid(row: Recourse) -> None:
    """Raise TooEarly while nothing says that money may come."""
    if not row.may_be_paid:
        raise TooEarly("Сначала запишите исход, по которому платят.")


def is_hers(row: Recourse, by: Employee) -> bool:
    """Whether her organisation keeps the suit: the fund reads those of insurers and changes its own."""
    actor = actor_of(by)
    return (row.territory, row.insurer_id) == (actor.territory, _whose(actor))


def _locked(pk: UUID, by: Employee, version: int | None = None) -> tuple[Recourse, Actor]:
    check_right(Right.COMPLAINTS_RECOURSE, by)
    row = Recourse.objects.accessible_to(by).select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NoSuchCase("Такого иска нет.")
    if not is_hers(row, by):
        raise NotYourCase("Этот иск ведёт другая организация.")
    if row.withdrawn_at is not None:
        raise RecourseChanged("Запись об этом иске снята.")
    if version is not None and row.version != version:
        raise RecourseChanged
    return row, actor_of(by)


def _whose(actor: Actor) -> int | None:
    return None if actor.organisation.kind == Organisation.Kind.FUND else actor.holder


def _clean(given: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """Return the columns of a suit, checked."""
    _check_day(given["filed_on"], actor, "filed_on")
    return {
        "filed_on": given["filed_on"],
        "court": words(given["court"], "Назовите суд.", field="court")[:200],
        "number": given.get("number", "").strip()[:60],
        "provider_id": provider.pk if (provider := given.get("provider")) else None,
        "care_note": given.get("care_note", "").strip()[:500],
        "person_id": given.get("person_id"),
        **_sums(given),
    }


def _sums(given: Mapping[str, Any]) -> dict[str, Decimal]:
    sums = {name: given.get(name) or Decimal(0) for name in SUMS}
    for name, amount in sums.items():
        if amount < 0:
            raise ComplaintsError("Сумма не бывает меньше нуля.", field=name)
    if not any(sums.values()):
        raise ComplaintsError("Впишите хотя бы одну сумму.", field="care")
    return sums


def _check_day(day: date, actor: Actor, field: str) -> None:
    if day > actor.local(timezone.now()).date():
        raise WrongDates(f"{day:%d.%m.%Y} ещё не наступило.", field=field)


def _check_against(row: Recourse, filed_on: date) -> None:
    """A suit is filed before anything comes of it."""
    days = [row.decided_on, *_payments(row).values_list("on", flat=True)]
    if any(day is not None and day < filed_on for day in days):
        raise WrongDates("Подача позже исхода или денег, которые уже записаны: проверьте дату.", field="filed_on")


def _payments(row: Recourse) -> models.QuerySet[RecoursePayment]:
    return RecoursePayment.objects.filter(recourse=row, withdrawn_at=None)


def _set(row: Recourse, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Set columns; return what stood in those that differ, as JSON keeps it."""
    before = {name: getattr(row, name) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    return {name: None if old is None else str(old) for name, old in before.items() if old != changes[name]}


def _save(row: Recourse) -> None:
    if not row._state.adding:
        row.version += 1
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        if "recourse_written_once" in str(fault):
            raise RecourseTwice(field="number") from fault
        raise


def _tell(row: Recourse, actor: Actor, kind: RecourseEventKind, text: str = "", **details: Any) -> None:
    RecourseEvent.objects.create(
        recourse=row, kind=kind, employee_id=actor.employee, employee_name=actor.name, text=text[:500], details=details
    )
