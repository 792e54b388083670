"""How to reach the person and what he allowed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from opora.insured.errors import ContactBroken
from opora.insured.models import Consent, Contact
from opora.insured.reach import BROKEN
from opora.insured.services.changes import add_row, change_row, locked_person
from opora.shared import phones

if TYPE_CHECKING:
    from opora.organisations.models import Employee

NOTED = "insured.contact.change"


@dataclass(frozen=True, slots=True)
class Mark:
    """The state of a contact that one key press changes and an undo brings back."""

    state: str
    confirmed_on: date | None
    is_preferred: bool

    @classmethod
    def of(cls, contact: Contact) -> Mark:
        return cls(contact.state, contact.confirmed_on, contact.is_preferred)


@transaction.atomic
def add_contact(
    person_id: int,
    *,
    kind: str,
    value: str,
    by: Employee,
    owner: str = Contact.Owner.SELF,
    source: str = Contact.Source.CALL,
    is_preferred: bool = False,
) -> Contact:
    """Add a phone, an e-mail or an address. Raises AlreadyThere."""
    person = locked_person(person_id)
    number = phones.parse(value) if kind == Contact.Kind.PHONE else None
    contact = Contact(
        person=person,
        kind=kind,
        value=value,
        owner=owner,
        source=source,
        is_preferred=is_preferred,
        normalised=normalised(kind, value, number),
        phone_kind=phone_kind(number),
    )
    if is_preferred:
        _step_back(contact, by=by)
    add_row(person, contact, by=by, action="insured.contact.add", kind="contact")
    return contact


@transaction.atomic
def mark_contact(contact_id: int, *, state: str, by: Employee) -> Mark:
    """Say what became known of a contact: confirmed, wrong, dead, unconfirmed. Returns the former mark for the undo."""
    contact = _locked(contact_id)
    former = Mark.of(contact)
    confirmed_on = timezone.localdate() if state == Contact.State.CONFIRMED else None
    _set(contact, Mark(state, confirmed_on, former.is_preferred and state not in BROKEN), by=by)
    return former


@transaction.atomic
def prefer_contact(contact_id: int, *, by: Employee) -> Mark:
    """Make this the contact to use first among those of its kind. Raises ContactBroken."""
    contact = _locked(contact_id)
    former = Mark.of(contact)
    if contact.state in BROKEN:
        raise ContactBroken
    _step_back(contact, by=by)
    _set(contact, Mark(former.state, former.confirmed_on, True), by=by)
    return former


@transaction.atomic
def restore_contact(contact_id: int, *, mark: Mark, by: Employee) -> None:
    """Undo: bring a former mark back. The history keeps both steps."""
    contact = _locked(contact_id)
    if mark.is_preferred and not contact.is_preferred:
        _step_back(contact, by=by)
    _set(contact, mark, by=by)


@transaction.atomic
def add_consent(
    person_id: int,
    *,
    channel: str,
    purpose: str,
    is_granted: bool,
    by: Employee,
    decided_on: date | None = None,
    until: date | None = None,
    source: str = Contact.Source.CALL,
) -> Consent:
    """Write down a new decision; the former ones stay. Raises AlreadyThere for the same word on the same day."""
    person = locked_person(person_id)
    consent = Consent(
        person=person,
        channel=channel,
        purpose=purpose,
        is_granted=is_granted,
        decided_on=decided_on or timezone.localdate(),
        until=until,
        source=source,
    )
    add_row(person, consent, by=by, action="insured.consent.add", kind="consent")
    return consent


def normalised(kind: str, value: str, number: phones.Phone | None) -> str:
    if kind == Contact.Kind.PHONE:
        return number.number.removeprefix("+") if number else ""
    return value.strip().lower()[:254] if kind == Contact.Kind.EMAIL else ""


def phone_kind(number: phones.Phone | None) -> str:
    return number.kind if number and number.kind in Contact.PhoneKind.values else Contact.PhoneKind.UNKNOWN


def _locked(contact_id: int) -> Contact:
    """Return the contact behind the lock of its card, so that two marks on one card never cross."""
    person_id = Contact.objects.values_list("person_id", flat=True).get(pk=contact_id)
    person = locked_person(person_id)
    contact = Contact.objects.get(pk=contact_id)
    contact.person = person
    return contact


def _set(contact: Contact, mark: Mark, *, by: Employee) -> None:
    values = {"state": mark.state, "confirmed_on": mark.confirmed_on, "is_preferred": mark.is_preferred}
    change_row(contact.person, contact, values, by=by, action=NOTED, kind="contact")


def _step_back(chosen: Contact, *, by: Employee) -> None:
    """Only one contact of a kind is the first."""
    for other in chosen.person.contacts.filter(kind=chosen.kind, is_preferred=True).exclude(pk=chosen.pk):
        change_row(chosen.person, other, {"is_preferred": False}, by=by, action=NOTED, kind="contact")
