"""Letters of an appeal: what a template knows of it, its answer and its record card on paper.

A letter holds the words of the answer as they were approved: what a template adds is added while they are written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils import timezone

from opora.appeals import policies
from opora.appeals.card import Case
from opora.appeals.models import Answer, Appeal, AppealText, Event, Party
from opora.appeals.words import AnswerKind, AnswerState, Depth
from opora.knowledge import letters
from opora.knowledge.letters import Recipient, Wording
from opora.knowledge.words import Letter
from opora.organisations.models import Employee, Organisation
from opora.shared import documents
from opora.shared.declension import Case as NameCase
from opora.shared.declension import PersonName, decline
from opora.shared.documents import Signature
from opora.shared.typography import day

if TYPE_CHECKING:
    from datetime import date

HIDDEN = "скрыто"
TO_OTHERS = frozenset({AnswerKind.COVER, AnswerKind.REQUEST})
# Whose heading a letter bears when the answer names no template; a notice may be of a delay or of a forwarding.
HEADED_AS = {
    AnswerKind.FINAL: Letter.REPLY,
    AnswerKind.INTERIM: Letter.INTERIM,
    AnswerKind.COVER: Letter.FORWARDING,
}
HEADINGS = {AnswerKind.NOTICE: "О вашем обращении", AnswerKind.REQUEST: "О предоставлении сведений"}
UNAPPROVED = frozenset({AnswerState.SUBMITTED, AnswerState.RETURNED})


def of_answer(case: Case, answer: Answer) -> documents.Letter:
    """Return the letter of an answer as deep as the case was read: without personal data it greets nobody by name."""
    writer = written_by(case, answer)
    is_draft = _is_draft(case, answer)
    heading = _heading(case, answer, writer)
    signer = answer.approved_by or answer.created_by
    return letters.compose(
        HEADED_AS.get(AnswerKind(answer.kind), Letter.REPLY),
        organisation=writer,
        values={"answer": answer.text},
        wording=Wording("", "{ответ}"),
        to=_addressee(case, answer),
        dated=_dated(answer),
        number=answer.outgoing_number,
        replies_to=f"На № {case.appeal.number} от {_day(case.appeal.registered_at)}",
        signature=None if is_draft or signer is None else Signature(_position(signer, writer), _initials(signer)),
        prepared_by=answer.created_by.full_name if answer.created_by else "",
        about=f"ПРОЕКТ. {heading}" if is_draft else heading,
    )


def whole(answer: Answer) -> documents.Letter:
    """Return the letter of an answer as the citizen gets it, for the program, under a scope of the caller."""
    appeal = Appeal.objects.select_related("topic", "handler__territory", "owner", "organisation")
    case = Case(appeal.get(pk=answer.appeal_id), Depth.PERSONAL, "", timezone.now())
    case.text = AppealText.objects.filter(pk=answer.appeal_id).values_list("text", flat=True).first() or ""
    case.parties = list(Party.objects.filter(appeal=answer.appeal_id).select_related("insurer"))
    written = of_answer(case, answer)
    return written if written.dated else replace(written, dated=timezone.localdate(timezone=case.appeal.handler.zone))


def record_card(case: Case) -> documents.Letter:
    """Return the record card (РКК), as deep as the case was read."""
    hidden = dict.fromkeys([] if case.sees_text else ["essence"], HIDDEN)
    hidden |= dict.fromkeys([] if case.sees_people else ["applicant", "concerned"], HIDDEN)
    lines = [f"{timezone.localtime(told.at):%d.%m.%Y %H:%M} {told.sentence}" for told in reversed(case.timeline)]
    found = {"applicant": "не назвался", **values(case), "history": "\n".join(lines)} | hidden
    return letters.compose(Letter.RECORD_CARD, organisation=case.appeal.organisation, values=found)


def values(case: Case) -> dict[str, str]:
    """Return what templates may say of the appeal, keyed by ``LetterField.code``; what is unknown is left out."""
    appeal = case.appeal
    found = {
        "number": appeal.number,
        "registered_on": _day(appeal.registered_at),
        "kind": appeal.get_kind_display(),
        "topic": appeal.topic.title,
        "channel": appeal.get_channel_display(),
        "essence": case.text,
        "due_on": day(appeal.due_on) if appeal.due_on else "",
        "handler": appeal.owner.full_name if appeal.owner else "",
        "state": appeal.get_stage_display(),
        "outcome": appeal.get_outcome_display() if appeal.outcome else "",
    }
    for party in case.parties:
        if party.role == "applicant":
            found |= {"applicant": party.full_name, "applicant_to": decline(_name(party), NameCase.DATIVE)}
        if party.role == "concerned":
            found["concerned"] = party.full_name
    return {code: text for code, text in found.items() if text}


def filled(kind: str, case: Case, more: Mapping[str, str], *, own: str = "") -> str:
    """Return a template's text for the field of an act. What she had written stands in it and is never lost."""
    known = {**values(case), **{code: text for code, text in more.items() if text}}
    text, uses_own = letters.draft(kind, organisation=case.appeal.handler, values={**known, "answer": own})
    return text if uses_own or not own else f"{text}\n\n{own}"


def written_by(case: Case, answer: Answer) -> Organisation:
    """Return the organisation that wrote an answer: the appeal may be another's since."""
    events = Event.objects.of(case.appeal)
    wrote = events.filter(details__answer=str(answer.pk)) | events.filter(details__cover=str(answer.pk))
    key = wrote.order_by("at").values_list("organisation_id", flat=True).first()
    return (Organisation.objects.filter(pk=key).first() if key else None) or case.appeal.handler


def _heading(case: Case, answer: Answer, writer: Organisation) -> str:
    kind = AnswerKind(answer.kind)
    if kind in HEADINGS:
        return HEADINGS[kind]
    template = answer.template if answer.template in Letter.values else HEADED_AS[kind]
    return letters.heading(template, organisation=writer, values=values(case))


def _addressee(case: Case, answer: Answer) -> Recipient:
    if answer.kind in TO_OTHERS:
        place = answer.to_organisation
        return letters.office(place.full_name or place.name, place.address) if place else letters.office(answer.to_name)
    person = case.applicant
    if not case.sees_people:
        return Recipient(("Заявителю",), "Здравствуйте!")
    return letters.citizen(_name(person), person.address or person.email) if person else Recipient((), "Здравствуйте!")


def _is_draft(case: Case, answer: Answer) -> bool:
    """Whether the paper must not look like one that may be sent."""
    if answer.state != AnswerState.DRAFT:
        return answer.state in UNAPPROVED
    return policies.needs_approval(case.appeal.handler_id, case.appeal.kind)


def _dated(answer: Answer) -> date | None:
    return answer.outgoing_on or (timezone.localdate(answer.sent_at) if answer.sent_at else None)


def _position(signer: Employee, writer: Organisation) -> str:
    roles = [each.role.name for each in signer.current_assignments if each.organisation_id == writer.pk]
    return roles[0] if roles else ""


def _initials(signer: Employee) -> str:
    first = " ".join(f"{part[0]}." for part in (signer.given_name, signer.patronymic) if part)
    return f"{first} {signer.surname}".strip()


def _name(party: Party) -> PersonName:
    return PersonName(party.surname, party.given_name, party.patronymic)


def _day(moment: object) -> str:
    return day(timezone.localtime(moment)) if moment else ""  # type: ignore[arg-type]
