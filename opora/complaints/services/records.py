"""Requests for medical documents: asked, answered by the clinic, accepted or returned."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from opora.access.rights import Right
from opora.appeals import file_kinds, store, terms
from opora.audit.services import record
from opora.complaints.errors import CaseChanged, ComplaintsError, NoSuchCase, TooEarly, WrongDates
from opora.complaints.models import Paper, RecordsRequest
from opora.complaints.services._step import changing, check_right, following, locked_in_turn, words
from opora.complaints.services.opening import MAY_ASK
from opora.complaints.words import CaseEventKind, Conditions, Decision, RequestState
from opora.organisations.models import Employee, Organisation

TERM = "records"
MOST_PAPERS = 50


def ask(
    appeal_id: UUID,
    *,
    provider: Organisation,
    patient: str,
    birth_on: date | None,
    enp: str = "",
    conditions: str,
    care_from: date,
    care_to: date,
    wanted: str,
    by: Employee,
    version: int | None = None,
) -> RecordsRequest:
    """Ask a clinic for the documents of a patient and a period. The clinic sees the request, never the complaint.

    Raises TooEarly before a check was decided upon, WrongDates, ComplaintsError for what is not a clinic.
    """
    with changing(appeal_id, "ask", by=by, version=version) as step:
        case = step.case
        if case.decision != Decision.NEEDED:
            raise TooEarly("Сначала решите, что экспертиза нужна.")
        if case.consent not in MAY_ASK:
            raise TooEarly("Ждём согласие пациента: без него документы не запросить.")
        if provider.kind != Organisation.Kind.PROVIDER:
            raise ComplaintsError(f"«{provider.name}» не клиника: документы запрашивают у клиники.")
        _check_period(care_from, care_to, step.today)
        count = case.requests.count() + 1
        clock = terms.plan(TERM, step.now, case.territory, step.actor.zone)
        made = RecordsRequest.objects.create(
            case=case,
            territory=case.territory,
            provider=provider,
            asked_from=step.actor.organisation,
            number=f"{case.appeal.number}/{count}",
            patient=words(patient, "Назовите пациента."),
            birth_on=birth_on,
            enp=enp,
            conditions=Conditions(conditions),
            care_from=care_from,
            care_to=care_to,
            wanted=words(wanted, "Напишите, какие документы прислать."),
            asked_at=step.now,
            asked_by=by,
            due_on=clock.proof.due_on,
            remind_on=next(iter(clock.proof.warn_on), None),
            law=clock.proof.term.pack,
        )
        step.tell(
            CaseEventKind.REQUESTED, request=str(made.pk), provider=provider.pk, due=clock.proof.due_on.isoformat()
        )
    return made


def add_paper(request_id: UUID, *, name: str, content: bytes, by: Employee) -> Paper:
    """Attach a file to the answer of the clinic. The same bytes are the paper that is there. Raises FileRefused."""
    row = _of_clinic(request_id, by)
    plain, media_type = file_kinds.check(name, content, limit=settings.FILE_LIMIT)
    sha256 = store.keep(content)
    former = row.papers.filter(sha256=sha256).first()
    if former is not None:
        return former
    if row.papers.count() >= MOST_PAPERS:
        raise ComplaintsError(f"К ответу прикладывают не больше {MOST_PAPERS} файлов: соберите их в архив или PDF.")
    added = Paper.objects.create(
        request=row,
        name=plain,
        media_type=media_type,
        size=len(content),
        sha256=sha256,
        added_at=timezone.now(),
        added_by=by,
    )
    record("complaints.add_paper", row, by=by, details={"paper": str(added.pk)})
    return added


def answer(request_id: UUID, *, text: str = "", by: Employee, version: int | None = None) -> RecordsRequest:
    """Answer for the clinic: with papers, or in words why there are none. Raises WordsNeeded, CaseChanged."""
    row = _of_clinic(request_id, by, version)
    if not row.papers.exists():
        words(text, "Приложите документы или напишите, почему их нет.")
    row.state, row.answer = RequestState.ANSWERED, text.strip()
    row.answered_at, row.answered_by, row.returned_why = timezone.now(), by, ""
    _save(row, "state", "answer", "answered_at", "answered_by", "returned_why")
    with following(row.case_id, by=by) as step:
        step.tell(CaseEventKind.ANSWERED, row.answer, request=str(row.pk))
    record("complaints.answer", row, by=by)
    return row


def accept(request_id: UUID, *, by: Employee, version: int | None = None) -> RecordsRequest:
    """Take the documents: the expert may begin."""
    return _settle(request_id, RequestState.ACCEPTED, CaseEventKind.ACCEPTED, "", by, version)


def send_back(request_id: UUID, *, why: str, by: Employee, version: int | None = None) -> RecordsRequest:
    """Return an incomplete answer: it is awaited again, by a new day. When it came stands in the event."""
    return _settle(
        request_id, RequestState.RETURNED, CaseEventKind.RETURNED, words(why, "Напишите, чего не хватает."), by, version
    )


def withdraw(request_id: UUID, *, why: str, by: Employee, version: int | None = None) -> RecordsRequest:
    text = words(why, "Напишите, почему отзываете запрос.")
    return _settle(request_id, RequestState.WITHDRAWN, CaseEventKind.WITHDRAWN, text, by, version)


_FROM = {
    RequestState.ACCEPTED: {RequestState.ANSWERED},
    RequestState.RETURNED: {RequestState.ANSWERED},
    RequestState.WITHDRAWN: {RequestState.ASKED, RequestState.RETURNED},
}


def _settle(
    request_id: UUID, state: RequestState, kind: CaseEventKind, why: str, by: Employee, version: int | None
) -> RecordsRequest:
    row = RecordsRequest.objects.accessible_to(by).filter(pk=request_id).first()
    if row is None:
        raise NoSuchCase("Такого запроса нет.")
    with changing(row.case_id, str(kind), by=by) as step:
        rows = RecordsRequest.objects.accessible_to(by).select_for_update(of=("self",))
        row = _fresh(rows.filter(pk=request_id).first(), version)
        if row.state not in _FROM[state]:
            raise TooEarly(f"Сейчас так нельзя: {row.get_state_display().lower()}.")
        row.state, row.returned_why = state, why[:500]
        row.settled_at = None if state is RequestState.RETURNED else step.now
        came: dict[str, str] = {}
        if state is RequestState.RETURNED:
            came = (
                {"answered_at": row.answered_at.isoformat(), "due": row.due_on.isoformat()} if row.answered_at else {}
            )
            row.answered_at = row.answered_by = None
            clock = terms.plan(TERM, step.now, row.territory, step.actor.zone)
            row.due_on, row.law = clock.proof.due_on, clock.proof.term.pack
            row.remind_on = next(iter(clock.proof.warn_on), None)
        _save(row, "state", "returned_why", "settled_at", "answered_at", "answered_by", "due_on", "remind_on", "law")
        step.tell(kind, why, request=str(row.pk), **came)
    return row


def _of_clinic(request_id: UUID, by: Employee, version: int | None = None) -> RecordsRequest:
    """Return a request the clinic of this employee may still answer, locked."""
    check_right(Right.COMPLAINTS_ANSWER, by)
    row = _fresh(locked_in_turn(RecordsRequest.objects.accessible_to(by), request_id), version)
    if by.assignment is None or by.assignment.organisation_id != row.provider_id:
        raise NoSuchCase("Такого запроса нет.")
    if not row.is_awaited:
        raise TooEarly(f"Ответ уже не изменить: {row.get_state_display().lower()}.")
    return row


def _fresh(row: RecordsRequest | None, version: int | None) -> RecordsRequest:
    """Return a locked row that is still what the page has shown."""
    if row is None:
        raise NoSuchCase("Такого запроса нет.")
    if version is not None and row.version != version:
        raise CaseChanged("Запрос за это время изменил другой сотрудник. Посмотрите, что записано, и повторите.")
    return row


def _save(row: RecordsRequest, *columns: str) -> None:
    values = {name: getattr(row, name) for name in columns}
    RecordsRequest.objects.filter(pk=row.pk).update(**values, version=F("version") + 1)
    row.version += 1


def _check_period(since: date, until: date, today: date) -> None:
    if until < since:
        raise WrongDates("Лечение кончается раньше, чем начинается.", field="care_to")
    if since > today:
        raise WrongDates(f"{since:%d.%m.%Y} ещё не наступило.", field="care_from")
