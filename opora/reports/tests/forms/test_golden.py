"""Every form against its golden file: cells counted by hand, relations kept and broken, rows behind numbers."""

from types import SimpleNamespace

import pytest

from opora.access.scope import Scope, enter
from opora.deadlines.packs import read_pack
from opora.reports.cube import rows
from opora.reports.definitions import SHIPPED
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
