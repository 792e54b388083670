"""Whose report: a territory as a whole, its fund alone, or one insurer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from opora.access.scope import Sees
from opora.organisations.models import Employee, Organisation
from opora.reports.errors import NotYourSubject
from opora.reports.models.facts import NOBODY


@dataclass(frozen=True, slots=True)
class Subject:
    """``insurer`` None — everybody of the territory, ``NOBODY`` — the fund alone. ``code`` stands in addresses."""

    territory: str
    insurer: int | None
    name: str
    code: str

    @property
    def kind(self) -> str:
        return "territory" if self.insurer is None else "fund" if self.insurer == NOBODY else "insurer"


def subjects(employee: Employee) -> list[Subject]:
    """Return the subjects whose reports she may ask for, the widest first. Two queries at most."""
    scope = employee.scope
    found = Organisation.objects.filter(kind__in=[Organisation.Kind.FUND, Organisation.Kind.INSURER])
    match scope.sees:
        case Sees.ALL:
            pass
        case Sees.TERRITORY:
            found = found.filter(territory=scope.territory)
        case Sees.INSURER:
            found = found.filter(pk=scope.insurer or NOBODY)
        case _:
            return []
    made = []
    for organisation in found.select_related("territory").order_by("territory__name", "kind", "name"):
        made += _of(organisation, employee.scope.territory)
    return made


def subject(code: str, employee: Employee) -> Subject:
    """Return one of her subjects by its code. Raises NotYourSubject."""
    found = next((one for one in subjects(employee) if one.code == code), None)
    if found is None:
        raise NotYourSubject
    return found


def named(code: str, kinds: Collection[str]) -> Subject:
    """Return a subject by the code of its organisation or territory, whoever asks: for the command line.

    Without a code — the only one of ``kinds`` there is. Raises NotYourSubject with a sentence.
    """
    found = [one for one in _everybody() if one.code == code or (not code and one.kind in kinds)]
    if len(found) == 1:
        return found[0]
    if code:
        raise NotYourSubject(f"Организации или территории с кодом «{code[:20]}» нет.")
    known = ", ".join(one.code for one in found[:20]) or "ни одной"
    raise NotYourSubject(f"Скажите, чей отчёт: --org КОД. Подходят: {known}.")


def _everybody() -> list[Subject]:
    kinds = [Organisation.Kind.FUND, Organisation.Kind.INSURER]
    found = Organisation.objects.filter(kind__in=kinds).select_related("territory")
    return [one for organisation in found.order_by("territory__name", "kind", "name") for one in _of(organisation)]


def _of(organisation: Organisation, within: str = "") -> list[Subject]:
    territory = organisation.territory_id
    if organisation.kind == Organisation.Kind.FUND:
        return [
            Subject(territory, None, organisation.territory.name, territory),
            Subject(territory, NOBODY, organisation.name, organisation.code),
        ]
    return [Subject(within or territory, organisation.pk, organisation.name, organisation.code)]
