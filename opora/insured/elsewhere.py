"""Somebody of another insurer is on the line: whom to phone, and nothing else about him."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from opora.access.scope import Scope, Sees, enter
from opora.audit.models import AuditLine
from opora.audit.services import record
from opora.insured.models import Person
from opora.organisations.models import HotLine, Organisation
from opora.shared import enp as enps

if TYPE_CHECKING:
    from opora.organisations.models import Employee


@dataclass(frozen=True, slots=True)
class InsuredElsewhere:
    """The insurer of a person outside her scope."""

    insurer: str
    hot_lines: list[HotLine] = field(default_factory=list)


def insurer_of_stranger(enp: str, *, by: Employee, purpose: str | None = None) -> InsuredElsewhere | None:
    """Return who insures the holder of a full ЕНП within her territory when he is not hers; None for nobody.

    Only an exact number is answered: it cannot be guessed, and the one who dictates it holds the policy. Every question
    leaves a line. The system scope stays inside one query that selects one column.
    """
    if not enps.is_valid(enp) or by.assignment is None or by.scope.sees not in {Sees.INSURER, Sees.PROVIDER}:
        return None
    if Person.objects.accessible_to(by).filter(enp=enp).exists():
        return None
    territory = by.assignment.organisation.territory_id
    with enter(Scope.system("the insurer of a stranger, by a full ЕНП: his organisation and nothing of himself")):
        people = Person.objects.filter(enp=enp, territory=territory).exclude(insurer=None)
        insurer_id = people.values_list("insurer_id", flat=True).first()
    subject = ("organisations.organisation", str(insurer_id)) if insurer_id else None
    result = AuditLine.Result.DONE if insurer_id else AuditLine.Result.NOT_FOUND
    record("insured.elsewhere", subject, by=by, purpose=purpose, result=result)
    if insurer_id is None:
        return None
    insurer = Organisation.objects.prefetch_related("hot_lines").get(pk=insurer_id)
    return InsuredElsewhere(insurer.name, list(insurer.hot_lines.all()))
