"""Our own list as a file: the same columns for all, and a template with words to choose from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from opora.exchange.formats.own import SAMPLE
from opora.exchange.lists.own_words import HEADINGS, WORDS, heading_of, labels_of
from opora.exchange.writers.outgoing import Outgoing
from opora.informing.incoming import Batch, Incoming, IncomingContact, IncomingEntry, IncomingVisit, Named
from opora.shared.dates import show
from opora.shared.tables import harmless

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

FIELDS = tuple(field for field in HEADINGS if field != "full_name")
LONGEST = 32_767
TEMPLATE_ROWS = 5000
EXAMPLE = {
    "key": SAMPLE,
    "surname": "Иванова",
    "given_name": "Анна",
    "patronymic": "Петровна",
    "birth_on": "14.03.1985",
    "sex": "Ж",
    "phone": "+7 900 000-00-00",
    "provider": "810001",
    "measure": "Диспансеризация",
    "year": "2026",
    "quarter": "3",
    "note": "Строка с номером «пример» не читается: впишите свои ниже",
}


class OwnCsvWriter:
    slug = "opora-informing-csv"
    title = "Список информирования (CSV)"

    def name(self, outgoing: Outgoing) -> str:
        return f"{_stem(outgoing)}.csv"

    def write(self, batch: Batch, outgoing: Outgoing) -> bytes:
        return csv_of(rows_of(batch))


class OwnBookWriter:
    slug = "opora-informing-xlsx"
    title = "Список информирования (Excel)"

    def name(self, outgoing: Outgoing) -> str:
        return f"{_stem(outgoing)}.xlsx"

    def write(self, batch: Batch, outgoing: Outgoing) -> bytes:
        return book_of(rows_of(batch))


def rows_of(batch: Batch) -> Iterator[dict[str, str]]:
    """Yield rows by field; an entry, a contact and a visit of one record share a row."""
    rows: dict[tuple[int, str, int], dict[str, str]] = {}
    told: list[Incoming] = [*batch.entries, *batch.contacts, *batch.visits]
    taken: dict[tuple[int, str, type], int] = {}
    for one in told:
        number = taken.get((one.place, one.key, type(one)), 0)
        taken[one.place, one.key, type(one)] = number + 1
        row = rows.setdefault((one.place, one.key, number), {"key": one.key, **_of_person(one.who)})
        row |= {field: text for field, text in _cells(one).items() if text}
    for key in sorted(rows):
        yield rows[key]


def csv_of(rows: Iterable[dict[str, str]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([heading_of(field) for field in FIELDS])
    for row in rows:
        writer.writerow([harmless(row.get(field, "")) for field in FIELDS])
    return stream.getvalue().encode("utf-8-sig")


def book_of(rows: Iterable[dict[str, str]], *, is_template: bool = False) -> bytes:
    """Return a book of texts; a template has a sheet of words, and cells that offer them."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": datetime(2026, 1, 1)})  # noqa: DTZ001 - the same content, the same bytes
        sheet = book.add_worksheet("Список")
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 0)
        for column, field in enumerate(FIELDS):
            sheet.write_string(0, column, heading_of(field), bold)
            sheet.set_column(column, column, max(12, len(heading_of(field)) + 2), text)
        for number, row in enumerate(rows, 1):
            for column, field in enumerate(FIELDS):
                if cell := row.get(field):
                    sheet.write_string(number, column, cell[:LONGEST], text)
        if is_template:
            _offer_words(book, sheet, bold)
    return stream.getvalue()


def template(kind: str) -> bytes:
    """Return an empty list with one example: ``xlsx`` or ``csv``."""
    return book_of([EXAMPLE], is_template=True) if kind == "xlsx" else csv_of([EXAMPLE])


def _offer_words(book: Workbook, sheet: Worksheet, bold: object) -> None:
    words = book.add_worksheet("Слова")
    for column, field in enumerate(WORDS):
        labels = labels_of(field)
        words.write_column(0, column, [heading_of(field), *labels])
        words.set_column(column, column, 34)
        letter = chr(ord("A") + column)
        listed = {"validate": "list", "source": f"=Слова!${letter}$2:${letter}${len(labels) + 1}"}
        place = FIELDS.index(field)
        # Other writings are read as well, so Excel advises and does not refuse.
        sheet.data_validation(1, place, TEMPLATE_ROWS, place, {**listed, "show_error": False})
    words.set_row(0, None, bold)


def _of_person(who: Named) -> dict[str, str]:
    return {
        "surname": who.surname,
        "given_name": who.given_name,
        "patronymic": who.patronymic,
        "birth_on": show(who.birth_on) if who.birth_on else "",
        "sex": {1: "М", 2: "Ж"}.get(who.sex or 0, ""),
        "enp": who.enp,
        "snils": who.snils,
        "phone": "; ".join(who.phones),
        "email": who.email,
        "address": who.address,
        "insurer": who.insurer_code,
    }


def _cells(one: Incoming) -> dict[str, str]:
    match one:
        case IncomingEntry():
            days = {name: getattr(one, name) for name in ("inform_by", "visit_from", "visit_to")}
            return {
                "provider": one.provider_code,
                "measure": one.measure.label,
                "year": str(one.year),
                "quarter": str(one.quarter or ""),
                "month": str(one.month or ""),
                "sequence": one.sequence.label if one.sequence else "",
                "note": one.note,
                **{name: show(day) for name, day in days.items() if day},
            }
        case IncomingContact():
            return {
                "provider": one.provider_code,
                "measure": one.measure.label,
                "sequence": one.sequence.label if one.sequence else "",
                "informed_on": show(one.on) if one.on else "",
                "channel": one.channel.label,
                "purpose": one.purpose.label,
                "outcome": one.outcome.label if one.outcome else "",
                "reason": one.reason.label if one.reason else "",
                "talk_note": one.note,
            }
        case IncomingVisit():
            return {
                "provider": one.provider_code,
                "measure": one.measure.label,
                "visited_on": show(one.on),
                "visit_result": one.result,
            }
    return {}


def _stem(outgoing: Outgoing) -> str:
    return f"opora-informing_{outgoing.sender}_{outgoing.made_at:%Y%m%d}_{outgoing.number}"
