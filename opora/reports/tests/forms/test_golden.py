"""Every form against its golden file: cells counted by hand, relations kept and broken, rows behind numbers."""

from types import SimpleNamespace

import pytest

from opora.access.scope import Scope, enter
from opora.deadlines.packs import read_pack
from opora.reports.cube import rows
from opora.reports.definitions import SHIPPED
from opora.reports.errors import NoSuchFilter
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


def test_whoever_asks_may_narrow_a_report(place: SimpleNamespace) -> None:
    written = golden.read("hmao-number")
    with enter(Scope.system("a test counts")):
        golden.fill(place, written.facts)
        report = golden.report(place, "hmao-number", written, also={"channel": "post", "is_closed": True})
        counted = report.counted()
        with pytest.raises(NoSuchFilter):
            golden.report(place, "hmao-number", written, also={"verdict": "justified"})
    assert [cell.value for cell in counted.table("1").rows[0].cells] == [1, 4, 5]
    assert counted.filters == ["способ: Почта", "закрыто: да"]


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
