"""Where an appeal may be given: the organisation that answers, its line, its employee."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.appeals.actor import first_line, line_of, responsible_for
from opora.appeals.errors import ON_INSURER, NoSuchPlace, ToTheAccused
from opora.appeals.models import Appeal, Reason
from opora.appeals.rules import LINES_OF
from opora.classifiers.words import Kind, Line, Responsible
from opora.organisations.models import Assignment, Employee, Organisation


@dataclass(frozen=True, slots=True)
class Target:
    """To whom: another organisation, its line, or one employee. ``owner`` alone — a colleague of who answers now."""

    handler: Organisation | None = None
    line: Line | str | None = None
    owner: Employee | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A target that exists. ``handler`` is the holder of grants: the insurer of a branch."""

    handler: Organisation
    line: Line
    owner: int | None

    @property
    def responsible(self) -> Responsible:
        return responsible_for(self.handler)


def place_of(target: Target, present: Organisation) -> Place:
    """Return the place a target names for what ``present`` answers for now. Raises NoSuchPlace."""
    given = target.handler or present
    holder = given.parent or given
    if given.closed_on is not None and given.closed_on <= timezone.localdate():
        raise NoSuchPlace(f"«{given.name}» больше не работает. Выберите другую организацию.")
    line = Line(target.line) if target.line else None
    owner = None
    if target.owner is not None:
        owner, own_line = _at_work(target.owner, holder)
        line = line or own_line
    if line is None:
        if holder.pk == present.pk:
            raise NoSuchPlace("Укажите, кому передать: линию или сотрудника.")
        line = first_line(holder)
    if line not in LINES_OF[holder.kind]:
        raise NoSuchPlace(f"Линии {line.label} нет в организации «{holder.name}».")
    return Place(holder, line, owner)


def check_territory(appeal: Appeal, place: Place, target: Target) -> None:
    """The journal of a territory is kept by its own organisations; to others one writes. Raises NoSuchPlace."""
    given = target.handler
    if given is None or place.handler.pk in {appeal.handler_id, appeal.organisation_id}:
        return
    check_here(given, appeal.territory_id)


def check_here(given: Organisation, territory: str) -> None:
    """Raises NoSuchPlace for an organisation of another territory."""
    if given.territory_id != territory:
        raise NoSuchPlace(
            f"«{given.name}» работает в другом регионе и этот журнал не ведёт. Направьте туда обращение письмом."
        )


def check_not_accused(appeal: Appeal, organisation: Organisation | None, name: str = "") -> None:
    """A complaint is not given to the body complained about. Raises ToTheAccused.

    Source: 59-FZ art. 8 part 6 (not verified against the text).
    """
    if appeal.kind != Kind.COMPLAINT:
        return
    if organisation is not None and responsible_for(organisation) == Responsible.INSURER and _is_on_insurer(appeal):
        raise ToTheAccused(ON_INSURER)
    accused = Q()
    if organisation is not None:
        accused |= Q(provider_id=organisation.pk) | Q(provider__parent_id=organisation.pk)
        name = name or organisation.name
    if name.strip():
        accused |= Q(provider_name__iexact=name.strip()) | Q(provider__name__iexact=name.strip())
    if accused and Reason.objects.filter(accused, appeal=appeal).exists():
        raise ToTheAccused


def check_none_accused(organisation: Organisation, providers: Collection[int], names: Iterable[str]) -> None:
    """The same for reasons not yet stored: clinics by key and by the names they were called. Raises ToTheAccused."""
    if organisation.name.casefold() in {name.strip().casefold() for name in names}:
        raise ToTheAccused
    same = Q(pk=organisation.pk) | Q(parent=organisation.pk) | Q(name__iexact=organisation.name)
    if providers and Organisation.objects.filter(same, pk__in=providers).exists():
        raise ToTheAccused


def _is_on_insurer(appeal: Appeal) -> bool:
    reasons = Reason.objects.filter(appeal=appeal).select_related("topic")
    return appeal.topic.is_on_insurer or any(reason.topic.is_on_insurer for reason in reasons)


def back_to(handler: Organisation, line: Line, owner: int | None) -> Place:
    """Return the place an appeal came from: its former owner if she still works there, else the queue of her line."""
    holder = handler.parent or handler
    employee = Employee.objects.filter(pk=owner).first() if owner else None
    assignment = _assignment(employee, holder) if employee else None
    return Place(holder, line, employee.pk if employee and assignment else None)


def _at_work(employee: Employee, holder: Organisation) -> tuple[int, Line]:
    """Return the employee and her line in the organisation or its branch. Raises NoSuchPlace."""
    assignment = _assignment(employee, holder)
    if assignment is None:
        raise NoSuchPlace(f"{employee.short_name} сейчас не ведёт обращения в организации «{holder.name}».")
    return employee.pk, line_of(assignment.organisation, assignment.role.representative_level)


def _assignment(employee: Employee, holder: Organisation) -> Assignment | None:
    there = Q(organisation=holder) | Q(organisation__parent=holder)
    with enter(Scope.system("assignments of another organisation are looked at to give it an appeal")):
        current = Assignment.objects.current().filter(there, employee=employee, employee__is_active=True)
        found = list(current.select_related("role", "organisation"))
    return next((one for one in found if Right.APPEALS_HANDLE in one.role.rights), None)
