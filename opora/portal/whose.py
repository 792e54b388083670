"""Whose insured is he: the insurer alone comes out, never a fact of the person."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from opora.insured.models import Person
from opora.organisations.models import Organisation
from opora.shared.names import NameNotUnderstood, clean_name, name_key, unmix

MOST = 20


def by_enp(enp: str, territory: str) -> int | None:
    """Return the insurer's key of who holds this number in the territory. One query; inside a trusted scope."""
    return _one(Q(enp=enp), territory)


def by_name(surname: str, given_name: str, patronymic: str, birth_on: date, territory: str) -> int | None:
    """Return the insurer's key of everybody called so and born that day; None — nobody, or several insurers.

    ё is е, hyphens and letters of the wrong alphabet do not matter. One query; inside a trusted scope.
    """
    try:
        keys = [name_key(unmix(clean_name(name))) for name in (surname, given_name, patronymic)]
    except NameNotUnderstood:
        keys = ["", "", ""]
    named = Q(surname_key=keys[0], given_key=keys[1], patronymic_key=keys[2], birth_on=birth_on)
    return _one(named, territory)


def _one(who: Q, territory: str) -> int | None:
    alive = Person.objects.filter(who, territory=territory, died_on=None, insurer__closed_on=None)
    found = set(alive.exclude(insurer=None).values_list("insurer", flat=True)[:MOST])
    return found.pop() if len(found) == 1 else None


def insurer(pk: int | None, otherwise: int | None) -> list[Organisation]:
    """Return the organisation to be shown: his insurer, or the one who helps to find it. One query in either case."""
    return list(Organisation.objects.filter(pk=pk or otherwise or 0))
