"""What the case came to: a verdict for each reason, the right restored, disputes, the end."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from opora.appeals import services as journal
from opora.appeals.models import Appeal, Reason
from opora.classifiers.words import Verdict
from opora.complaints import rules
from opora.complaints.errors import ComplaintsError, NoSuchCase, TooEarly, WrongDates
from opora.complaints.models import Case, Dispute, Restoration
from opora.complaints.services._step import changing, facts_of, words
from opora.complaints.words import CaseEventKind, CaseStage, DisputeOutcome, Filer, Payer, Restored, Track
from opora.organisations.models import Employee

UNFINISHED = {
    CaseStage.OPENED: "Сначала решите, нужна ли экспертиза.",
    CaseStage.RECORDS: "Сначала запросите и примите документы клиники.",
    CaseStage.CONTROL: "Сначала дождитесь акта эксперта.",
    CaseStage.WITH_CLINIC: "Акт у клиники: дождитесь её ответа.",
    CaseStage.CLAIM: "Фонд рассматривает претензию клиники: дождитесь решения.",
    CaseStage.VERDICT: "Примите решение по каждой причине жалобы.",
    CaseStage.RESTORING: "Запишите, как восстановлено право.",
}
OUTDATED = "Решение принято раньше, чем закончилась последняя экспертиза: решите по причинам ещё раз."


def unfinished(facts: rules.Facts) -> str:
    """Return what a case that is not ready waits for, as a sentence."""
    stage = rules.stage(facts)
    return OUTDATED if stage is CaseStage.VERDICT and rules.is_outdated(facts) else UNFINISHED[stage]


def set_verdict(reason_id: int, *, verdict: str, why: str, by: Employee, version: int | None = None) -> Reason:
    """Decide whether a reason is justified. The verdict is the journal's own: it is amended there.

    Raises TooEarly before documents, expert and clinic have spoken, or where the appeal is closed.
    """
    row = Reason.objects.filter(pk=reason_id).first()
    if row is None or not Case.objects.accessible_to(by).filter(pk=row.appeal_id).exists():
        raise NoSuchCase("Такой причины нет.")
    with changing(row.appeal_id, "verdict", by=by, version=version) as step:
        stage = rules.stage(facts_of(step.case))
        if stage in {CaseStage.OPENED, CaseStage.RECORDS, CaseStage.CONTROL, CaseStage.WITH_CLINIC, CaseStage.CLAIM}:
            raise TooEarly(UNFINISHED[stage])
        text = words(why, "Напишите, на чём основано решение.")
        if not Appeal.objects.open().filter(pk=row.appeal_id).exists():
            raise TooEarly("Обращение закрыто: возобновите его в журнале, чтобы изменить решение.")
        row.refresh_from_db()
        former = {"former": row.verdict} if row.verdict else {}
        changes = {"verdicts": {row.pk: str(Verdict(verdict))}}
        journal.amend(row.appeal_id, changes=changes, why=text, by=by)
        step.tell(CaseEventKind.VERDICT, text, reason=row.pk, verdict=verdict, **former)
    row.refresh_from_db()
    return row


def restore(
    appeal_id: UUID,
    *,
    how: str,
    on: date,
    amount: Decimal | None = None,
    note: str = "",
    reason: Reason | None = None,
    by: Employee,
    version: int | None = None,
) -> Restoration:
    """Write down how a right was restored. Raises WrongDates, ComplaintsError for money without a sum."""
    with changing(appeal_id, "restore", by=by, version=version) as step:
        way = Restored(how)
        if on > step.today:
            raise WrongDates(f"{on:%d.%m.%Y} ещё не наступило: запишите, когда право восстановят на деле.", field="on")
        came = step.actor.local(Appeal.objects.values_list("received_at", flat=True).get(pk=appeal_id)).date()
        if on < came:
            raise WrongDates(f"Жалоба поступила {came:%d.%m.%Y}: право не восстановить раньше неё.", field="on")
        if way is Restored.MONEY and (amount is None or amount <= 0):
            raise ComplaintsError("Укажите, сколько денег вернули.", field="amount")
        if way in {Restored.OTHER, Restored.IMPOSSIBLE}:
            words(note, "Напишите подробности: как восстановлено право или почему нельзя.", field="note")
        if reason is not None and reason.appeal_id != step.case.pk:
            raise NoSuchCase("Такой причины нет.")
        made = Restoration.objects.create(
            case=step.case,
            reason=reason,
            how=way,
            on=on,
            amount=amount if way is Restored.MONEY else None,
            note=note.strip(),
            at=step.now,
            by=by,
        )
        step.tell(CaseEventKind.RESTORED, note.strip(), how=how, restoration=str(made.pk))
    return made


def open_dispute(
    appeal_id: UUID,
    *,
    track: str,
    filed_on: date,
    place: str,
    filer: str = "",
    number: str = "",
    claimed: Decimal | None = None,
    by: Employee,
    version: int | None = None,
) -> Dispute:
    """Begin the defence of a right before a court or in it; possible after the case has ended too.

    Raises WrongDates, ComplaintsError for a suit of nobody.
    """
    with changing(appeal_id, "dispute", by=by, version=version, closed=True) as step:
        _check_sum(claimed)
        if Track(track) is Track.COURT and not filer:
            raise ComplaintsError("Укажите, кто подал иск: отчёт спрашивает об этом.", field="filer")
        if filed_on > step.today:
            raise WrongDates(f"{filed_on:%d.%m.%Y} ещё не наступило.", field="filed_on")
        made = Dispute.objects.create(
            case=step.case,
            track=Track(track),
            filer=Filer(filer) if filer else "",
            filed_on=filed_on,
            place=words(place, "Назовите суд или того, кому подано.")[:200],
            number=number.strip(),
            claimed=claimed,
            at=step.now,
            by=by,
        )
        step.tell(CaseEventKind.DISPUTE, made.place, dispute=str(made.pk), track=track)
    return made


def end_dispute(
    dispute_id: UUID,
    *,
    outcome: str,
    decided_on: date,
    awarded: Decimal | None = None,
    moral: Decimal | None = None,
    payer: str = "",
    by: Employee,
    version: int | None = None,
) -> Dispute:
    """Write down how a dispute ended; ``moral`` is the part of ``awarded`` for losses and moral harm.

    ``version`` is that of the case. Raises CaseChanged, WrongDates: before it was filed or in the future,
    ComplaintsError for money that nobody paid.
    """
    row = Dispute.objects.accessible_to(by).filter(pk=dispute_id).first()
    if row is None:
        raise NoSuchCase("Такого спора нет.")
    with changing(row.case_id, "dispute", by=by, version=version, closed=True) as step:
        row.refresh_from_db()
        former = {"former": row.outcome} if row.outcome else {}
        _check_award(awarded, moral, payer)
        if decided_on < row.filed_on:
            raise WrongDates(f"Решение раньше подачи {row.filed_on:%d.%m.%Y}: проверьте дату.", field="decided_on")
        if decided_on > step.today:
            raise WrongDates(f"{decided_on:%d.%m.%Y} ещё не наступило.", field="decided_on")
        row.outcome, row.decided_on, row.awarded = DisputeOutcome(outcome), decided_on, awarded
        row.moral, row.payer = moral, Payer(payer) if payer else ""
        row.save(update_fields=["outcome", "decided_on", "awarded", "moral", "payer"])
        step.tell(CaseEventKind.DISPUTE, "", dispute=str(row.pk), outcome=outcome, **former)
    return row


def close_case(appeal_id: UUID, *, by: Employee, version: int | None = None) -> Case:
    """End a case when nothing is awaited, every reason is decided and every broken right is restored."""
    with changing(appeal_id, "close", by=by, version=version) as step:
        facts = facts_of(step.case)
        stage = rules.stage(facts)
        if stage is not CaseStage.READY:
            raise TooEarly(unfinished(facts))
        step.set(closed_at=step.now)
        step.tell(CaseEventKind.CLOSED)
    return step.case


def reopen_case(appeal_id: UUID, *, why: str, by: Employee, version: int | None = None) -> Case:
    """Take a closed case up again."""
    with changing(appeal_id, "reopen", by=by, version=version, closed=True) as step:
        if step.case.is_open:
            raise TooEarly("Дело ещё не завершено.")
        if step.case.withdrawn_at is not None:
            raise TooEarly("Обращение больше не жалоба. Исправьте его вид в журнале, и дело откроется само.")
        text = words(why, "Напишите, почему возобновляете дело.")
        step.set(closed_at=None)
        step.tell(CaseEventKind.REOPENED, text)
    return step.case


def _check_award(awarded: Decimal | None, moral: Decimal | None, payer: str) -> None:
    _check_sum(awarded)
    _check_sum(moral)
    if awarded and not payer:
        raise ComplaintsError("Укажите, кто возместил: отчёт спрашивает об этом.", field="payer")
    if payer and not awarded:
        raise ComplaintsError("Не указано, сколько присудили: возмещать нечего.", field="awarded")
    if moral and moral > (awarded or 0):
        raise ComplaintsError("Убытки и моральный вред — часть присуждённого: не больше него.", field="moral")


def _check_sum(amount: Decimal | None) -> None:
    if amount is not None and amount < 0:
        raise ComplaintsError("Сумма не бывает меньше нуля.")
