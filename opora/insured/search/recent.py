"""Whom she opened lately: before anything is typed, the likeliest person is the one she has just left."""

from typing import TYPE_CHECKING

from opora.audit.models import AuditLine
from opora.insured.models import Person
from opora.insured.search.find import shown

if TYPE_CHECKING:
    from opora.organisations.models import Employee

READ = "insured.card.read"
LINES, PEOPLE = 60, 8


def recent_people(employee: "Employee") -> list[Person]:
    """People whose cards she read last, the latest first; only those she may still see. Two queries."""
    lines = AuditLine.objects.filter(employee_id=employee.pk, action=READ, subject_kind="insured.person")
    ids = [int(identity) for identity in lines.order_by("-at").values_list("subject_id", flat=True)[:LINES]]
    wanted = list(dict.fromkeys(ids))[:PEOPLE]
    found = shown(employee).in_bulk(wanted)
    return [found[identity] for identity in wanted if identity in found]
