"""How to reach the person and what he allowed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from opora.insured.errors import ContactBroken, PhoneNotUnderstood
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
    confirmed_by: str = ""
    failures: int = 0

    @classmethod
    def of(cls, contact: Contact) -> Mark:
        return cls(contact.state, contact.confirmed_on, contact.is_preferred, contact.confirmed_by, contact.failures)


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
    """Say what became known of a contact: confirmed, wrong, dead, unconfirmed. Returns the former mark for the undo.

    Whoever says so has talked to somebody: it outweighs what did not arrive before.
    """
    contact = _locked(contact_id)
    former = Mark.of(contact)
    is_sure = state == Contact.State.CONFIRMED
    confirmed_on, proof = (timezone.localdate(), Contact.Proof.TALK) if is_sure else (None, "")
    _set(contact, Mark(state, confirmed_on, former.is_preferred and state not in BROKEN, proof), by=by)
    return former


@transaction.atomic
def take_phone(person_id: int, *, value: str, by: Employee) -> Contact:
    """Keep the number a person has just named himself: it is confirmed and the first to phone.

    A number that is there already is confirmed and comes first. Raises PhoneNotUnderstood.
    """
    number = phones.parse(value)
    if number is None:
        raise PhoneNotUnderstood
    known = Contact.objects.filter(
        person_id=person_id, kind=Contact.Kind.PHONE, normalised=normalised(Contact.Kind.PHONE, value, number)
    )
    contact = known.order_by("pk").first() or add_contact(
        person_id, kind=Contact.Kind.PHONE, value=value.strip(), by=by, source=Contact.Source.CALL
    )
    mark_contact(contact.pk, state=Contact.State.CONFIRMED, by=by)
    prefer_contact(contact.pk, by=by)
    contact.refresh_from_db()
    return contact


@transaction.atomic
def prefer_contact(contact_id: int, *, by: Employee) -> Mark:
    """Make this the contact to use first among those of its kind. Raises ContactBroken."""
    contact = _locked(contact_id)
    former = Mark.of(contact)
    if contact.state in BROKEN:
        raise ContactBroken
    _step_back(contact, by=by)
    _set(contact, replace(former, is_preferred=True), by=by)
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
    values = asdict(mark)
    change_row(contact.person, contact, values, by=by, action=NOTED, kind="contact")


def _step_back(chosen: Contact, *, by: Employee) -> None:
    """Only one contact of a kind is the first."""
    for other in chosen.person.contacts.filter(kind=chosen.kind, is_preferred=True).exclude(pk=chosen.pk):
        change_row(chosen.person, other, {"is_preferred": False}, by=by, action=NOTED, kind="contact")
