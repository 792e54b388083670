"""The 42 columns of the federal desk: an old Excel book of words. Handbook 20 §7.3, 21 §2."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from django.db.models import TextChoices

from opora.classifiers.words import Kind, Origin
from opora.exchange.codebook import CodeBook
from opora.exchange.formats.intraservice import COLUMNS
from opora.exchange.mapping import fit
from opora.exchange.record import JournalRecord, Leaving, Someone
from opora.exchange.writers.sending import Sending
from opora.shared.errors import DomainError

MOST_ROWS = 65_535  # an old book holds no more
LONGEST = 32_000
EXPERT_CHECK = {True: "Экспертиза требуется", False: "Экспертиза не требуется"}


class TooManyRows(DomainError, status=422):
    """В старую книгу Excel помещается не больше 65 535 обращений: выгрузите меньший период."""


class IntraServiceWriter:
    slug = "intraservice-42-xls"
    title = "Таблица ИнтраСервис, 42 колонки"
    system = "intraservice"

    def name(self, sending: Sending) -> str:
        return f"unload_{sending.organisation}_{sending.made_at:%Y%m%d%H%M%S}.xls"

    def write(self, leaving: Iterable[Leaving], sending: Sending, target: Path) -> int:
        import xlwt

        book = xlwt.Workbook(encoding="utf-8")
        sheet = book.add_sheet("Лист1")
        for place, name in enumerate(COLUMNS):
            sheet.write(0, place, name)
        count = 0
        for count, one in enumerate(leaving, start=1):
            if count > MOST_ROWS:
                raise TooManyRows
            for place, text in enumerate(cells(one, sending)):
                if text:
                    sheet.write(count, place, fit(text, LONGEST))
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            book.save(stream)
        return count


def cells(one: Leaving, sending: Sending) -> Iterator[str]:
    """Yield the texts of one row in the order of COLUMNS."""
    record, told, book = one.record, one.told, sending.book
    received = record.received_at.astimezone(sending.zone)
    yield f"Обращение {record.key}"
    yield from (told.taker_email, told.handler_email)
    yield _word(book, "line", record.taken_line)
    yield _word(book, "line", record.handled_line)
    yield "выполнено" if record.closed_on else "в работе"
    yield record.text
    yield f"{received:%d.%m.%Y %H:%M}" if record.has_time else _day(received.date())
    yield _day(record.due_on)
    yield from (told.region, told.district)
    yield _origin(record, book)
    yield _word(book, "channel", record.channel)
    yield _word(book, "kind", record.kind)
    yield book.theme(record.topic, record.kind, record.flags) or f"{record.topic} {told.topic_title}".strip()
    yield record.topic_note
    yield _word(book, "verdict", record.verdict)
    yield EXPERT_CHECK[record.kind is Kind.COMPLAINT and record.outcome is None]
    yield from (told.incoming_number, told.outgoing_number)
    yield from (_day(told.accepted_on), _day(told.interim_on), _day(told.answered_on or record.closed_on))
    yield sending.organisation_name
    yield record.applicant.phone
    yield from _who(record.applicant, told.insurer_name)
    yield from (record.applicant.email, record.applicant.address)
    yield from _who(record.person, told.person_insurer_name)
    yield _word(book, "outcome", record.outcome)
    yield from (told.answer, (book.theirs("answer_channel", told.answer_channel) or "") if told.answer_channel else "")


def _who(someone: Someone, insurer: str) -> tuple[str, ...]:
    named = (someone.surname, someone.given_name, someone.patronymic)
    return (*named, _day(someone.birth_on), someone.enp, insurer or someone.insurer)


def _origin(record: JournalRecord, book: CodeBook) -> str:
    if record.origin is Origin.OTHER and record.origin_name:
        return record.origin_name
    return _word(book, "origin", record.origin)


def _word(book: CodeBook, of: str, ours: TextChoices | None) -> str:
    """Return the partner's word, ours where he has none."""
    return "" if ours is None else book.theirs(of, ours.value) or str(ours.label)


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""
