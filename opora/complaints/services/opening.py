"""A case is opened by hand, and decided upon."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from opora.access.rights import Right
from opora.appeals.actor import actor_of
from opora.appeals.errors import ON_INSURER
from opora.appeals.models import Appeal, Reason
from opora.appeals.words import Depth
from opora.audit.services import record
from opora.classifiers.words import Kind
from opora.complaints import packs
from opora.complaints.errors import ComplaintsError, NoSuchCase, NotAComplaint, TooEarly, WrongDates
from opora.complaints.models import Case, DoubtedService
from opora.complaints.services._step import Step, changing, check_right, words, write
from opora.complaints.words import CaseEventKind, Consent, Decision, Found, Speaks
from opora.organisations.models import Employee, Organisation

MAY_ASK = frozenset({Consent.GIVEN, Consent.NOT_NEEDED})


def open_case(appeal_id: UUID, *, by: Employee) -> Case:
    """Open the case of a complaint that has none, or return it. Raises NoSuchCase, NotAComplaint."""
    check_right(Right.COMPLAINTS_HANDLE, by)
    appeal = (
        Appeal.objects.accessible_to(by, Depth.TEXT).select_related("handler", "topic").filter(pk=appeal_id).first()
    )
    if appeal is None:
        raise NoSuchCase
    if appeal.kind != Kind.COMPLAINT:
        raise NotAComplaint
    handler = appeal.handler
    if handler.kind in {Organisation.Kind.PROVIDER, Organisation.Kind.AUTHORITY}:
        raise ComplaintsError(f"Жалобу рассматривает {handler.name}: дело откроет страховая или фонд.")
    is_funds = handler.kind == Organisation.Kind.FUND or _is_on_insurer(appeal)
    insurer = None if is_funds else handler.parent_id or handler.pk
    if is_funds and actor_of(by).organisation.kind != Organisation.Kind.FUND:
        raise ComplaintsError(ON_INSURER)
    now = timezone.now()
    case, is_new = Case.objects.accessible_to(by).get_or_create(
        pk=appeal_id, defaults={"territory": appeal.territory_id, "insurer_id": insurer, "opened_at": now}
    )
    if is_new:
        step = Step(case, actor_of(by), now)
        step.tell(CaseEventKind.OPENED)
        write(step)
        record("complaints.open", ("complaints.case", str(case.pk)), by=by)
    return case


def _is_on_insurer(appeal: Appeal) -> bool:
    reasons = Reason.objects.filter(appeal=appeal).select_related("topic")
    return appeal.topic.is_on_insurer or any(reason.topic.is_on_insurer for reason in reasons)


def take(appeal_id: UUID, *, by: Employee, version: int | None = None) -> Case:
    with changing(appeal_id, "take", by=by, version=version) as step:
        step.set(expert=by)
        step.tell(CaseEventKind.TAKEN)
    return step.case


def set_standing(
    appeal_id: UUID, *, speaks: str, consent: str, consent_note: str = "", by: Employee, version: int | None = None
) -> Case:
    """Write down who complains and what lets us read the documents of the patient.

    Raises WordsNeeded: a proxy without his paper, a consent without saying which.
    """
    with changing(appeal_id, "standing", by=by, version=version) as step:
        if Speaks(speaks) is Speaks.PROXY or (Consent(consent) is Consent.GIVEN and speaks != Speaks.PATIENT):
            words(consent_note, "Назовите документ: доверенность или согласие, номер и дату.", field="consent_note")
        if Speaks(speaks) is Speaks.OTHER and Consent(consent) is Consent.NOT_NEEDED:
            words(consent_note, "Напишите, почему согласие пациента не требуется.", field="consent_note")
        step.set(speaks=speaks, consent=consent, consent_note=consent_note.strip())
        step.tell(CaseEventKind.STANDING, consent_note.strip(), speaks=speaks, consent=consent)
    return step.case


def decide(
    appeal_id: UUID, *, decision: str, ground: str = "", ground_note: str = "", by: Employee, version: int | None = None
) -> Case:
    """Decide whether a check is needed, and on what ground.

    Raises TooEarly: nobody knows who complains, or a check was ordered already; WordsNeeded: a refusal without words.
    """
    with changing(appeal_id, "decide", by=by, version=version) as step:
        case = step.case
        if not case.consent:
            raise TooEarly("Сначала запишите, кто жалуется и есть ли согласие пациента.")
        if Decision(decision) is Decision.NOT_NEEDED:
            if case.controls.exclude(state="cancelled").exists():
                raise TooEarly("Экспертиза уже поручена: сначала отмените её.")
            ground, ground_note = (
                "",
                words(ground_note, "Напишите, почему экспертиза не требуется.", field="ground_note"),
            )
        else:
            known = {one.code for one in packs.control(case.territory, step.today).content.grounds}
            if ground not in known:
                raise ComplaintsError("Выберите основание экспертизы из списка.", field="ground")
            if case.consent not in MAY_ASK:
                raise TooEarly("Ждём согласие пациента: без него документы не запросить.")
        step.set(decision=decision, ground=ground, ground_note=ground_note.strip(), decided_at=step.now)
        step.tell(CaseEventKind.DECIDED, ground_note.strip(), decision=decision, ground=ground)
    return step.case


def doubt(
    appeal_id: UUID,
    *,
    on: date,
    title: str,
    provider: Organisation | None = None,
    provider_name: str = "",
    by: Employee,
    version: int | None = None,
) -> DoubtedService:
    """Add a service the person did not get but saw among his own. Raises WrongDates."""
    with changing(appeal_id, "doubt", by=by, version=version) as step:
        if on > step.today:
            raise WrongDates(f"{on:%d.%m.%Y} ещё не наступило.", field="on")
        name = words(title, "Назовите услугу, как она записана.")[:300]
        row, is_new = DoubtedService.objects.get_or_create(
            case=step.case,
            on=on,
            title=name,
            defaults={"provider": provider, "provider_name": provider_name.strip(), "at": step.now},
        )
        if is_new:
            step.tell(CaseEventKind.DOUBTED, name, on=on.isoformat())
    return row


def find_doubted(row_id: UUID, *, found: str, by: Employee, version: int | None = None) -> DoubtedService:
    """Say what the check found of a doubted service. ``version`` is that of the case. Raises CaseChanged."""
    row = DoubtedService.objects.accessible_to(by).filter(pk=row_id).first()
    if row is None:
        raise NoSuchCase("Такой услуги в деле нет.")
    with changing(row.case_id, "doubt", by=by, version=version) as step:
        row.found = Found(found)
        row.save(update_fields=["found"])
        step.tell(CaseEventKind.DOUBTED, row.title, found=found)
    return row


def note(appeal_id: UUID, *, text: str, by: Employee, version: int | None = None) -> Case:
    with changing(appeal_id, "note", by=by, version=version, closed=True) as step:
        step.tell(CaseEventKind.NOTED, words(text, "Напишите заметку."))
    return step.case
