"""Files of a report: what stands in them, that they are the same twice, that nothing in them is computed."""

import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from opora.reports import sealed
from opora.reports.counting import Broken, Counted, CountedCell, CountedRow, CountedTable, Heading
from opora.reports.errors import NoSuchFormat
from opora.reports.narrative import Section, Text
from opora.reports.writers import FORMATS, write

NBSP = "\u00a0"
PLAIN: Any = SimpleNamespace(has_numbered_lines=False, table=lambda _: None)
COLUMNS = [
    Heading("1", "всего", "", "people"),
    Heading("2", "устно", "из них", "people"),
    Heading("3", "письменно", "из них", "people"),
    Heading("4", "доля", "", "percent"),
    Heading("5", "сумма", "", "roubles"),
]


def row(code: str, title: str, *values: Any, **fields: Any) -> CountedRow:
    cells = [
        CountedCell(head.code, value, is_empty=value == "x", unit=head.unit)
        for head, value in zip(COLUMNS, values, strict=True)
    ]
    cells = [CountedCell(one.column, None, is_empty=True) if one.is_empty else one for one in cells]
    return CountedRow(code, title, fields.get("level", 0), fields.get("is_head", False), fields.get("note", ""), cells)


@pytest.fixture
def counted() -> Counted:
    rows = [
        row("1", "Обращения", 12345, 12000, 345, Decimal("97.2"), Decimal("1500.50")),
        row("2", "=HYPERLINK(1)", 2, 0, 2, None, Decimal(0), level=1, note="из них жалобы"),
        row("3", "Письменные", 345, "x", 345, Decimal("100.0"), Decimal(7)),
    ]
    table = CountedTable("1", "Обращения: устно/письменно", COLUMNS, rows, "", "По дню закрытия.")
    other = CountedTable("2", "Словами", [Heading("1", "ответ", "", "text")], [], "", "")
    words = CountedRow("1", "Есть ли порядок", 0, False, "", [CountedCell("1", "да", unit="text")])
    return Counted(
        name="small-form", title="Маленькая форма", version="1", source="выдумана", is_verified=False,
        subject="50000", subject_name="Новосибирская область", period="2024-03", period_words="март 2024 года",
        tables=[table, CountedTable("2", "Словами", other.columns, [words], "", "")],
        broken=[Broken("всего = устно + письменно", "error", "=", "2", "3", ["1/2/1"], ["1/2/2"])],
    )  # fmt: skip


@pytest.fixture
def seal(counted: Counted) -> Any:
    return SimpleNamespace(
        number=2, sha256=counted.sha256, sealed_by_name="Борисов Борис", note="поправили одну жалобу",
        sealed_at=datetime(2024, 4, 10, 3, 15, tzinfo=UTC), body=counted.text,
    )  # fmt: skip


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_the_same_report_is_the_same_file(counted: Counted, seal: Any, form: str) -> None:
    assert write(counted, form, seal=seal) == write(counted, form, seal=seal)


def test_a_book_holds_numbers_and_merged_heads(counted: Counted, seal: Any) -> None:
    content = write(counted, "xlsx", seal=seal)
    found = sheets(content)
    assert list(found) == ["1 Обращения  устно письменно", "2 Словами", "Сведения"]
    first = found["1 Обращения  устно письменно"]
    assert first[2][:6] == ["Строка", "Показатель", "всего, чел.", "из них", "", "доля, %"]
    assert first[3][3:5] == ["устно, чел.", "письменно, чел."]
    assert first[4][2:7] == [12345, 12000, 345, 97.2, 1500.5]
    assert first[5][1] == "'=HYPERLINK(1)"
    assert first[6][3] == "x"
    with zipfile.ZipFile(BytesIO(content)) as packed:
        xml = packed.read("xl/worksheets/sheet1.xml").decode()
        assert "2024-04-10T03:15:00Z" in packed.read("docProps/core.xml").decode()
    assert '<mergeCell ref="D3:E3"/>' in xml
    assert "<f>" not in xml


@pytest.mark.parametrize("form", ["html", "docx", "xlsx", "pdf"])
def test_what_explains_a_figure_stands_beside_it(counted: Counted, form: str) -> None:
    first, *rest = counted.tables[0].rows
    told = replace(first, cells=[*first.cells[:3], replace(first.cells[3], note="12 000 из 12 345"), first.cells[4]])
    content = write(replace(counted, tables=[replace(counted.tables[0], rows=[told, *rest])]), form)
    if form == "html":
        assert re.search(r"97,2\W+%\s+<small>12 000 из 12 345</small>", content.decode())
    elif form == "docx":
        from docx import Document

        rows = Document(BytesIO(content)).tables[0].rows
        assert rows[2].cells[5].text == f"97,2{NBSP}%\n12 000 из 12 345"
        assert rows[3].cells[1].text == "=HYPERLINK(1)\nиз них жалобы"
    elif form == "xlsx":
        lines = sheets(content)["1 Обращения  устно письменно"]
        assert lines[2][7] == "Пояснения"
        assert [one[7] for one in lines[4:7]] == ["доля, %: 12 000 из 12 345", "из них жалобы", ""]
    else:
        from pypdf import PdfReader

        text = PdfReader(BytesIO(content)).pages[0].extract_text().replace(NBSP, " ")
        assert text.index("97,2 %") < text.index("12 000 из") < text.index("из них жалобы") < text.index("Письменные")


@pytest.mark.parametrize("form", ["html", "docx", "xlsx", "pdf"])
def test_words_of_the_program_are_no_numbers_of_lines(counted: Counted, form: str) -> None:
    rows = [replace(one, code=f"total_{one.code}") for one in counted.tables[0].rows]
    table = replace(counted.tables[0], code="kinds", rows=rows)
    content = write(replace(counted, tables=[table]), form, pack=PLAIN)
    if form == "docx":
        from docx import Document

        [first, *_] = Document(BytesIO(content)).tables
        assert [cell.text for cell in first.rows[0].cells][:2] == ["Показатель", "всего, чел."]
        assert first.rows[2].cells[0].text == "Обращения"
    elif form == "xlsx":
        lines = sheets(content)["Обращения  устно письменно"]
        assert lines[2][:2] == ["Показатель", "всего, чел."]
        assert lines[4][:2] == ["Обращения", 12345]
    else:
        from pypdf import PdfReader

        is_pdf = form == "pdf"
        text = PdfReader(BytesIO(content)).pages[0].extract_text() if is_pdf else content.decode()
        assert "total" not in text
        assert "Строка" not in text


def test_a_seal_answers_for_its_file(counted: Counted, seal: Any) -> None:
    told = dict(sheets(write(counted, "xlsx", seal=seal))["Сведения"])
    assert told["Состояние"] == "период закрыт, версия 2"
    assert told["Кто закрыл"] == "Борисов Борис"
    assert told["SHA-256"] == counted.sha256
    assert told["Не сходится"].startswith("всего = устно + письменно: 2 должно быть равно 3")
    assert dict(sheets(write(counted, "xlsx"))["Сведения"])["Состояние"].startswith("период не закрыт")


def test_a_document_repeats_the_head_of_a_table(counted: Counted, seal: Any) -> None:
    from docx import Document

    made = Document(BytesIO(write(counted, "docx", seal=seal)))
    table = made.tables[0]
    assert [cell.text for cell in table.rows[0].cells][2:6] == ["всего, чел.", "из них", "из них", "доля, %"]
    assert [cell.text for cell in table.rows[2].cells] == [
        "1", "Обращения", f"12{NBSP}345", f"12{NBSP}000", "345", f"97,2{NBSP}%", "1500,50",
    ]  # fmt: skip
    assert len(table._tbl.findall(".//{*}tblHeader")) == 2
    assert made.tables[-1].rows[0].cells[1].text == "Маленькая форма"
    assert made.core_properties.author == ""


def test_a_page_repeats_its_head_and_lies_down_when_wide(counted: Counted) -> None:
    from dataclasses import replace

    from pypdf import PdfReader

    table = counted.tables[0]
    wide = replace(table, columns=[*table.columns, Heading("6", "ещё", "", "")])
    many = [replace(table.rows[0], code=str(n), cells=[*table.rows[0].cells, CountedCell("6", n)]) for n in range(90)]
    made = PdfReader(BytesIO(write(replace(counted, tables=[replace(wide, rows=many)]), "pdf")))
    box = made.pages[0].mediabox
    assert box.width > box.height
    assert len(made.pages) > 2
    assert all("Показатель" in page.extract_text() for page in made.pages[:2])
    assert f"12{NBSP}345" in made.pages[0].extract_text().replace(" ", NBSP)


def test_a_long_csv_names_every_cell(counted: Counted) -> None:
    text = write(counted, "csv").decode("utf-8-sig").splitlines()
    assert write(counted, "csv").startswith(b"\xef\xbb\xbf")
    assert text[0] == "table;row;column;table_title;row_title;column_title;value"
    assert text[1] == "1;1;1;Обращения: устно/письменно;Обращения;всего, чел.;12345"
    assert "1;2;1;Обращения: устно/письменно;'=HYPERLINK(1);всего, чел.;2" in text
    assert text[-1].endswith(";да")


def test_json_is_what_is_sealed(counted: Counted, seal: Any) -> None:
    assert write(counted, "json", seal=seal).decode() == seal.body
    assert json.loads(seal.body)["tables"][0]["rows"][0]["cells"][3]["value"] == "97.2"
    assert sealed.counted(seal) == counted
    assert sealed.counted(seal).sha256 == seal.sha256


def test_html_stands_alone(counted: Counted, seal: Any) -> None:
    text = write(counted, "html", seal=seal).decode()
    assert "<script" not in text
    assert "://" not in text
    assert re.search(r'<th\s+scope="colgroup"\s+colspan="2"\s*>\s*из них\s*</th>', text)
    body = text[text.index("<table") : text.index("</table>")]
    ElementTree.fromstring(body + "</table>")


@pytest.mark.parametrize("form", ["html", "docx", "xlsx", "pdf"])
def test_a_text_stands_before_the_tables(counted: Counted, form: str) -> None:
    section = Section("Главное", ("Обращений стало больше.",), (("в том числе жалоб",),))
    content = write(replace(counted, words=Text("Заголовок", (section,))), form)
    if form == "html":
        assert content.decode().index("Обращений стало больше") < content.decode().index("<table")
    elif form == "docx":
        from docx import Document

        told = [(one.style.name, one.text) for one in Document(BytesIO(content)).paragraphs[2:5]]
        assert told == [
            ("Heading 2", "Главное"), ("Normal", "Обращений стало больше."), ("List Bullet", "в том числе жалоб"),
        ]  # fmt: skip
    elif form == "pdf":
        assert content.startswith(b"%PDF")
    else:
        assert ["Текст", "Обращений стало больше."] in sheets(content)["Сведения"]


def test_of_other_formats_there_are_none(counted: Counted) -> None:
    with pytest.raises(NoSuchFormat):
        write(counted, "exe")
