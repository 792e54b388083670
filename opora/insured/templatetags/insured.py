"""How numbers of a person are written on his page: ``{% load insured %}``."""

from datetime import date

from django import template

from opora.insured.models import Contact, FormerName, Person
from opora.insured.rules import TIME_ZONES
from opora.shared import enp as enps
from opora.shared import phones, typography
from opora.shared import snils as snils_numbers
from opora.shared.dates import show
from opora.shared.typography import NBSP

register = template.Library()


@register.filter
def spoken(text: str) -> str:
    """A number of an organisation in any writing, as it is read aloud."""
    return phones.show(phones.normalise(text) or text).replace(" ", NBSP)


@register.filter
def enp(value: str | None) -> str:
    return enps.show(value).replace(" ", NBSP) if value else ""


@register.filter
def snils_masked(value: str | None) -> str:
    return snils_numbers.mask(value) if value else ""


@register.filter
def contact_said(contact: Contact) -> str:
    """A contact of a person, as it is read aloud."""
    is_phone = contact.kind == Contact.Kind.PHONE and contact.normalised
    return phones.show(f"+{contact.normalised}").replace(" ", NBSP) if is_phone else contact.value


@register.filter
def contact_masked(contact: Contact) -> str:
    if contact.kind == Contact.Kind.EMAIL:
        return typography.masked_address(contact.value) if "@" in contact.value else "•••"
    return phones.mask(f"+{contact.normalised}") if contact.normalised else "••••"


@register.filter
def contact_about(contact: Contact) -> str:
    """«мобильный, родственника, из разговора 12.03.2026»."""
    parts = [contact.get_phone_kind_display() if contact.phone_kind else ""]
    parts.append(contact.get_owner_display() if contact.owner != Contact.Owner.SELF else "")
    parts.append("без кода города" if contact.kind == Contact.Kind.PHONE and not contact.normalised else "")
    parts.append(f"источник: {contact.get_source_display()}")
    parts.append(_confirmed(contact, contact.confirmed_on) if contact.confirmed_on else "")
    parts.append(f"подряд не дошло: {contact.failures}" if contact.failures else "")
    return ", ".join(part for part in parts if part)


def _confirmed(contact: Contact, on: date) -> str:
    """«проверен 12.03.2026, разговор»."""
    how = f" ({contact.get_confirmed_by_display()})" if contact.confirmed_by else ""
    return f"проверен {show(on)}{how}"


@register.filter
def is_same(row: object, other: object) -> bool:
    return row is other


@register.filter
def add_key(text: str, key: int) -> str:
    return f"{text}{key}"


@register.filter
def former_name(name: FormerName, person: Person) -> str:
    """Only what was different: the surname when the rest is the same."""
    if (name.given_name, name.patronymic) == (person.given_name, person.patronymic) and name.surname:
        return name.surname
    return " ".join(part for part in (name.surname, name.given_name, name.patronymic) if part)


@register.filter
def zone(name: str) -> str:
    return TIME_ZONES.get(name, name)
