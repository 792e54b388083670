"""A small form over a handful of facts: each cell may be checked with a pencil."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from pydantic import TypeAdapter

from opora.access.scope import Scope, enter
from opora.classifiers.models import Topic
from opora.deadlines.errors import PackRefused
from opora.reports.counting import Report
from opora.reports.cube import rows
from opora.reports.definitions import ReportPack, check
from opora.reports.models import AppealFact
from opora.reports.periods import Period
from opora.reports.subjects import Subject

pytestmark = pytest.mark.django_db

FORM: dict[str, Any] = {
    "kind": "report",
    "code": "small_form",
    "name": "small-form",
    "territory": "",
    "version": "1",
    "since": "2020-01-01",
    "until": None,
    "title": "Маленькая форма",
    "short": "Маленькая",
    "source": "выдумана для проверки",
    "group": "other",
    "subjects": ["territory", "insurer"],
    "periods": ["month"],
    "is_verified": False,
    "tables": [
        {
            "code": "1",
            "title": "Обращения",
            "facts": "appeals",
            "day": "closed",
            "columns": [
                {"code": "oral", "title": "устно", "where": {"form": "oral"}},
                {"code": "written", "title": "письменно", "where": {"form": "written"}},
                {"code": "all", "title": "всего", "sum": ["oral", "written"]},
                {"code": "before", "title": "год назад", "span": "before"},
                {"code": "growth", "title": "рост", "growth": ["all", "before"]},
            ],
            "rows": [
                {"code": "1", "title": "все", "sum": ["2", "3"]},
                {"code": "2", "title": "жалобы", "where": {"kind": "complaint"}},
                {"code": "3", "title": "прочие", "where": {"kind": {"not": ["complaint"]}}},
                {"code": "3.1", "title": "дети", "where": {"flags": "child"}},
                {"code": "share", "title": "доля жалоб", "percent": ["2", "1"]},
            ],
            "empty": [["3.1", "written"]],
        }
    ],
    "controls": [
        {"left": ["1/1/*"], "is": "=", "right": ["1/2/*", "1/3/*"], "say": "всего = жалобы + прочие"},
        {"left": ["1/2/all"], "is": "<=", "right": ["1/3/all"], "say": "жалоб не больше прочих"},
    ],
}


@pytest.fixture
def facts(place: SimpleNamespace) -> SimpleNamespace:
    topic = Topic.objects.order_by("pk").first()
    assert topic
    made = 0

    def add(count: int, closed: date | None, **fields: Any) -> None:
        nonlocal made
        with enter(Scope.system("facts of a test")):
            for _ in range(count):
                made += 1
                given = {
                    "insurer_id": place.alfa.pk, "performer": "insurer", "kind": "consultation", "form": "oral",
                    "channel": "hot_line", "origin": "direct", "standing": "identified", "topic_code": topic.code,
                    "topic_id": topic.pk, "line_received": "sp1", "line": "sp1", "stage": "closed",
                    "registered_hour": 9,
                }  # fmt: skip
                AppealFact.objects.create(
                    appeal_id=UUID(int=made),
                    territory=place.nsk.code,
                    registered_on=closed or date(2024, 3, 1),
                    closed_on=closed,
                    **(given | fields),
                )

    add(5, date(2024, 3, 31))
    add(2, date(2024, 3, 1), kind="complaint", form="written")
    add(1, date(2024, 3, 2), flags=["child", "oncology"])
    add(4, date(2023, 3, 31))
    add(9, date(2024, 4, 1))
    add(3, None)
    return SimpleNamespace(add=add)


def counted(place: SimpleNamespace, insurer: int | None = None) -> Report:
    pack = TypeAdapter(ReportPack).validate_python(FORM)
    subject = Subject(place.nsk.code, insurer, "Новосибирская область", place.nsk.code)
    return Report(pack, subject, Period.read("2024-03"))


def test_each_cell(facts: Any, place: SimpleNamespace) -> None:
    with enter(Scope.system("a test counts")):
        table = counted(place).counted().table("1")
    values = {row.code: [cell.value for cell in row.cells] for row in table.rows}
    assert values == {
        "1": [6, 2, 8, 4, Decimal("100.0")],
        "2": [0, 2, 2, 0, None],
        "3": [6, 0, 6, 4, Decimal("50.0")],
        "3.1": [1, None, 1, 0, None],
        "share": [Decimal("0.0"), Decimal("100.0"), Decimal("25.0"), Decimal("0.0"), None],
    }
    assert table.cell("3.1", "written").is_empty


def test_a_number_opens_into_as_many_rows(facts: Any, place: SimpleNamespace) -> None:
    with enter(Scope.system("a test counts")):
        asked = counted(place).table("1")
        for row in ("1", "2", "3", "3.1"):
            for column in ("oral", "written", "all", "before"):
                found = [one for part in asked.behind(row, column) for one in rows(part.cube, part.groups)]
                assert len(found) == (asked.value(row, column) or 0), (row, column)
        [part] = asked.behind("1", "all")
        first = rows(part.cube, part.groups, limit=3)
        rest = rows(part.cube, part.groups, after=(first[-1].day, first[-1].key))
        assert len({one.key for one in (*first, *rest)}) == 8


def test_controls_both_ways(facts: Any, place: SimpleNamespace) -> None:
    with enter(Scope.system("a test counts")):
        assert counted(place).counted().broken == []
        facts.add(7, date(2024, 3, 5), kind="complaint")
        [broken] = counted(place).counted().broken
    assert (broken.left, broken.right, broken.relation) == ("9", "6", "<=")


def test_an_insurer_counts_its_own(facts: Any, place: SimpleNamespace) -> None:
    facts.add(3, date(2024, 3, 7), insurer_id=0, performer="fund")
    with enter(Scope.system("a test counts")):
        assert counted(place).table("1").value("1", "all") == 11
        assert counted(place, place.alfa.pk).table("1").value("1", "all") == 8
        assert counted(place, 0).table("1").value("1", "all") == 3


def test_same_facts_same_bytes(facts: Any, place: SimpleNamespace) -> None:
    with enter(Scope.system("a test counts")):
        assert counted(place).counted().sha256 == counted(place).counted().sha256


WRONG = [
    (["tables", 0, "facts"], "calls", "источника «calls»"),
    (["tables", 0, "rows", 0, "sum"], ["2", "7"], "части «7» нет"),
    (["tables", 0, "rows", 1, "code"], "1", "код «1» стоит дважды"),
    (["tables", 0, "columns", 2, "sum"], ["all"], "сам из себя"),
    (["controls", 1, "left"], ["1/9/all"], "ячейки «1/9/all» нет"),
]


@pytest.mark.parametrize(("place_of", "value", "words"), WRONG)
def test_a_wrong_form_says_where(place_of: list[Any], value: Any, words: str) -> None:
    import copy

    form = copy.deepcopy(FORM)
    part: Any = form
    for step in place_of[:-1]:
        part = part[step]
    part[place_of[-1]] = value
    with pytest.raises(PackRefused, match=words):
        check(form)
