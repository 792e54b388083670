"""Workbooks of Novosibirsk made by hand: a header, headings, rows as they are given."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from opora.exchange.formats.nsk import NskBook

MAN = ("КИМ", "ВИКТОР", "НЕТ", "26.09.1962")


def book(path: Path, form: NskBook, kind: str, rows: Sequence[Sequence[Any]], *, insurer: Any = 1) -> Path:
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd.mm.yyyy"}) as made:
        sheet = made.add_worksheet("Sheet")
        head = [("Тип запроса", kind), ("Дата формирования", "15.06.2026"), ("Смо", insurer)]
        for number, cells in enumerate([*head, [column.heading for column in form.columns_of(kind)], *rows]):
            sheet.write_row(number, 0, cells)
    return path
