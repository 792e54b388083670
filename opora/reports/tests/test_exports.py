"""Files in the background: what stands in them, who may have them, how they end."""

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.access.errors import RightMissing
from opora.access.scope import Scope, enter
from opora.appeals.tests.conftest import shelf  # noqa: F401
from opora.audit.models import AuditLine
from opora.organisations.models import Assignment
from opora.organisations.purposes import PurposeMissing
from opora.reports import asking, exports
from opora.reports.errors import NoSuchFormat, TooManyExports
from opora.reports.models import AppealFact, Export
from opora.reports.tests.small import load_form
from opora.reports.tests.test_counting import facts  # noqa: F401

CELL = ("1", "2", "all")


@pytest.fixture
def ready(facts: Any, cast: Any, settings: Any, tmp_path: Any) -> SimpleNamespace:  # noqa: F811
    settings.DATA_DIR = tmp_path
    load_form()
    return SimpleNamespace(facts=facts, cast=cast, boris=cast.boris)


def ask(employee: Any, form: str = "csv", cell: Any = CELL, **fields: Any) -> Export:
    with enter(employee.scope):
        report = asking.ask(employee, "small-form", "54001", "2024-03")
        return exports.begin(employee, report, form, cell=cell, **fields)


def written(export: Export) -> Export:
    exports.write(export.pk)
    with enter(Scope.system("a test looks")):
        export.refresh_from_db()
    return export


def lines(export: Export) -> list[list[str]]:
    text = exports.path_of(export).read_bytes().decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))


@pytest.fixture
def named(ready: Any, shelf: Any, place: Any) -> SimpleNamespace:  # noqa: F811
    """Facts of real appeals inside the number: Polina's complaint, one without a name, one of Beta's."""
    with enter(Scope.system("facts of appeals")):
        for appeal in (shelf.complaint, shelf.mine, shelf.betas):
            AppealFact.objects.create(
                appeal_id=appeal.pk, territory=place.nsk.code, insurer_id=place.alfa.pk, performer="insurer",
                registered_on=date(2024, 3, 4), closed_on=date(2024, 3, 5), registered_hour=9, kind="complaint",
                form="oral", channel="post", origin="direct", standing="identified",
                topic_code=appeal.topic_code, topic_id=appeal.topic_id, line_received="sp1", line="sp1",
                stage="closed",
            )  # fmt: skip
    return shelf


def test_a_report_is_written_by_the_same_counting(ready: Any) -> None:
    export = written(ask(ready.boris, "xlsx", None))
    assert (export.state, export.rows, export.fault) == ("done", 5, "")
    assert exports.path_of(export).read_bytes()[:2] == b"PK"
    assert exports.file_name(export) == "small-form-54001-2024-03.xlsx"


def test_rows_are_those_she_may_see(ready: Any, named: Any) -> None:
    export = written(ask(ready.boris))
    head, *rows, last = lines(export)
    assert head[:2] == ["Номер", "Дата отчёта"]
    assert sorted(row[0] for row in rows) == sorted([named.complaint.number, named.mine.number])
    assert "Полис" not in head
    # Two facts of the small form have no appeal.
    assert last[0].startswith("Ещё 3\u00a0обращения ведут другие организации")
    assert "Соловьёва" not in str(rows)


def test_names_come_with_a_purpose_and_a_mark(ready: Any, named: Any) -> None:
    with pytest.raises(PurposeMissing):
        ask(ready.boris, is_personal=True)
    export = written(ask(ready.boris, is_personal=True, purpose="control"))
    mark, head, *rows = lines(export)
    assert mark[0].startswith("Персональные данные. Выгружено: Борисов Борис, СМО Альфа")
    assert mark[0].endswith("Зачем: Экспертиза и контроль.")
    assert rows[-1] == mark
    names = {row[0]: row[-3:] for row in rows[:-2]}
    assert names[named.complaint.number] == ["Соловьёва-Седая Полина", "5476410835001236", "'+79000000001"]
    assert head[-3:] == ["Фамилия, имя, отчество", "Полис", "Телефон"]


def test_without_personal_depth_names_are_empty(ready: Any, named: Any) -> None:
    from opora.appeals.models import Grant

    with enter(Scope.system("her organisation sees less")):
        Grant.objects.filter(appeal=named.complaint).update(depth3=3)
    rows = {row[0]: row[-3:] for row in lines(written(ask(ready.boris, is_personal=True, purpose="control"))) if row}
    assert rows[named.complaint.number] == ["", "", ""]


def test_a_book_of_people_begins_with_who_and_why(ready: Any, named: Any) -> None:
    from python_calamine import CalamineWorkbook

    export = written(ask(ready.boris, "xlsx", is_personal=True, purpose="control"))
    book = CalamineWorkbook.from_filelike(BytesIO(exports.path_of(export).read_bytes()))
    assert book.sheet_names == ["Сведения 1", "Строки 1"]
    about, sheet = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert about[0][0].startswith("Персональные данные. Выгружено: Борисов Борис")
    assert sheet[0][0] == about[0][0] == sheet[-1][0]


def test_each_step_is_written_down(ready: Any, named: Any, signed_in: Any) -> None:
    export = written(ask(ready.boris, is_personal=True, purpose="control"))
    assert signed_in("boris").get(f"/reports/exports/{export.pk}/file/").status_code == 200
    found = {line.action: line for line in AuditLine.objects.filter(subject_id=str(export.pk))}
    assert set(found) == {"reports.export.ask", "reports.export.write", "reports.export.take"}
    assert found["reports.export.write"].details == {
        "report": "small-form", "subject": "54001", "period": "2024-03", "form": "csv", "cell": "1/2/all",
        "names": True, "rows": 2, "hidden": 3, "persons": 2,
    }  # fmt: skip
    assert {line.purpose for line in found.values()} == {"control"}


def test_nobody_else_takes_it_away(ready: Any, signed_in: Any) -> None:
    export = written(ask(ready.boris))
    for who in ("timur", "admin"):
        for path in ("", "file/"):
            assert signed_in(who).get(f"/reports/exports/{export.pk}/{path}").status_code in {403, 404}
    assert signed_in("alina").get("/reports/exports/").status_code == 403


def test_half_a_file_is_never_handed_out(ready: Any, signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program killed in the middle leaves a part and a running export; it is begun anew and written whole."""
    export = ask(ready.boris)

    def killed(*_: Any) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("opora.reports.exports.write_rows", killed)
        with pytest.raises(KeyboardInterrupt):
            exports.write(export.pk)
    with enter(Scope.system("a test looks")):
        export.refresh_from_db()
    assert export.state == "running"
    path = exports.path_of(export)
    path.with_suffix(".part").write_text("half")
    assert signed_in("boris").get(f"/reports/exports/{export.pk}/file/").status_code == 404
    assert written(export).state == "done"
    assert signed_in("boris").get(f"/reports/exports/{export.pk}/file/").status_code == 200
    assert not path.with_suffix(".part").exists()


def test_written_once(ready: Any) -> None:
    export = written(ask(ready.boris))
    first = exports.path_of(export).stat().st_mtime_ns
    assert exports.write(export.pk) == 0
    assert exports.path_of(export).stat().st_mtime_ns == first


def test_stopped_in_the_middle(ready: Any, named: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    export = ask(ready.boris)

    def stop_now(*_: Any) -> int:
        raise exports.Stopped

    with enter(ready.boris.scope):
        exports.stop(export, by=ready.boris)
    assert written(export).state == "stopped"
    other = ask(ready.boris)
    monkeypatch.setattr("opora.reports.exports.write_rows", stop_now)
    assert exports.write(other.pk) == 0
    assert list(exports.path_of(other).parent.glob("report-*")) == []


def test_who_has_lost_the_place_gets_nothing(ready: Any) -> None:
    export = ask(ready.boris)
    with enter(Scope.system("she leaves")):
        Assignment.objects.filter(employee=ready.boris).update(until=date(2023, 1, 1))
    assert (written(export).state, export.fault) == (
        "failed", "Назначение, под которым просили выгрузку, закончилось.",
    )  # fmt: skip


def test_who_has_left_the_place_does_not_take_its_file_along(ready: Any, place: Any, signed_in: Any) -> None:
    url = f"/reports/exports/{written(ask(ready.boris)).pk}/file/"
    assert signed_in("boris").get(url).status_code == 200
    with enter(Scope.system("she goes over to Beta")):
        former = Assignment.objects.get(employee=ready.boris)
        Assignment.objects.filter(pk=former.pk).update(until=date(2023, 1, 1))
        Assignment.objects.create(
            employee=ready.boris, organisation=place.beta, role=former.role, since=date(2023, 1, 2)
        )
    assert signed_in("boris").get("/reports/exports/").status_code == 200
    assert signed_in("boris").get(url).status_code == 404


def test_files_live_three_days(ready: Any) -> None:
    export = written(ask(ready.boris))
    exports.tend(timezone.now() + timedelta(days=2))
    assert exports.path_of(export).exists()
    exports.tend(timezone.now() + exports.KEPT + timedelta(seconds=1))
    assert not exports.path_of(export).exists()


def test_refusals(ready: Any) -> None:
    with pytest.raises(NoSuchFormat):
        ask(ready.boris, "pdf")
    with pytest.raises(RightMissing):
        ask(ready.cast.alina)
    for _ in range(exports.MOST_AT_ONCE):
        ask(ready.boris)
    with pytest.raises(TooManyExports):
        ask(ready.boris)


def test_the_page_asks_and_shows(ready: Any, signed_in: Any) -> None:
    boris = signed_in("boris")
    url = "/reports/small-form/exporting/?of=54001&period=2024-03&cell=1/2/all"
    assert "Выгрузить строки" in boris.get(url).content.decode()
    assert boris.post(url, {"form": "csv", "is_personal": "on"}).status_code == 422
    answer = boris.post(url, {"form": "csv"})
    assert answer.status_code == 302
    page = boris.get(answer.url).content.decode()
    assert "Остановить" in page
    assert "жалобы — всего" in boris.get("/reports/exports/").content.decode()
    boris.post(f"{answer.url}stopping/")
    assert "остановлена" in boris.get(answer.url).content.decode()


def test_another_subject_does_not_exist(ready: Any, signed_in: Any) -> None:
    assert signed_in("boris").get("/reports/small-form/exporting/?of=54002&period=2024-03").status_code == 404
