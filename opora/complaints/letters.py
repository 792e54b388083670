"""Letters to clinics: the request for documents, and what goes with an act. Organisations word their own."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from opora.complaints import packs
from opora.complaints.models import Control, RecordsRequest
from opora.knowledge import letters
from opora.knowledge.words import Letter
from opora.organisations.models import Organisation
from opora.shared import documents
from opora.shared.documents import Signature
from opora.shared.typography import day

if TYPE_CHECKING:
    from opora.organisations.models import Employee


def of_request(row: RecordsRequest) -> documents.Letter:
    """Return the request on paper; its case, clinic and organisation are loaded or cost a question each."""
    values = {
        "request": row.number,
        "clinic": row.provider.name,
        "patient": row.patient,
        "patient_data": _patient_data(row),
        "care": f"{row.get_conditions_display().lower()}, с {day(row.care_from)} по {day(row.care_to)}",
        "wanted": row.wanted,
        "due_on": day(row.due_on),
        "ground": _ground(row),
    }
    return letters.compose(
        Letter.RECORDS,
        organisation=row.asked_from,
        values=values,
        to=_to(row.provider),
        dated=_local(row.asked_at, row.asked_from),
        number=row.number,
        signature=_signature(row.asked_by, row.asked_from),
        prepared_by=row.asked_by.full_name if row.asked_by else "",
    )


def of_act(row: Control) -> documents.Letter:
    """Return the cover letter of an act the clinic has been given."""
    values = {
        "clinic": row.provider.name,
        "act": row.act_number,
        "act_on": day(row.act_on) if row.act_on else "",
        "control": row.get_kind_display(),
        "due_on": day(row.due_on) if row.due_on else "",
        "claim_until": day(row.claim_until) if row.claim_until else "",
    }
    return letters.compose(
        Letter.ACT,
        organisation=row.made_by,
        values=values,
        to=_to(row.provider),
        dated=_local(row.handed_at, row.made_by) if row.handed_at else None,
        enclosures=(f"Акт № {row.act_number}",),
        signature=_signature(row.assigned_by, row.made_by),
        prepared_by=row.assigned_by.full_name if row.assigned_by else "",
    )


def _patient_data(row: RecordsRequest) -> str:
    known = [f"дата рождения {day(row.birth_on)}" if row.birth_on else "", f"ЕНП {row.enp}" if row.enp else ""]
    return ", ".join(filter(None, known)) or "дата рождения и ЕНП не указаны"


def _ground(row: RecordsRequest) -> str:
    grounds = packs.control(row.territory, row.asked_at.date()).content.grounds
    return next((one.title for one in grounds if one.code == row.case.ground), "внеплановая экспертиза")


def _to(clinic: Organisation) -> letters.Recipient:
    return letters.office(clinic.full_name or clinic.name, clinic.address)


def _local(moment: datetime, place: Organisation) -> date:
    return moment.astimezone(place.zone).date()


def _signature(who: Employee | None, place: Organisation) -> Signature | None:
    if who is None:
        return None
    roles = [each.role.name for each in who.current_assignments if each.organisation_id == place.pk]
    first = " ".join(f"{part[0]}." for part in (who.given_name, who.patronymic) if part)
    return Signature(roles[0] if roles else "", f"{first} {who.surname}".strip())
