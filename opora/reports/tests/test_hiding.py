"""Small numbers are hidden, and nothing that is shown gives them back."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from opora.access.scope import Scope, enter
from opora.reports.counting import Counted, CountedCell, CountedRow, CountedTable, Heading
from opora.reports.definitions import ReportPack
from opora.reports.hiding import HIDDEN, hide
from opora.reports.tests.forms import golden
from opora.reports.tests.test_counting import FORM

PARTS = ("a", "b", "c")
TABLE = {
    "code": "1", "title": "Таблица", "facts": "appeals", "day": "closed",
    "columns": [{"code": "n", "title": "всего"}],
    "rows": [
        {"code": "sum", "title": "всего", "sum": list(PARTS)},
        *({"code": code, "title": code} for code in PARTS),
        {"code": "share", "title": "доля", "percent": ["a", "sum"]},
    ],
}  # fmt: skip
PACK = TypeAdapter(ReportPack).validate_python(FORM | {"tables": [TABLE], "controls": []})


def counted(values: dict[str, Any]) -> Counted:
    rows = [CountedRow(code, code, 0, False, "", [CountedCell("n", value)]) for code, value in values.items()]
    table = CountedTable("1", "Таблица", [Heading("n", "всего", "", "")], rows, "", "")
    return Counted("f", "Ф", "1", "и", True, "50000", "Область", "2024-03", "март 2024 года", [table], [])


def shown(values: dict[str, Any], least: int = 3) -> dict[str, Any]:
    return {row.code: row.cells[0].value for row in hide(counted(values), PACK, least).tables[0].rows}


def test_by_hand() -> None:
    found = shown({"sum": 17, "a": 2, "b": 5, "c": 10, "share": 12})
    assert found == {"sum": 17, "a": HIDDEN, "b": HIDDEN, "c": 10, "share": HIDDEN}


def test_nothing_is_hidden_without_need() -> None:
    values = {"sum": 18, "a": 3, "b": 5, "c": 10, "share": 12}
    assert shown(values) == values
    assert shown({**values, "a": 1}, least=0)["a"] == 1


def test_a_sum_of_one_part_goes_with_it() -> None:
    assert shown({"sum": 2, "a": 2, "b": 0, "c": 0, "share": 100}) == {
        "sum": HIDDEN, "a": HIDDEN, "b": 0, "c": 0, "share": HIDDEN,
    }  # fmt: skip


def test_two_small_parts_do_not_tell_each_other() -> None:
    """12 = 1 + 1 + 10: with 10 shown the hidden ones would make 2, which is one and one."""
    assert shown({"sum": 12, "a": 1, "b": 1, "c": 10, "share": 8})["c"] == HIDDEN


@given(st.lists(st.integers(0, 12), min_size=3, max_size=3), st.integers(2, 6))
def test_no_hidden_number_is_found_by_subtraction(parts: list[int], least: int) -> None:
    values = {"sum": sum(parts), **dict(zip(PARTS, parts, strict=True)), "share": None}
    found = shown(values, least)
    assert not any(isinstance(one, int) and 0 < one < least for one in found.values())
    assert {one for one in found.values() if isinstance(one, str)} <= {HIDDEN}
    hidden = [code for code in ("sum", *PARTS) if isinstance(found[code], str)]
    assert len(hidden) != 1
    if hidden and "sum" not in hidden:
        assert sum(values[code] for code in hidden) >= least


CHANNELS = TABLE | {"rows": [], "rows_by": {"by": "channel", "total": "Все способы"}}
BY_CHANNEL = TypeAdapter(ReportPack).validate_python(FORM | {"tables": [CHANNELS], "controls": []})


def test_a_line_over_those_that_facts_give_is_a_sum() -> None:
    values = {"total": 1000, "hot_line": 940, "visit": 57, "post": 3}
    table = hide(counted(values), BY_CHANNEL, 5).tables[0]
    assert [row.cells[0].value for row in table.rows] == [1000, 940, HIDDEN, HIDDEN]


def test_where_the_smallest_lines_are_cut_off_the_rest_hides_what_is_hidden() -> None:
    table = hide(counted({"total": 1000, "hot_line": 940, "visit": 40, "post": 3}), BY_CHANNEL, 5).tables[0]
    assert [row.cells[0].value for row in table.rows] == [1000, 940, 40, HIDDEN]


TWO = [TABLE | {"code": "1", "rows": TABLE["rows"][1:4]}, TABLE | {"code": "2", "rows": TABLE["rows"][1:3]}]  # type: ignore[index]
EQUAL = {"left": ["1/a/*", "1/b/*"], "is": "=", "right": ["2/a/*", "2/b/*"], "say": "одно и то же"}


def test_both_sides_of_a_relation_are_sums() -> None:
    pack = TypeAdapter(ReportPack).validate_python(FORM | {"tables": TWO, "controls": [EQUAL]})
    tables = [replace(counted(values).tables[0], code=code) for code, values in (
        ("1", {"a": 2, "b": 50, "c": 9}), ("2", {"a": 22, "b": 30}),
    )]  # fmt: skip
    found = hide(replace(counted({}), tables=tables), pack, 3)
    assert {(table.code, row.code): row.cells[0].value for table in found.tables for row in table.rows} == {
        ("1", "a"): HIDDEN, ("1", "b"): 50, ("1", "c"): 9, ("2", "a"): HIDDEN, ("2", "b"): 30,
    }  # fmt: skip


FORMS = sorted(path.stem for path in golden.HERE.glob("*.txt") if "@" not in path.stem)


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMS)
def test_no_hidden_number_of_a_shipped_form_is_found_by_one_equation(name: str, place: SimpleNamespace) -> None:
    written, pack = golden.read(name), golden.pack(name)
    with enter(Scope.system("a test counts")):
        golden.fill(place, written.facts)
        report = golden.report(place, name, written).counted()
    # Each fact stands for five: all sums stay sums, ones are small, twos are not.
    whole = {at: 5 * value for at, value in values(report).items()}
    five = replace(report, tables=[
        replace(table, rows=[
            replace(row, cells=[replace(cell, value=whole.get((table.code, row.code, cell.column), cell.value))
                                for cell in row.cells]) for row in table.rows
        ]) for table in report.tables
    ])  # fmt: skip
    for least in (6, 11, 16):
        shown = values(hide(five, pack, least))
        assert not any(0 < value < least for value in shown.values())
        for terms in (*known(pack, five), *related(pack, five)):
            if sum(sign * whole.get(at, 0) for at, sign in terms) == 0:
                missing = [at for at, _ in terms if whole.get(at) and at not in shown]
                assert len(missing) != 1, (least, missing)


def values(report: Counted) -> dict[tuple[str, str, str], int | Decimal]:
    return {
        (table.code, row.code, cell.column): cell.value
        for table in report.tables
        for row in table.rows
        for cell in row.cells
        if isinstance(cell.value, int | Decimal) and not cell.is_empty and cell.unit in {"", "people"}
    }


def known(pack: ReportPack, report: Counted) -> Iterator[list[tuple[tuple[str, str, str], int]]]:
    """What a reader of the form may subtract: declared sums and lines «total»."""
    columns = {table.code: [one.code for one in table.columns] for table in report.tables}
    rows = {table.code: [one.code for one in table.rows] for table in report.tables}
    for form in pack.tables:
        code = form.code
        for row in form.rows:
            for column in columns[code] if row.sum else ():
                yield [((code, row.code, column), -1), *(
                    ((code, part.removeprefix("-"), column), -1 if part.startswith("-") else 1) for part in row.sum
                )]  # fmt: skip
        for head in form.columns:
            for row_code in rows[code] if head.sum else ():
                yield [((code, row_code, head.code), -1), *(
                    ((code, row_code, part.removeprefix("-")), -1 if part.startswith("-") else 1) for part in head.sum
                )]  # fmt: skip
        if form.rows_by and form.rows_by.total:
            given = [one for one in rows[code] if one != "total" and one not in {row.code for row in form.rows}]
            for column in columns[code]:
                yield [((code, "total", column), -1), *(((code, one, column), 1) for one in given)]
        if form.columns_by and form.columns_by.total:
            for row_code in rows[code]:
                yield [((code, row_code, one), -1 if one == "total" else 1) for one in columns[code]]


def related(pack: ReportPack, report: Counted) -> Iterator[list[tuple[tuple[str, str, str], int]]]:
    """What control relations say, in each column."""
    columns = {table.code: [one.code for one in table.columns] for table in report.tables}
    for relation in pack.controls:
        if relation.is_ == "=":
            for column in columns[relation.left[0].removeprefix("-").partition("/")[0]]:
                yield [
                    (_at(cell, column), sign * (-1 if cell.startswith("-") else 1))
                    for sign, side in ((1, relation.left), (-1, relation.right))
                    for cell in side
                ]


def _at(cell: str, column: str) -> tuple[str, str, str]:
    table, row, own = cell.removeprefix("-").split("/")
    return table, row, column if own == "*" else own
