"""What is written in a table is what is read, whatever it was packed in."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opora.shared.tables import CsvWriter, Source, harmless, inspect, open_table, private_file, write_xlsx

EVERY_PACKING = [
    ("utf-8", ";"),
    ("utf-8-sig", ","),
    ("utf-16", "\t"),
    ("utf-16-le", ";"),
    ("cp1251", "|"),
]
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40)
rows_of_three = st.lists(st.tuples(texts, texts, texts), max_size=30)


def rows(source: Source, **options: str) -> list[list[str]]:
    with open_table(source, **options) as table:
        return [row.cells for row in table]


@pytest.mark.parametrize(("encoding", "sign"), EVERY_PACKING)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_every_encoding_separator_and_line_ending(tmp_path: Path, encoding: str, sign: str, ending: str) -> None:
    lines = [sign.join(cells) for cells in (["Фамилия", "Имя", "Дата"], ["Соловьёва-Седая", "Полина", "14.03.1985"])]
    path = tmp_path / "a.csv"
    path.write_bytes((ending.join(lines) + ending).encode(encoding))
    assert rows(inspect(path)) == [["Соловьёва-Седая", "Полина", "14.03.1985"]]


def test_a_zip_with_one_table_is_read_as_the_table(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("people.csv", "a;b\n1;2\n")
    path.write_bytes(packed.getvalue())
    assert rows(inspect(path)) == [["1", "2"]]


def test_xml_groups_become_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    text = (
        "<?xml version='1.0' encoding='windows-1251'?>\n<insured mode='full'>\n<person><surname>Ёлкин</surname>"
        "<phone><number>1</number></phone><phone><number>2</number></phone></person>\n"
        "<!-- между --><person><sex>1</sex><surname>Ель</surname></person></insured>"
    )
    path.write_bytes(text.encode("cp1251"))
    with open_table(inspect(path), record="person") as table:
        found = [(row.line, dict(zip(table.columns, row.cells, strict=False))) for row in table]
        assert table.attributes == {"mode": "full"}
    assert found == [
        (3, {"surname": "Ёлкин", "phone_number": "1", "phone_number_2": "2"}),
        (4, {"surname": "Ель", "phone_number": "", "phone_number_2": "", "sex": "1"}),
    ]


def test_cells_of_excel_come_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["День", "Код", "Дробь", "СНИЛС", "Формула", "Длинное"])
        page.write_datetime(1, 0, datetime(1985, 3, 14), book.add_format({"num_format": "dd.mm.yyyy"}))
        page.write_string(1, 1, "007")
        page.write_number(1, 2, 2.5)
        page.write_number(1, 3, 11223344595)
        page.write_formula(1, 4, "=1+1", None, 2)
        page.write_number(3, 5, 5476410835001236)
    with open_table(inspect(path)) as table:
        first, second = table
    assert (first.line, first.cells) == (2, ["1985-03-14", "007", "2.5", "11223344595", "2", ""])
    assert second.line == 4
    assert "Excel хранит 15 цифр" in second.fault


def test_many_strings_go_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opora.shared.tables.xlsx_table.IN_MEMORY", 2000)
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        for number in range(200):
            page.write_row(number, 0, [f"Ёлкин {number}", f"имя {number}"])
    assert rows(inspect(path))[-1] == ["Ёлкин 199", "имя 199"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(table=rows_of_three)
def test_any_csv_of_ours_is_read_back(tmp_path: Path, table: list[tuple[str, str, str]]) -> None:
    path = tmp_path / "a.csv"
    with private_file(path) as stream:
        writer = CsvWriter(stream, ["a", "b", "c"])
        for cells in table:
            writer.row(cells)
    assert rows(inspect(path)) == [[harmless(cell) for cell in cells] for cells in table if any(cells)]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(table=rows_of_three)
def test_any_book_of_ours_is_read_back(tmp_path: Path, table: list[tuple[str, str, str]]) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(path, ["a", "b", "c"], table)
    assert rows(inspect(path)) == [list(cells) for cells in table if any(cells)]


@pytest.mark.parametrize("text", ["=1+1", "+7", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1"])
def test_no_text_leaves_as_a_formula(tmp_path: Path, text: str) -> None:
    assert harmless(text) == "'" + text
    path = tmp_path / "a.xlsx"
    write_xlsx(path, ["a", "b"], [[text, "x"]])
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_numbers_and_days_leave_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with private_file(path) as stream:
        CsvWriter(stream, ["a", "b"]).row([-5, date(1985, 3, 14)])
    assert rows(inspect(path)) == [["-5", "1985-03-14"]]
    assert path.stat().st_mode & 0o777 == 0o600
