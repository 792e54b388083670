"""Who the person is: identity, death, language, time zone; and a new card."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from opora.access.scope import Sees
from opora.insured.errors import OutsideReach, PersonKnown
from opora.insured.models import FormerName, Person, Policy
from opora.insured.services.changes import changed, differences, line, said, shown
from opora.shared import conflict, enp

if TYPE_CHECKING:
    from opora.organisations.models import Employee, Organisation, Territory

NAMES = ("surname", "given_name", "patronymic")


@transaction.atomic
def change_person(
    person_id: int, *, version: int, changes: dict[str, Any], by: Employee, keep_former_name: bool = True
) -> Person:
    """Correct the card itself; the name it bore stays as a former one unless it was a slip of the pen.

    Raises ChangedMeanwhile when ``version`` is not the present one, PersonKnown for an ЕНП of somebody else.
    """
    person = conflict.locked(Person, person_id, version=version)
    new = differences(person, changes)
    if "enp" in new:
        new["enp_is_confirmed"] = new["enp"] is None or enp.is_valid(new["enp"])
    lines = [line(person, "person", name, shown(person, name), said(person, name, new[name]), by=by) for name in new]
    former = {name: getattr(person, name) for name in NAMES}
    for name, value in new.items():
        setattr(person, name, value)
    if new:
        _save(person, list(new))
        if keep_former_name and new.keys() & set(NAMES):
            FormerName.objects.get_or_create(person=person, **former, defaults={"until": timezone.localdate()})
        changed(person, "insured.person.change", lines, by=by)
    return person


@transaction.atomic
def register_person(
    *,
    identity: dict[str, Any],
    territory: Territory,
    policy_kind: int,
    policy_since: date,
    insurer: Organisation,
    by: Employee,
    policy_number: str = "",
) -> Person:
    """Make a new card with its policy. Raises PersonKnown, OutsideReach.

    The policy must be in force: a card without one belongs to nobody and its author would lose it at once.
    """
    scope = by.scope
    is_strange = scope.sees == Sees.INSURER and (
        insurer.pk != scope.insurer or (scope.territory and territory.pk != scope.territory)
    )
    if policy_since > timezone.localdate() or is_strange:
        raise OutsideReach
    number = identity.get("enp")
    person = Person(
        **identity, territory=territory, insurer=insurer, enp_is_confirmed=number is None or enp.is_valid(number)
    )
    _save(person)
    Policy.objects.create(
        person=person, kind=policy_kind, number=policy_number or number or "", insurer=insurer, since=policy_since
    )
    changed_fields = [name for name in identity if shown(person, name)]
    lines = [line(person, "person", name, "", shown(person, name), by=by) for name in changed_fields]
    changed(person, "insured.person.register", lines, by=by)
    return person


def _save(person: Person, fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            person.save(update_fields=fields)
    except IntegrityError as fault:
        if "person_enp_once" in str(fault):
            raise PersonKnown from fault
        raise
