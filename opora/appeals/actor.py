"""Who acts: an employee under her assignment, or a program of a partner, as events remember them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from opora.appeals.errors import NoAssignment
from opora.classifiers.words import Line, Responsible
from opora.organisations.models import Organisation

if TYPE_CHECKING:
    from opora.organisations.models import Employee

_LINES = {
    ("fund", 1): Line.OP1,
    ("fund", 2): Line.OP2,
    ("insurer", 1): Line.SP1,
    ("insurer", 2): Line.SP2,
    ("insurer", 3): Line.SP3,
}
_RESPONSIBLE = {
    Organisation.Kind.FUND: Responsible.FUND,
    Organisation.Kind.INSURER: Responsible.INSURER,
    Organisation.Kind.BRANCH: Responsible.INSURER,
    Organisation.Kind.PROVIDER: Responsible.PROVIDER,
    Organisation.Kind.AUTHORITY: Responsible.AUTHORITY,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """``organisation`` signs the event and gives numbers; ``holder`` is the one whose grants and queues count."""

    organisation: Organisation
    holder: int
    employee: int | None
    name: str
    line: Line

    @property
    def territory(self) -> str:
        return self.organisation.territory_id

    @property
    def zone(self) -> ZoneInfo:
        return self.organisation.zone

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)


def actor_of(by: Employee | Any) -> Actor:
    """Return the actor behind an employee, a Caller of the API or a program that says it. Raises NoAssignment."""
    own = getattr(by, "actor", None)
    if isinstance(own, Actor):
        return own
    partner = getattr(by, "partner", None)
    if partner is not None:
        organisation = partner.organisation
        return Actor(organisation, holder_id(organisation), None, f"API: {partner.name}"[:300], Line.OTHER)
    assignment = by.assignment
    if assignment is None:
        raise NoAssignment
    organisation = assignment.organisation
    line = line_of(organisation, by.representative_level)
    return Actor(organisation, holder_id(organisation), by.pk, by.full_name, line)


def holder_id(organisation: Organisation) -> int:
    """Return the organisation that holds grants: a branch works on those of its insurer."""
    return organisation.parent_id or organisation.pk


def kind_of(organisation: Organisation) -> str:
    """Return the kind whose rules hold: a branch is its insurer."""
    is_branch = organisation.kind == Organisation.Kind.BRANCH
    return str(Organisation.Kind.INSURER if is_branch else organisation.kind)


def line_of(organisation: Organisation, level: int | None) -> Line:
    return _LINES.get((kind_of(organisation), level or 0), Line.OTHER)


def responsible_for(organisation: Organisation) -> Responsible:
    return _RESPONSIBLE[Organisation.Kind(organisation.kind)]


def first_line(handler: Organisation) -> Line:
    """Return the line of another organisation that takes what is handed to it without a name."""
    kinds = Organisation.Kind
    lines = {kinds.FUND: Line.OP2, kinds.INSURER: Line.SP2, kinds.BRANCH: Line.SP2}
    return lines.get(kinds(handler.kind), Line.OTHER)
