"""A chat of an organisation is opened and changed by who manages it."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from opora.audit.services import record
from opora.chat.errors import SlugTaken
from opora.chat.models import Place
from opora.organisations.limits import check_manages
from opora.organisations.models import Employee, Organisation
from opora.shared import conflict

FIELDS = ("name", "slug", "greeting", "away", "origins", "is_round_the_clock", "is_active")


@transaction.atomic
def open_place(organisation: Organisation, *, slug: str, name: str, by: Employee) -> Place:
    """Open a chat of an organisation. Raises NotYours, SlugTaken."""
    check_manages(by, organisation)
    place = Place(organisation=organisation, slug=slug, name=name)
    _save(place)
    record("chat.place.open", place, by=by)
    return place


@transaction.atomic
def change_place(pk: int, *, version: int, changes: dict[str, object], by: Employee) -> Place:
    """Change a chat. Raises NotYours, ChangedMeanwhile, SlugTaken."""
    place = conflict.locked(Place, pk, version=version)
    check_manages(by, place.organisation)
    changed = [name for name in FIELDS if name in changes and getattr(place, name) != changes[name]]
    for name in changed:
        setattr(place, name, changes[name])
    place.version += 1
    _save(place)
    record("chat.place.change", place, by=by, details={"changed": sorted(changed)})
    return place


def _save(place: Place) -> None:
    try:
        with transaction.atomic():
            place.save()
    except IntegrityError as fault:
        if "slug" in str(fault):
            raise SlugTaken from fault
        raise
