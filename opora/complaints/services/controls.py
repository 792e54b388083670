"""An expert is asked, writes his act, the clinic signs it or disagrees."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from opora.access.rights import Right
from opora.appeals import terms
from opora.audit.services import record
from opora.complaints import packs
from opora.complaints.errors import (
    CaseChanged,
    ComplaintsError,
    ExpertEmployed,
    NoSuchCase,
    TooEarly,
    WrongDates,
)
from opora.complaints.models import Control, Expert, RecordsRequest, Violation
from opora.complaints.services._step import Step, changing, check_right, following, locked_in_turn, words
from opora.complaints.services.numbering import act_number
from opora.complaints.words import (
    BASE_OF_ZERO,
    CaseEventKind,
    Conditions,
    ControlKind,
    ControlState,
    Decision,
    LiftedBy,
    RequestState,
)
from opora.organisations.models import Employee

SIGNING, CLAIM = "act_signing", "claim"


@dataclass(frozen=True, slots=True)
class Found:
    """A violation as the expert names it: a code of the list, the cost of the case and the base of a fine, roubles."""

    code: str
    conditions: str
    billed: Decimal
    base: Decimal
    note: str = ""


def assign(
    request_id: UUID, *, kind: str, expert: Expert, ground: str = "", by: Employee, version: int | None = None
) -> Control:
    """Ask an expert to check what a clinic has sent.

    ``version`` is that of the request. Raises TooEarly before the documents were accepted, ExpertEmployed, CaseChanged,
    ComplaintsError for an expert of another kind.
    """
    request = RecordsRequest.objects.accessible_to(by).filter(pk=request_id).first()
    if request is None:
        raise NoSuchCase("Такого запроса нет.")
    with changing(request.case_id, "assign", by=by) as step:
        request.refresh_from_db()
        if version is not None and request.version != version:
            raise CaseChanged("Запрос за это время изменил другой сотрудник. Посмотрите, что записано, и повторите.")
        if request.state != RequestState.ACCEPTED:
            raise TooEarly("Сначала примите документы клиники.")
        if step.case.decision != Decision.NEEDED:
            raise TooEarly("Решено, что экспертиза не требуется.")
        if Control.objects.filter(request=request, kind=kind).exclude(state=ControlState.CANCELLED).exists():
            raise ComplaintsError(f"{ControlKind(kind).label} по этим документам уже поручена.")
        made = place(step, request, kind=kind, expert=expert, ground=ground or step.case.ground)
        step.tell(CaseEventKind.ASSIGNED, control=str(made.pk), expert=expert.pk, kind=kind)
    return made


def place(
    step: Step, request: RecordsRequest, *, kind: str, expert: Expert, ground: str, repeats: Control | None = None
) -> Control:
    """Write a control for an expert who may do it. Raises ExpertEmployed, ComplaintsError."""
    if expert.kind != kind:
        raise ComplaintsError(f"{expert.short_name} проводит {expert.get_kind_display()}: выберите другого эксперта.")
    if not Expert.objects.filter(pk=expert.pk).current(step.today).exists():
        raise ComplaintsError(f"{expert.short_name} в реестре на {step.today:%d.%m.%Y} не числится.")
    if not Expert.objects.filter(pk=expert.pk).free_of(request.provider_id, step.today).exists():
        raise ExpertEmployed
    return Control.objects.create(
        case=step.case,
        territory=step.case.territory,
        request=request,
        provider_id=request.provider_id,
        made_by=step.actor.organisation,
        kind=ControlKind(kind),
        ground=ground,
        expert=expert,
        assigned_at=step.now,
        assigned_by_id=step.actor.employee,
        repeats=repeats,
    )


def cancel(control_id: UUID, *, why: str, by: Employee, version: int | None = None) -> Control:
    """Take a control back before its act."""
    with _changing(control_id, "cancel", by, {ControlState.ASSIGNED}, version) as (step, row):
        text = words(why, "Напишите, почему отменяете экспертизу.")
        save(row, state=ControlState.CANCELLED)
        step.tell(CaseEventKind.CANCELLED, text, control=str(row.pk))
    return row


def write_act(
    control_id: UUID,
    *,
    number: str,
    on: date,
    conclusion: str,
    found: Sequence[Found] = (),
    by: Employee,
    version: int | None = None,
) -> Control:
    """Write the act of an expert with what he found; amounts are computed by the list in force on its day.

    An empty ``number`` is given by the program. Written over another, the act leaves what there was in its event.
    Raises WrongDates, ComplaintsError for an unknown code or a number that is taken; nothing is half-written.
    """
    with _changing(control_id, "act", by, {ControlState.ASSIGNED, ControlState.ACT}, version) as (step, row):
        former = _written(row) if row.state == ControlState.ACT else {}
        fill_act(step, row, number=number, on=on, conclusion=conclusion, found=found)
        is_another = bool(former) and former != _written(row)
        step.tell(
            CaseEventKind.ACT,
            _said(former) if is_another else "",
            control=str(row.pk),
            violations=len(found),
            **({"former": former} if is_another else {}),
        )
    return row


def _written(row: Control) -> dict[str, Any]:
    """Return an act as it stands, in values that JSON keeps."""
    return {
        "number": row.act_number,
        "on": row.act_on.isoformat() if row.act_on else "",
        "conclusion": row.conclusion,
        "violations": [
            {
                "code": one.code,
                "conditions": one.conditions,
                "billed": str(one.billed),
                "base": str(one.base),
                "nonpay": str(one.nonpay),
                "fine": str(one.fine),
                "note": one.note,
            }
            for one in row.violations.order_by("code", "billed", "base", "note")
        ],
    }


def _said(former: dict[str, Any]) -> str:
    """Say a former act for who reads the story of the case."""
    lines = [
        f"{one['code']}: не оплатить {_comma(one['nonpay'])} ₽, штраф {_comma(one['fine'])} ₽"
        for one in former["violations"]
    ]
    day = date.fromisoformat(former["on"])
    return "\n".join([f"Было: акт {former['number']} от {day:%d.%m.%Y}", *(lines or ["нарушений нет"])])


def _comma(amount: str) -> str:
    return amount.replace(".", ",")


def fill_act(step: Step, row: Control, *, number: str, on: date, conclusion: str, found: Sequence[Found]) -> None:
    """Write the act and its violations in place of those there were."""
    _check_day(row, on, step)
    edition = packs.violations(row.territory, on)
    lines = {line.code: line for line in edition.content.lines}
    rows = []
    for one in found:
        line = lines.get(one.code)
        if line is None:
            raise ComplaintsError(f"Кода «{one.code}» нет в перечне нарушений на {on:%d.%m.%Y}.")
        if row.kind not in line.kinds:
            raise ComplaintsError(f"Нарушение {one.code} выявляет {ControlKind(line.kinds[0]).label}.")
        if one.billed < 0 or one.base < 0:
            raise ComplaintsError(f"Нарушение {one.code}: сумма не бывает меньше нуля.")
        # A second look copies the bases of the first act: the fund could not correct one written before this rule.
        if line.fine and not one.base and row.repeats_id is None:
            raise ComplaintsError(BASE_OF_ZERO.format(code=one.code))
        rows.append(
            Violation(
                control=row,
                code=line.code,
                title=line.title,
                edition=edition.name,
                conditions=Conditions(one.conditions),
                billed=one.billed,
                base=one.base,
                nonpay_share=line.nonpay,
                fine_share=line.fine,
                note=one.note.strip(),
            )
        )
    act = act_number(row, number, on)
    try:
        with transaction.atomic():
            save(row, act_number=act, act_on=on, conclusion=conclusion.strip(), state=ControlState.ACT)
    except IntegrityError as fault:
        raise ComplaintsError(f"Акт с номером {act} уже есть.", field="number") from fault
    row.violations.all().delete()
    Violation.objects.bulk_create(rows)


def hand_over(control_id: UUID, *, by: Employee, version: int | None = None) -> Control:
    """Give the act to the clinic: it sees it from now on, its terms to sign and to claim begin."""
    with _changing(control_id, "hand_over", by, {ControlState.ACT}, version) as (step, row):
        signing = terms.plan(SIGNING, step.now, row.territory, step.actor.zone).proof
        claim = terms.plan(CLAIM, step.now, row.territory, step.actor.zone).proof
        save(
            row,
            state=ControlState.HANDED,
            handed_at=step.now,
            due_on=signing.due_on,
            claim_until=claim.due_on,
            law=f"{signing.term.pack}, {claim.term.pack}",
        )
        step.tell(CaseEventKind.HANDED, control=str(row.pk), due=signing.due_on.isoformat())
    return row


def sign(control_id: UUID, *, disagreement: str = "", by: Employee, version: int | None = None) -> Control:
    """Sign an act for the clinic, or add a protocol of disagreement. Raises TooEarly, NoSuchCase."""
    check_right(Right.COMPLAINTS_ANSWER, by)
    row = of_clinic(control_id, by, version)
    if row.state != ControlState.HANDED:
        raise TooEarly(f"Ответ уже не изменить: {row.get_state_display().lower()}.")
    text = disagreement.strip()
    state = ControlState.DISPUTED if text else ControlState.SIGNED
    save(row, state=state, disagreement=text, answered_at=timezone.now(), answered_by=by)
    with following(row.case_id, by=by) as step:
        step.tell(CaseEventKind.DISPUTED if text else CaseEventKind.SIGNED, text, control=str(row.pk))
    record("complaints.sign", row, by=by, details={"agrees": not text})
    return row


def finish(
    control_id: UUID,
    *,
    reply: str = "",
    upheld: Collection[UUID] | None = None,
    by: Employee,
    version: int | None = None,
) -> Control:
    """End a control: the clinic has signed, its disagreement is answered in words, or it was silent past its day.

    After a disagreement ``upheld`` are the violations that stand, None — all of them; the others count no more.
    Raises WordsNeeded, TooEarly, ComplaintsError where violations are taken back of an act the clinic did not dispute.
    """
    states = {ControlState.HANDED, ControlState.SIGNED, ControlState.DISPUTED}
    with _changing(control_id, "finish", by, states, version) as (step, row):
        if row.state == ControlState.DISPUTED:
            reply = words(reply, "Ответьте клинике на её разногласия.", field="reply")
        if row.state == ControlState.HANDED and (row.due_on is None or step.today <= row.due_on):
            raise TooEarly(f"Клиника может ответить до {row.due_on:%d.%m.%Y}.")
        lifted = _lift(row, upheld)
        save(row, state=ControlState.FINAL, reply=reply.strip(), final_at=step.now)
        taken_back = f"Сняты нарушения: {', '.join(lifted.values())}." if lifted else ""
        text = "\n".join(filter(None, [reply.strip(), taken_back]))
        step.tell(CaseEventKind.FINAL, text, control=str(row.pk), **({"lifted": list(lifted)} if lifted else {}))
    return row


def _lift(row: Control, upheld: Collection[UUID] | None) -> dict[str, str]:
    """Take back the violations of a disputed act that do not stand; return their keys and codes."""
    found = list(row.violations.all())
    lifted = {} if upheld is None else {one.pk: one.code for one in found if one.pk not in set(upheld)}
    if row.state != ControlState.DISPUTED:
        if lifted:
            raise ComplaintsError("Нарушения снимают по разногласиям клиники, а их нет.", field="upheld")
        return {}
    row.violations.exclude(pk__in=list(lifted)).update(is_upheld=True)
    row.violations.filter(pk__in=list(lifted)).update(is_upheld=False, lifted_by=LiftedBy.INSURER)
    return {str(key): code for key, code in lifted.items()}


def save(row: Control, **columns: object) -> None:
    for name, value in columns.items():
        setattr(row, name, value)
    Control.objects.filter(pk=row.pk).update(**columns, version=F("version") + 1)
    row.version += 1


def _check_day(row: Control, on: date, step: Step) -> None:
    request = row.request
    if on > step.today:
        raise WrongDates(f"Дата акта {on:%d.%m.%Y} ещё не наступила.", field="on")
    if request is not None and on < step.actor.local(request.asked_at).date():
        raise WrongDates("Акт раньше запроса документов: проверьте дату.", field="on")


@contextmanager
def _changing(
    control_id: UUID, verb: str, by: Employee, states: set[ControlState], version: int | None = None
) -> Iterator[tuple[Step, Control]]:
    """Lock a control of a case her organisation answers for, in a state where the command makes sense."""
    case = Control.objects.accessible_to(by).filter(pk=control_id).values_list("case_id", flat=True).first()
    if case is None:
        raise NoSuchCase("Такой экспертизы нет.")
    with changing(case, verb, by=by) as step:
        rows = Control.objects.accessible_to(by).select_for_update(of=("self",)).select_related("request")
        row = _fresh(rows.filter(pk=control_id).first(), version)
        if row.state not in states:
            raise TooEarly(f"Сейчас так нельзя: {row.get_state_display().lower()}.")
        yield step, row


def of_clinic(control_id: UUID, by: Employee, version: int | None) -> Control:
    """Return an act of the clinic she works in, locked."""
    row = _fresh(locked_in_turn(Control.objects.accessible_to(by), control_id), version)
    if by.assignment is None or by.assignment.organisation_id != row.provider_id:
        raise NoSuchCase("Такого акта нет.")
    return row


def _fresh(row: Control | None, version: int | None) -> Control:
    """Return a locked row that is still what the page has shown."""
    if row is None:
        raise NoSuchCase("Такой экспертизы нет.")
    if version is not None and row.version != version:
        raise CaseChanged("Экспертизу за это время изменил другой сотрудник. Посмотрите, что записано, и повторите.")
    return row
