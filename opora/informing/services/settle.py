"""Lines of lists for which the program found nobody, or several: a person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.informing import visits
from opora.informing.errors import EntryDecided, InformingError
from opora.informing.models import Entry, Reported, Visit
from opora.informing.services.plan import add_to_plan
from opora.informing.words import Channel, EntryState, Outcome, Purpose, Told
from opora.insured.models import Person

if TYPE_CHECKING:
    from opora.organisations.models import Employee

WAITS = (EntryState.UNMATCHED, EntryState.AMBIGUOUS)


@transaction.atomic
def settle(entry_id: int, *, person: Person, by: Employee) -> Entry:
    """Say who was meant, and what the partner had written about him is forgotten.

    Who was listed joins the plan; a visit or a refusal becomes a fact and closes what it concerns.
    """
    entry = _waiting(entry_id, by)
    if person.insurer is None or (entry.insurer_id and person.insurer_id != entry.insurer_id):
        raise InformingError("Этот человек застрахован не у вас: его строку разберёт его страховая.")
    is_listed = entry.told == Told.LISTED
    entry.person, entry.given, entry.why = person, None, "решил сотрудник"
    entry.state = EntryState.MATCHED if is_listed else EntryState.NOTED
    entry.provider_id = entry.provider_id or person.provider_id
    _decide(entry, by)
    if is_listed:
        add_to_plan(
            insurer=person.insurer,
            measure=entry.measure,
            year=entry.year,
            people=[person.pk],
            month=entry.month,
            inform_by=entry.inform_by,
            roll_id=entry.roll_id,
        )
    else:
        _note(entry, person)
    record("informing.settle", entry, by=by, details={"person": person.pk})
    return entry


@transaction.atomic
def dismiss(entry_id: int, *, why: str, by: Employee) -> Entry:
    """Say that the line concerns nobody here; the reason stays, what the partner had written does not."""
    if not why.strip():
        raise InformingError("Напишите, почему строка не подходит.")
    entry = _waiting(entry_id, by)
    entry.state, entry.given, entry.why = EntryState.DISMISSED, None, why.strip()[:300]
    _decide(entry, by)
    record("informing.dismiss", entry, by=by)
    return entry


def candidates(entry: Entry, by: Employee) -> list[Person]:
    """Return people who may have been meant: by birth date with a similar beginning of a name. At most ten."""
    given = entry.given or {}
    found = Person.objects.accessible_to(by)
    if given.get("birth_on"):
        found = found.filter(birth_on=given["birth_on"])
    elif given.get("surname"):
        found = found.filter(surname__iexact=given["surname"])
    else:
        return []
    first = str(given.get("surname", ""))[:1].casefold()
    return sorted(
        found.order_by("surname_key", "pk")[:60], key=lambda one: (one.surname[:1].casefold() != first, one.pk)
    )[:10]


def _note(entry: Entry, person: Person) -> None:
    """Write down the visit or the refusal of a line; one that is known already stays as it is."""
    fact = {
        "roll_id": entry.roll_id,
        "place": entry.place,
        "key": entry.key,
        "territory": person.territory_id,
        "insurer_id": person.insurer_id,
        "provider_id": entry.provider_id,
    }
    about = {"person": person, "measure": entry.measure, "on": entry.told_on}
    with enter(Scope.system("what a line tells closes what waits for the person, whoever sends it")):
        if entry.told == Told.VISIT:
            days = {"year": entry.year, "began_on": entry.began_on, "result": entry.result}
            visit, is_new = Visit.objects.get_or_create(**about, defaults={**fact, **days})
            if not is_new and visit.corrected_by:
                visit.corrected_by, visit.roll_id, visit.began_on = None, entry.roll_id, entry.began_on
                visit.save()
        else:
            how = {"channel": Channel.AT_CLINIC, "purpose": Purpose.OTHER, "outcome": Outcome.REFUSED, "reason": ""}
            Reported.objects.get_or_create(**about, **how, defaults=fact)
        visits.close(entry.roll, person_id=person.pk)


def _waiting(entry_id: int, by: Employee) -> Entry:
    entry = Entry.objects.accessible_to(by).select_for_update(of=("self",)).filter(pk=entry_id).first()
    if entry is None or entry.state not in WAITS:
        raise EntryDecided
    return entry


def _decide(entry: Entry, by: Employee) -> None:
    entry.decided_by, entry.decided_at = by, timezone.now()
    entry.save()
