"""Small numbers are hidden, and nothing that is shown gives them back."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from opora.reports.counting import Counted, CountedCell, CountedRow, CountedTable, Heading
from opora.reports.definitions import ReportPack
from opora.reports.hiding import hide
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
    assert found == {"sum": 17, "a": "<3", "b": "<3", "c": 10, "share": "<3"}


def test_nothing_is_hidden_without_need() -> None:
    values = {"sum": 18, "a": 3, "b": 5, "c": 10, "share": 12}
    assert shown(values) == values
    assert shown({**values, "a": 1}, least=0)["a"] == 1


def test_a_sum_of_one_part_goes_with_it() -> None:
    assert shown({"sum": 2, "a": 2, "b": 0, "c": 0, "share": 100}) == {
        "sum": "<3", "a": "<3", "b": 0, "c": 0, "share": "<3",
    }  # fmt: skip


def test_two_small_parts_do_not_tell_each_other() -> None:
    """12 = 1 + 1 + 10: with 10 shown the hidden ones would make 2, which is one and one."""
    assert shown({"sum": 12, "a": 1, "b": 1, "c": 10, "share": 8})["c"] == "<3"


@given(st.lists(st.integers(0, 12), min_size=3, max_size=3), st.integers(2, 6))
def test_no_hidden_number_is_found_by_subtraction(parts: list[int], least: int) -> None:
    values = {"sum": sum(parts), **dict(zip(PARTS, parts, strict=True)), "share": None}
    found = shown(values, least)
    assert not any(isinstance(one, int) and 0 < one < least for one in found.values())
    hidden = [code for code in ("sum", *PARTS) if isinstance(found[code], str)]
    assert len(hidden) != 1
    if hidden and "sum" not in hidden:
        assert sum(values[code] for code in hidden) >= least
