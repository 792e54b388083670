"""The register of a run (реестр отправлений) for the post: as paper to be signed, and as a book of Excel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from fpdf import FPDF

from opora.informing.letters.numbers import shown
from opora.informing.letters.paper import wrap
from opora.shared.documents.letter import clean
from opora.shared.documents.page import FONTS, MADE_AT, SERIF
from opora.shared.tables.writing import write_xlsx

COLUMNS = ("№", "Номер письма", "Кому", "Индекс", "Адрес", "Листов", "Масса, г", "Цена, руб.")
WIDTHS = (13.0, 32.0, 66.0, 15.0, 101.0, 14.0, 17.0, 19.0)
RIGHT_ONES = frozenset({0, 5, 6, 7})
SIZE, LINE, MOST_LINES = 8.0, 3.6, 3
EDGE, BOTTOM = 10.0, 12.0
ROOM_TO_SIGN = 34.0


@dataclass(frozen=True, slots=True)
class Row:
    place: int
    number: str
    addressee: str
    postcode: str
    address: str
    sheets: int
    grams: Decimal
    price: Decimal

    @property
    def cells(self) -> list[str]:
        sheets, grams, price = str(self.sheets), _figure(self.grams), f"{self.price:.2f}".replace(".", ",")
        return [
            str(self.place), shown(self.number), self.addressee, self.postcode, self.address, sheets, grams, price
        ]  # fmt: skip


@dataclass(slots=True)
class _Total:
    letters: int = 0
    sheets: int = 0
    grams: Decimal = Decimal(0)
    price: Decimal = Decimal(0)

    def counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.letters += 1
            self.sheets += row.sheets
            self.grams += row.grams
            self.price += row.price
            yield row


class _Sheets(FPDF):
    def __init__(self, title: str, sender: str) -> None:
        super().__init__(format="A4", unit="mm", orientation="L")
        self.title_line, self.sender = title, sender
        self.add_font(SERIF, "", FONTS / "LiberationSerif-Regular.ttf")
        self.add_font(SERIF, "B", FONTS / "LiberationSerif-Bold.ttf")
        self.set_margins(EDGE, EDGE, EDGE)
        self.set_auto_page_break(auto=False)
        self.set_creation_date(MADE_AT)
        self.set_producer("Opora")
        self.set_lang("ru-RU")
        self.set_line_width(0.15)

    def header(self) -> None:
        self.set_font(SERIF, "B", 11)
        self.cell(0, 6, self.title_line)
        self.set_font(SERIF, size=SIZE)
        self.set_xy(EDGE, EDGE)
        self.cell(0, 6, f"лист {self.page_no()}", align="R")
        self.set_xy(EDGE, EDGE + 6)
        self.cell(0, 5, self.sender)
        self.set_xy(EDGE, EDGE + 13)
        self.row(list(COLUMNS), style="B")

    def row(self, cells: list[str], style: str = "") -> None:
        self.set_font(SERIF, style, SIZE)
        wrapped = [wrap(self, clean(cell), width - 2)[:MOST_LINES] for cell, width in zip(cells, WIDTHS, strict=True)]
        height = max(1, *(len(lines) for lines in wrapped)) * LINE + 1.2
        if self.get_y() + height > self.h - BOTTOM:
            self.add_page()
            self.set_font(SERIF, style, SIZE)
        top, left = self.get_y(), EDGE
        for place, (lines, width) in enumerate(zip(wrapped, WIDTHS, strict=True)):
            for number, line in enumerate(lines):
                shift = width - 1 - self.get_string_width(line) if place in RIGHT_ONES else 1
                self.text(left + shift, top + 0.6 + (number + 0.8) * LINE, line)
            left += width
        self.line(EDGE, top + height, self.w - EDGE, top + height)
        self.set_xy(EDGE, top + height)


def write_pdf(path: Path, rows: Iterable[Row], *, title: str, sender: str) -> None:
    sheets = _Sheets(clean(title), clean(sender))
    sheets.add_page()
    total = _Total()
    for row in total.counted(rows):
        sheets.row(row.cells)
    price = f"{total.price:.2f}".replace(".", ",")
    sheets.row(["", "", f"Итого писем: {total.letters}", "", "", str(total.sheets), _figure(total.grams), price], "B")
    if sheets.get_y() + ROOM_TO_SIGN > sheets.h - BOTTOM:
        sheets.add_page()
    sheets.set_font(SERIF, size=10)
    for place, word in enumerate(("Сдал", "Принял")):
        sheets.set_xy(EDGE, sheets.get_y() + 12)
        sheets.cell(0, 6, f"{word} ______________________ / ______________________ /   «____» ______________ 20___ г.")
        if place:
            sheets.set_x(EDGE + 180)
            sheets.cell(0, 6, "Оттиск календарного штемпеля")
    sheets.output(str(path))


def write_book(path: Path, rows: Iterable[Row]) -> int:
    def cells() -> Iterator[list[object]]:
        for row in rows:
            yield [
                row.place, row.number, row.addressee, row.postcode, row.address,
                row.sheets, float(row.grams), float(row.price),
            ]  # fmt: skip

    return write_xlsx(path, COLUMNS, cells(), sheet="Реестр")


def _figure(value: Decimal) -> str:
    """
    >>> _figure(Decimal("10.0")), _figure(Decimal("12.5"))
    ('10', '12,5')
    """
    return f"{value.normalize():f}".replace(".", ",")
