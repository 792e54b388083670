"""What the title of a chart says; charts of files."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import TypeAdapter

from opora.access.scope import Scope, enter
from opora.reports.counting import CountedCell, CountedRow, CountedTable, Heading, Report
from opora.reports.definitions import ReportPack
from opora.reports.periods import Period
from opora.reports.pictures import finding, still
from opora.reports.subjects import Subject
from opora.reports.tests import desk
from opora.reports.tests.forms import golden
from opora.reports.tests.test_counting import facts  # noqa: F401
from opora.reports.writers import write

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


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["html", "docx", "pdf"])
def test_files_have_the_charts_of_the_page(form: str, facts: Any, place: SimpleNamespace) -> None:  # noqa: F811
    pack = TypeAdapter(ReportPack).validate_python(desk.form())
    with enter(Scope.system("a test counts")):
        counted = Report(pack, Subject(place.nsk.code, None, "Область", "50000"), Period.read("2024-03")).counted()
    content = write(counted, form, pack=pack)
    assert content == write(counted, form, pack=pack)
    if form == "html":
        text = content.decode()
        assert text.count("<svg") == 1
        assert "://" not in text
    elif form == "docx":
        from docx import Document

        [drawn] = Document(BytesIO(content)).inline_shapes
        assert drawn._inline.docPr.get("descr") == "Обращения"
    else:
        from pypdf import PdfReader

        text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
        assert text.count("прочие") == 2  # in the table and beside its bar


@pytest.mark.django_db
def test_parts_of_deliveries_make_the_whole_of_their_chart(place: SimpleNamespace) -> None:
    found = still_of("deliveries", place)["states"]
    assert found.categories[0] == "Вручено"
    assert "Принято заявок" not in found.categories


@pytest.mark.django_db
def test_money_is_not_drawn_beside_counts(place: SimpleNamespace) -> None:
    [series] = [one for one in still_of("fund-analysis", place)["measures"].series if not one.former]
    assert series.name == "мер"


def still_of(name: str, place: SimpleNamespace) -> dict[str, Any]:
    written = golden.read(name)
    with enter(Scope.system("a test counts")):
        golden.fill(place, written.facts)
        report = golden.report(place, name, written)
        return still(report.counted(), report.pack)
