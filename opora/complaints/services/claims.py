"""A clinic's claim against an act, and the fund's second look. Source: 326-ФЗ ст. 42."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.rights import Right
from opora.appeals import terms
from opora.appeals.actor import actor_of
from opora.audit.services import record
from opora.complaints.errors import CaseChanged, ComplaintsError, NoSuchCase, TooEarly
from opora.complaints.models import Claim, Control, Expert, Violation
from opora.complaints.services._step import Step, check_right, following, locked_in_turn, words
from opora.complaints.services.controls import Found, fill_act, of_clinic, place, save
from opora.complaints.words import CaseEventKind, ClaimDecision, ControlState, LiftedBy
from opora.organisations.models import Employee, Organisation

REVIEW = "claim_review"


def claim(control_id: UUID, *, number: str, grounds: str, by: Employee, version: int | None = None) -> Claim:
    """File the claim of a clinic against an act it was given. A late one is taken and marked: the fund decides.

    ``version`` is that of the act. Raises TooEarly, CaseChanged, ComplaintsError for a second claim against one act.
    """
    check_right(Right.COMPLAINTS_ANSWER, by)
    row = of_clinic(control_id, by, version)
    if row.repeats_id is not None:
        raise ComplaintsError("Повторную экспертизу провёл фонд: его решение обжалуют в суде.")
    if Claim.objects.filter(control=row).exists():
        raise ComplaintsError("Претензия на этот акт уже подана.")
    actor, now = actor_of(by), timezone.now()
    clock = terms.plan(REVIEW, now, row.territory, actor.zone).proof
    made = Claim.objects.create(
        control=row,
        territory=row.territory,
        provider_id=row.provider_id,
        number=words(number, "Укажите номер претензии.")[:50],
        grounds=words(grounds, "Напишите, с чем клиника не согласна."),
        filed_at=now,
        filed_by=by,
        is_late=row.claim_until is not None and actor.local(now).date() > row.claim_until,
        due_on=clock.due_on,
        law=clock.term.pack,
    )
    save(row)  # a colleague with the page of the act open, and who ends the control, see that something was filed
    with following(row.case_id, by=by) as step:
        _reopen(step)
        step.tell(CaseEventKind.CLAIMED, made.grounds, claim=str(made.pk), is_late=made.is_late)
    record("complaints.claim", made, by=by)
    return made


def review(claim_id: UUID, *, expert: Expert, by: Employee, version: int | None = None) -> Control:
    """Order the second look of the fund: another expert, the same documents.

    Raises CaseChanged, ComplaintsError, ExpertEmployed.
    """
    row = _of_fund(claim_id, by, version)
    first = row.control
    if row.review_id is not None:
        raise ComplaintsError("Повторная экспертиза уже поручена.")
    if expert.pk == first.expert_id:
        raise ComplaintsError("Первую экспертизу провёл этот же эксперт: выберите другого.")
    if first.request is None:
        raise TooEarly("К акту нет документов клиники.")
    with following(first.case_id, by=by) as step:
        made = place(step, first.request, kind=first.kind, expert=expert, ground="claim", repeats=first)
        Claim.objects.filter(pk=row.pk).update(review=made, version=F("version") + 1)
        step.tell(CaseEventKind.ASSIGNED, control=str(made.pk), expert=expert.pk, kind=first.kind, claim=str(row.pk))
    record("complaints.review", row, by=by)
    return made


def decide_claim(
    claim_id: UUID,
    *,
    decision: str,
    answer: str,
    upheld: Collection[UUID] = (),
    act_number: str = "",
    conclusion: str = "",
    by: Employee,
    version: int | None = None,
) -> Claim:
    """Decide a claim: ``upheld`` are the violations of the disputed act that stand; the others count no more.

    Those taken back after a disagreement are not disputed any more.

    With a second look ordered, its act comes with the decision. The case returns to its insurer, whose verdicts of the
    reasons are then to be looked at again. Raises ComplaintsError where decision and what is upheld disagree.
    """
    row = _of_fund(claim_id, by, version)
    text = words(answer, "Напишите ответ клинике.")
    with following(row.control.case_id, by=by) as step:
        violations = list(Violation.objects.filter(control=row.control).exclude(is_upheld=False))
        stands = {one.pk for one in violations if one.pk in set(upheld)}
        _check(ClaimDecision(decision), len(stands), len(violations))
        if row.review is not None:
            _end_review(step, row.review, [one for one in violations if one.pk in stands], act_number, conclusion)
        for one in violations:
            is_upheld = one.pk in stands
            Violation.objects.filter(pk=one.pk).update(
                is_upheld=is_upheld, lifted_by="" if is_upheld else LiftedBy.FUND
            )
        Claim.objects.filter(pk=row.pk).update(
            decision=ClaimDecision(decision), decided_at=step.now, decided_by=by, answer=text, version=F("version") + 1
        )
        if row.control.state != ControlState.FINAL:
            save(row.control, state=ControlState.FINAL, final_at=step.now)
        step.tell(CaseEventKind.CLAIM_DECIDED, text, claim=str(row.pk), decision=decision)
    record("complaints.claim_decided", row, by=by, details={"decision": decision})
    row.refresh_from_db()
    return row


def _check(decision: ClaimDecision, stands: int, all_of_them: int) -> None:
    if decision is ClaimDecision.JUSTIFIED and stands:
        raise ComplaintsError("Претензия обоснована: снимите отметки со всех нарушений.", field="upheld")
    if decision is ClaimDecision.UNJUSTIFIED and stands != all_of_them:
        raise ComplaintsError("Претензия не обоснована: все нарушения остаются в силе.", field="upheld")
    if decision is ClaimDecision.PARTLY and stands in {0, all_of_them}:
        raise ComplaintsError(
            "Претензия обоснована частично: часть нарушений остаётся, часть снимается.", field="upheld"
        )


def _end_review(step: Step, second: Control, stands: list[Violation], number: str, conclusion: str) -> None:
    found = [Found(one.code, one.conditions, one.billed, one.base, one.note) for one in stands]
    words(conclusion, "Напишите выводы повторной экспертизы.", field="conclusion")
    fill_act(step, second, number=number, on=step.today, conclusion=conclusion, found=found)
    save(second, state=ControlState.FINAL, handed_at=step.now, final_at=step.now)


def _reopen(step: Step) -> None:
    if not step.case.is_open:
        step.set(closed_at=None)
        step.tell(CaseEventKind.REOPENED)


def _of_fund(claim_id: UUID, by: Employee, version: int | None = None) -> Claim:
    check_right(Right.COMPLAINTS_CLAIMS, by)
    organisation = actor_of(by).organisation
    if organisation.kind != Organisation.Kind.FUND:
        raise RightMissing(right=Right.COMPLAINTS_CLAIMS)
    rows = Claim.objects.accessible_to(by).select_related("control__request", "review")
    row = locked_in_turn(rows, claim_id, way="control__case")
    if row is None:
        raise NoSuchCase("Такой претензии нет.")
    if row.decision:
        raise TooEarly("Решение по претензии уже принято.")
    if version is not None and row.version != version:
        raise CaseChanged("Претензию за это время изменил другой сотрудник. Посмотрите, что записано, и повторите.")
    return row
