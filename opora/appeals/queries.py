"""Questions about single appeals and about those of one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet

from opora.access.rights import Right
from opora.access.scope import Scope, enter
from opora.appeals import visibility
from opora.appeals.actor import actor_of
from opora.appeals.models import Appeal, Party
from opora.appeals.models.policy import OTHERS
from opora.appeals.words import Depth
from opora.audit.services import record
from opora.classifiers.words import Line

if TYPE_CHECKING:
    from opora.insured.models import Person
    from opora.organisations.models import Employee

SHOWN = 10
LOOKED_AT = 200  # newest appeals of one number: the phone of a boarding house has thousands


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who works on an appeal that she may not open: an organisation, a line, a telephone; no word about the appeal."""

    organisation: str
    line: Line
    phone: str

    @property
    def words(self) -> str:
        """Return the sentence of the refusal.

        >>> Responsible("СМО Бета", Line.SP2, "8 800 000-00-00").words
        'Обращение ведёт СМО Бета, линия СП2, телефон 8 800 000-00-00.'
        """
        parts = [self.organisation, f"линия {self.line.label}"]
        if self.phone:
            parts.append(f"телефон {self.phone}")
        return f"Обращение ведёт {', '.join(parts)}."


def who_is_responsible(number: str, employee: Employee) -> Responsible | None:
    """Return who works on an appeal of her territory that she may not open, where the rules let her know it exists.

    None — as if there were none: of another territory, or the rules say nothing of it to her organisation. Each answer
    leaves an audit line.
    """
    actor = actor_of(employee)
    with enter(Scope.system("a refusal names who is responsible")):
        found = Appeal.objects.filter(number=number, territory=actor.territory).select_related("handler").first()
        if found is None:
            return None
        depths = visibility.depths(found.territory_id, OTHERS, actor.organisation.kind, found.kind)
        if depths[_level(employee) - 1] < Depth.EXISTS:
            return None
        hot_line = found.handler.hot_lines.order_by("pk").first()
        record("appeals.who_is_responsible", ("appeals.appeal", str(found.pk)), by=employee)
    return Responsible(found.handler.name, Line(found.line), hot_line.phone if hot_line else "")


def _level(employee: Employee) -> int:
    level = employee.scope.level
    return level if level in {1, 2} else 3


def cases_of(
    employee: Employee, *, person_id: int | None = None, phone: str = "", enp: str = ""
) -> QuerySet[Appeal, Appeal]:
    """Appeals of this person, phone or ЕНП that she may know him by: open first, then the newest; ten, one query.

    Shape: Appeal with ``topic``, ``owner`` and ``handler`` loaded. Under row security of people (depth 4).
    """
    keys: dict[str, Any] = {"person_id": person_id, "phone": phone, "enp": enp}
    asked = [
        Party.objects.filter(**{name: value}).order_by("-appeal_id").values("appeal_id")[:LOOKED_AT]
        for name, value in keys.items()
        if value
    ]
    if not asked:
        return Appeal.objects.none()
    found = Appeal.objects.accessible_to(employee, Depth.PERSONAL)
    ids = asked[0] if len(asked) == 1 else asked[0].union(*asked[1:])
    rows = found.filter(pk__in=ids).select_related("topic", "owner", "handler")
    return rows.order_by(F("closed_at").desc(nulls_first=True), "-registered_at")[:SHOWN]


def person_panel(person: Person, employee: Employee) -> dict[str, Any]:
    """The panel «Обращения» on the page of a person. One query."""
    cases = list(cases_of(employee, person_id=person.pk))
    return {"cases": cases, "may_register": employee.holds(Right.APPEALS_REGISTER)}
