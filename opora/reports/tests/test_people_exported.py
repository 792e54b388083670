"""The rows of a measure leave as a file: by the same rights, names with a purpose and a mark, nothing is a formula."""

import csv
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.errors import RightMissing
from opora.access.scope import Scope, enter
from opora.audit.models import AuditLine
from opora.insured.models import Person
from opora.organisations.models import Employee
from opora.reports import asking, exports, listed_people
from opora.reports.errors import NothingToExport
from opora.reports.models import DisputeFact, Export
from opora.reports.tests import desk
from opora.reports.tests.test_people_behind import year  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(year: Any, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: F811
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(listed_people, "PEOPLE", 2)
    return year


def ask(employee: Employee, name: str, period: str, cell: tuple[str, str, str], **more: Any) -> Export:
    with enter(employee.scope):
        return exports.begin(employee, asking.ask(employee, name, "54001", period), "csv", cell=cell, **more)


def lines(export: Export) -> list[list[str]]:
    exports.write(export.pk)
    with enter(Scope.system("a test looks")):
        export.refresh_from_db()
    assert (export.state, export.fault) == ("done", "")
    text = exports.path_of(export).read_bytes().decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))


CELLS = [
    ("smo-indicators", "2025", ("1", "3a", "value"), 5),
    ("smo-indicators", "2025", ("1", "3b", "value"), 2),
    ("informing-month", "2025-03", ("1", "all", "people"), 5),
    ("informing-month", "2025-03", ("1", "all", "messages"), 7),
]


@pytest.mark.parametrize(("name", "period", "cell", "number"), CELLS)
def test_as_many_lines_as_the_number_says(
    files: Any, cast: SimpleNamespace, name: str, period: str, cell: tuple[str, str, str], number: int
) -> None:
    export = ask(cast.timur, name, period, cell)
    head, *rows = lines(export)
    assert (len(rows), export.total, export.rows) == (number, number, number)
    assert head[0] == "Когда"
    assert "Полис" not in head
    assert not any(one.surname in str(rows) for one in files.people)


def test_names_come_with_a_purpose_a_mark_and_a_line_of_the_log(files: Any, cast: Any, place: Any) -> None:
    with enter(Scope.system("one is insured elsewhere now, one is called like a formula")):
        Person.objects.filter(pk=files.people[3].pk).update(insurer=place.beta)
        Person.objects.filter(pk=files.people[6].pk).update(surname="=Формула")
    export = ask(cast.timur, "smo-indicators", "2025", ("1", "3b", "value"), is_personal=True, purpose="control")
    mark, head, *rows, last = lines(export)
    assert mark == last
    assert mark[0].startswith("Персональные данные. Выгружено: Тимуров Тимур, СМО Альфа")
    assert head[-2:] == ["Фамилия, имя, отчество", "Полис"]
    assert [row[-2] for row in rows] == [
        "сейчас не у вас",
        f"'={Person.objects.get(pk=files.people[6].pk).full_name[1:]}",
    ]
    assert rows[0][-1] == ""
    written = AuditLine.objects.get(action="reports.export.write", subject_id=str(export.pk))
    assert (written.purpose, written.details["rows"], written.details["persons"]) == ("control", 2, 1)


def test_whose_people_are_not_hers_gets_no_file(files: Any, cast: Any, signed_in: Any) -> None:
    cell = ("1", "3a", "value")
    waiting = ask(cast.timur, "smo-indicators", "2025", cell)
    role = cast.timur.assignment.role
    role.rights = [one for one in role.rights if one != "informing:view"]
    role.save(update_fields=["rights"])
    with pytest.raises(RightMissing):
        ask(Employee.objects.get(pk=cast.timur.pk), "smo-indicators", "2025", cell)
    exports.write(waiting.pk)
    with enter(Scope.system("a test looks")):
        waiting.refresh_from_db()
    assert (waiting.state, waiting.fault) == ("failed", "У вашей роли нет права на это действие.")
    page = signed_in("timur").get("/reports/smo-indicators/rows/?of=54001&period=2025&cell=1/3a/value")
    assert "Выгрузить строки" not in page.content.decode()


def test_the_page_offers_it_where_there_are_rows(files: Any, signed_in: Any) -> None:
    client, at = signed_in("timur"), "?of=54001&period=2025&cell=1"
    assert "Выгрузить строки" in client.get(f"/reports/smo-indicators/rows/{at}/3a/value").content.decode()
    assert "Выгрузить строки" not in client.get(f"/reports/smo-indicators/rows/{at}/1/value").content.decode()
    asks = f"/reports/smo-indicators/exporting/{at}/3a/value"
    assert "С именами и полисами" in client.get(asks).content.decode()
    answer = client.post(asks, {"form": "csv"})
    assert answer.status_code == 302
    assert "5" in client.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("name", "period", "cell"),
    [("smo-indicators", "2025", ("1", "1", "value")), ("pg-b", "2025-Q2", ("13", "1", "people"))],
)
def test_a_number_without_rows_makes_no_empty_file(
    files: Any, cast: Any, name: str, period: str, cell: tuple[str, str, str]
) -> None:
    with pytest.raises(NothingToExport):
        ask(cast.timur, name, period, cell)


def test_suits_that_waited_leave_with_their_appeals(
    files: Any, cast: Any, place: SimpleNamespace, topics: SimpleNamespace
) -> None:
    hers = desk.appeal(cast.alina, topics.policy)
    for appeal in (hers.pk, files.campaign and "00000000-0000-0000-0000-000000000005"):
        DisputeFact.objects.create(
            dispute_id=appeal, appeal_id=appeal, territory=place.nsk.pk, track="court", insurer_id=place.alfa.pk,
            filed_on="2023-06-01",
        )  # fmt: skip
    head, row, last = lines(ask(cast.timur, "pg-b", "2024-Q1", ("2", "3.1", "court")))
    assert (head[0], row[0]) == ("Номер", hers.number)
    assert last[0].startswith("Ещё 1\u00a0обращение ведут другие организации")
