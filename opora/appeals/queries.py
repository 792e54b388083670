"""Questions about single appeals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opora.access.scope import Scope, enter
from opora.appeals import visibility
from opora.appeals.actor import actor_of
from opora.appeals.models import Appeal
from opora.appeals.models.policy import OTHERS
from opora.appeals.words import Depth
from opora.audit.services import record
from opora.classifiers.words import Line

if TYPE_CHECKING:
    from opora.organisations.models import Employee


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
