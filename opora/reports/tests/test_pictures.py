"""What the title of a chart says."""

from typing import Any

import pytest

from opora.reports.counting import CountedCell, CountedRow, CountedTable, Heading
from opora.reports.pictures import finding

SAID = [
    ([1, 12_345, 3], "", [0], "По видам: больше всего — «b», 12\u202f345"),
    ([5, 5, 3], "", [0], "По видам"),  # nobody stands out
    ([0, 0, 0], "", [0], "По видам"),
    ([1, 9, 3], "roubles", [0], "По видам"),  # money is no count
    ([1, 9, 3], "", [0, 0], "По видам"),  # of several columns none speaks for all
    ([None, 9], "", [0], "По видам: больше всего — «b», 9"),
]


@pytest.mark.parametrize(("values", "unit", "places", "title"), SAID)
def test_a_chart_of_one_count_says_what_stands_out(values: list[Any], unit: str, places: list[int], title: str) -> None:
    cells = [[CountedCell("n", value, unit=unit)] for value in values]
    rows = [CountedRow(name, name, 0, False, "", one) for name, one in zip("abc", cells, strict=False)]
    table = CountedTable("1", "По видам", [Heading("n", "число", "", unit)], rows, "bar", "")
    assert finding(table, rows, places) == title
