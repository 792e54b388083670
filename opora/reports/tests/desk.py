"""A small form in force and facts of March 2024 under it, for tests of pages."""

from __future__ import annotations

import copy
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from opora.access.scope import Scope, enter
from opora.appeals.intake import NewAppeal, register
from opora.appeals.models import Appeal
from opora.deadlines.packs import check_pack
from opora.deadlines.services import load_pack
from opora.organisations.models import Employee, Role
from opora.reports.models import AppealFact
from opora.reports.tests.test_counting import FORM

MARCH = "of=54001&period=2024-03"
TERRITORY = "of=50000&period=2024-03"


def form(**changes: Any) -> dict[str, Any]:
    """The small form of ``test_counting`` with a difference of rows, a wider table of two groups and a note."""
    made = copy.deepcopy(FORM) | {"notes": ["Для проверки страниц."]} | changes
    table = made["tables"][0]
    table["chart"] = "bar"
    table["rows"].append({"code": "rest", "title": "без жалоб", "sum": ["1", "-2"]})
    table["columns"].append({"code": "part", "title": "доля во всех", "part_of": ["all", "1"]})
    table["columns"][0]["group"] = table["columns"][1]["group"] = "Форма"
    return made


def load(**changes: Any) -> None:
    """Put the form into force."""
    load_pack(check_pack(form(**changes), name="small-form.json", sha256=""))


def add(place: SimpleNamespace, topic: Any, count: int = 1, *, appeal: UUID | None = None, **fields: Any) -> None:
    """Facts of appeals that were closed in March 2024, of Alfa where nothing else is said."""
    given = {
        "insurer_id": place.alfa.pk, "performer": "insurer", "kind": "consultation", "form": "oral",
        "channel": "hot_line", "origin": "direct", "standing": "identified", "topic_code": topic.code,
        "topic_id": topic.pk, "line_received": "sp1", "line": "sp1", "stage": "closed", "registered_hour": 9,
        "territory": place.nsk.code, "registered_on": date(2024, 3, 1), "closed_on": date(2024, 3, 5),
    }  # fmt: skip
    with enter(Scope.system("facts of a test")):
        AppealFact.objects.bulk_create(
            [AppealFact(appeal_id=appeal or uuid4(), **(given | fields)) for _ in range(count)]
        )


def appeal(by: Employee, topic: Any) -> Appeal:
    """Register an appeal of whoever called."""
    with enter(by.scope):
        done = register(NewAppeal(text="Слова", mine=True, kind="consultation", topic=topic, channel="hot_line"), by=by)
    return Appeal.objects.get(pk=done.id)


def become(employee: Employee, role: str) -> Employee:
    """Give an employee of the cast another role."""
    employee.assignments.update(role=Role.objects.get(slug=role))
    return type(employee).objects.get(pk=employee.pk)
