"""Books of any size: what stands in them, how they go over to another sheet, that nothing in them is computed."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from opora.shared.tables import sheets
from opora.shared.tables.sheets import Book, Sheets


def read(path: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_numbers_are_numbers_and_texts_are_harmless(tmp_path: Path) -> None:
    with Book(tmp_path / "a.xlsx") as book:
        rows = Sheets(book, "Строки", ["Имя & <род>", "Сколько"], before="Кто и зачем", foot="Кто & зачем")
        rows.row(["=1+1", 5])
        rows.row(["a\x00b\ud800 < c & d", Decimal("1.5")])
        rows.row(["  вокруг  ", None])
        rows.close(["конец"])
    assert read(tmp_path / "a.xlsx") == {
        "Строки 1": [
            ["Кто и зачем", ""], ["Имя & <род>", "Сколько"], ["'=1+1", 5.0], ["ab < c & d", 1.5],
            ["  вокруг  ", ""], ["конец", ""],
        ]
    }  # fmt: skip
    with ZipFile(tmp_path / "a.xlsx") as packed:
        assert packed.testzip() is None
        for name in packed.namelist():
            etree.fromstring(packed.read(name))
        assert "&amp;LКто &amp; зачем" in packed.read("xl/worksheets/sheet1.xml").decode()


def test_a_full_sheet_is_followed_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 4)
    with Book(tmp_path / "a.xlsx") as book:
        rows = Sheets(book, "Строки", ["№"])
        for number in range(7):
            rows.row([number])
        rows.close(["конец"])
    found = read(tmp_path / "a.xlsx")
    assert list(found) == ["Строки 1", "Строки 2", "Строки 3"]
    assert [row[0] for sheet in found.values() for row in sheet] == ["№", 0, 1, 2, "№", 3, 4, 5, "№", 6, "конец"]


def test_no_rows_leave_a_head(tmp_path: Path) -> None:
    with Book(tmp_path / "a.xlsx") as book:
        Sheets(book, "Строки", ["№"]).close()
    assert read(tmp_path / "a.xlsx") == {"Строки 1": [["№"]]}


def test_what_went_wrong_in_the_middle_of_a_sheet_is_what_is_told(tmp_path: Path) -> None:
    def write() -> None:
        with Book(tmp_path / "rows.xlsx") as book:
            Sheets(book, "Строки", ["а"]).row(["1"])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()
