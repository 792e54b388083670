"""Every form against its golden file: cells counted by hand, relations kept and broken, rows behind numbers."""

from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.scope import Scope, enter
from opora.deadlines.packs import read_pack
from opora.reports import explaining
from opora.reports.counting import Report
from opora.reports.cube import rows
from opora.reports.definitions import SHIPPED
from opora.reports.errors import NoSuchFilter
from opora.reports.places import Place
from opora.reports.tests.forms import golden

pytestmark = pytest.mark.django_db
FILES = sorted(path.stem for path in golden.HERE.glob("*.txt"))


@pytest.mark.parametrize("name", FILES)
def test_cells_are_those_counted_by_hand(name: str, place: SimpleNamespace) -> None:
    written = golden.read(name)
    with enter(Scope.system("a test counts")):
        golden.fill(place, written.facts)
        counted = golden.report(place, name.partition("@")[0], written).counted()
    assert list(golden.differences(counted, written)) == []
    assert sorted({one.say for one in counted.broken}) == sorted(written.broken)


@pytest.mark.parametrize("name", FILES)
def test_numbers_open_into_as_many_rows(name: str, place: SimpleNamespace) -> None:
    written = golden.read(name)
    with enter(Scope.system("a test counts")):
        golden.fill(place, written.facts)
        report = golden.report(place, name.partition("@")[0], written)
        for table in report.pack.tables:
            asked = report.table(table.code)
            lines = {row.code: row for row in asked.rows}
            for row in asked.rows[:12]:
                for column in asked.columns:
                    parts = asked.behind(row.code, column.code)
                    if not parts or column.pair or column.part_of or column.field or row.pair or row.field:
                        continue
                    if any(lines[part].measure for part in row.parts):
                        continue
                    found = sum(part.sign * len(rows(part.cube, part.groups)) for part in parts)
                    assert found == (asked.value(row.code, column.code) or 0), (table.code, row.code, column.code)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.json")), ids=lambda path: path.stem)
def test_a_shipped_form_reads(path) -> None:  # type: ignore[no-untyped-def]
    assert read_pack(path).content["source"]


def test_a_share_says_out_of_what_and_why_it_is_above_the_whole(place: SimpleNamespace) -> None:
    written = golden.read("smo-indicators")
    with enter(Scope.system("a test counts")):
        golden.fill(place, written.facts)
        table = golden.report(place, "smo-indicators", written).counted().table("1")
    assert table.cell("3a.share", "value").note == (
        "6 из 5. Больше 100 %: известили и тех, кто попал в списки после печати плана, — сверх него 1."
    )
    assert table.cell("3b.share", "value").note == "4 из 10"
    assert table.cell("1", "value").note.startswith("Горячих линий 2, из них круглосуточных 1.")
    assert table.cell("2", "value").note == "Маломобильные и лежачие — 2; Пожилые — 1."


def test_what_nobody_has_told_breaks_no_relation(place: SimpleNamespace) -> None:
    """Without a sealed plan it is not known whether more people were told than it names: «5 не больше 0» is untrue."""
    written = golden.read("smo-indicators")
    with enter(Scope.system("a test counts")):
        golden.fill(place, [one for one in written.facts if one[0] != "seals"])
        counted = golden.report(place, "smo-indicators", written).counted()
    assert counted.table("1").cell("3a.plan", "value").value is None
    assert counted.table("1").cell("3a", "value").value == 6
    assert counted.broken == []


def test_whoever_asks_may_narrow_a_report(place: SimpleNamespace) -> None:
    written = golden.read("hmao-number")
    with enter(Scope.system("a test counts")):
        golden.fill(place, written.facts)
        report = golden.report(place, "hmao-number", written, also={"channel": "post", "is_closed": True})
        counted = report.counted()
        with pytest.raises(NoSuchFilter):
            golden.report(place, "hmao-number", written, also={"verdict": "justified"})
    assert [cell.value for cell in counted.table("1").rows[0].cells] == [1, 4, 5]
    assert counted.filters == ["способ: Почта", "только закрытые"]


NARROWED = sorted(name for name in FILES if "@" not in name and golden.pack(name).filters)
BY = [
    {"channel": ["hot_line"]}, {"channel": ["post", "email"], "performer": ["insurer"]}, {"performer": ["fund"]},
    {"origin": ["direct"]}, {"origin": ["federal_fund", "other"]}, {"is_closed": [True]},
    {"is_closed": [False], "origin": ["direct"], "performer": ["insurer"]},
]  # fmt: skip


@pytest.mark.parametrize("name", NARROWED)
def test_a_narrowed_number_opens_into_as_many_rows(name: str, place: SimpleNamespace) -> None:
    """Of each form, cell and filter; and the parts of a filter make the whole."""
    written = golden.read(name)
    with enter(Scope.system("a test counts")):
        golden.fill(place, written.facts)
        whole = golden.report(place, name, written)
        seen = 0
        for also in BY:
            if not set(also) <= set(whole.pack.filters):
                continue
            report = golden.report(place, name, written, also=also)
            for place_of in cells(report):
                found = explaining.behind(report, place_of)
                if found.part is not None:
                    lines = rows(found.part.cube, found.part.groups, limit=500)
                    assert len(lines) == found.many, (also, str(place_of))
                    assert all(fits(line.values | {"is_closed": None}, also) for line in lines), (also, str(place_of))
                    seen += len(lines)
        for place_of in cells(whole):
            parts = [
                golden.report(place, name, written, also={"is_closed": [value]})
                .table(place_of.table)
                .value(place_of.row, place_of.column)
                for value in (True, False)
                if place_of.row in {row.code for row in whole.pack.table(place_of.table).rows}
            ]
            value = whole.table(place_of.table).value(place_of.row, place_of.column)
            if parts and isinstance(value, int):
                assert sum(parts) == value, str(place_of)
    assert seen > 0


def cells(report: Report) -> list[Place]:
    """Cells that are counts or sums of counts."""
    return [
        Place(table.code, row.code, column.code)
        for table in report.pack.tables
        for row in report.table(table.code).rows
        for column in report.table(table.code).columns
        if not (row.pair or column.pair or column.part_of or row.is_head or table.is_empty(row.code, column.code))
    ]


def fits(values: dict[str, Any], also: dict[str, Any]) -> bool:
    return all(values[name] in wanted for name, wanted in also.items() if values[name] is not None)


def test_rows_of_organisations_have_names(place: SimpleNamespace) -> None:
    written = golden.read("fund-analysis")
    with enter(Scope.system("a test counts")):
        golden.fill(place, written.facts)
        counted = golden.report(place, "fund-analysis", written).counted()
    named = {row.title: row.cells[0].value for row in counted.table("organisations").rows}
    assert named == {"Все организации": 13, "СМО Альфа": 6, "ТФОМС": 5, "СМО Бета": 2}
    assert [row.title for row in counted.table("clinics").rows][1:] == ["Поликлиника № 1", "Клиника не названа"]


def test_tables_over_the_same_facts_share_a_query(place: SimpleNamespace, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with enter(Scope.system("a test counts")), django_assert_num_queries(8):  # facts, days: four questions, two spans
        golden.report(place, "fund-analysis", golden.read("fund-analysis")).counted()
