"""Who is in the register already: shown before a new card is saved, never merged by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from opora.insured.models import Person
from opora.shared.names import name_key

if TYPE_CHECKING:
    from opora.organisations.models import Employee

LIMIT = 10


@dataclass(frozen=True, slots=True)
class Likeness:
    """A card that may be the same person, and why we think so."""

    person: Person
    why: str


def likenesses(
    *,
    by: Employee,
    enp: str | None = None,
    snils: str | None = None,
    surname: str | None = None,
    given_name: str | None = None,
    birth_on: date | None = None,
) -> list[Likeness]:
    """Return cards of her scope with the same ЕНП, СНИЛС, or name and birth date; one query by three indexes."""
    same_name = Q()
    if surname and given_name and birth_on:
        same_name = Q(surname_key=name_key(surname), given_key=name_key(given_name), birth_on=birth_on)
    wanted = same_name
    if enp:
        wanted |= Q(enp=enp)
    if snils:
        wanted |= Q(snils=snils)
    if not wanted:
        return []
    people = Person.objects.accessible_to(by).filter(wanted).select_related("insurer").order_by("pk")[:LIMIT]
    return [Likeness(person, _why(person, enp=enp, snils=snils)) for person in people]


def _why(person: Person, *, enp: str | None, snils: str | None) -> str:
    if enp and person.enp == enp:
        return "тот же ЕНП"
    if snils and person.snils == snils:
        return "тот же СНИЛС"
    return "то же имя и дата рождения"
