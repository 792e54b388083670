"""Workbooks of Novosibirsk as the fund reads them: header, headings in row 4, no empty row, number cells as numbers.

Handbook 20 §6. The reader of the fund stops at an empty row and makes 1000 of a blank number: neither is ever written.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from opora.exchange.codebook import CodeUnknown
from opora.exchange.errors import FactMissing
from opora.exchange.formats.nsk import INSURER, INSURERS, MADE, MOST_ROWS, REQUEST, NskBook
from opora.exchange.formats.nsk_books import (
    CONSENTS,
    INFORMED,
    OBSERVED,
    REFUSALS,
    SATISFACTION,
    WITHDRAWALS,
    NskConsent,
    NskInforming,
    NskSurvey,
)
from opora.exchange.lists import nsk_codes
from opora.exchange.writers.outgoing import Outgoing
from opora.informing.incoming import Batch, IncomingContact, Named
from opora.informing.words import Measure, Outcome, Purpose, Reason

NO_PATRONYMIC = "НЕТ"
Row = Sequence[Any]


class _NskWriter:
    """``outgoing.sender`` is the number of the insurer at this fund, 1 to 4."""

    slug: str
    title: str
    stem: str
    form: NskBook

    def name(self, outgoing: Outgoing) -> str:
        return f"{self.stem}_{outgoing.sender}_{outgoing.made_at:%Y%m%d}_{outgoing.number}.xlsx"

    def write(self, batch: Batch, outgoing: Outgoing) -> bytes:
        if outgoing.sender not in INSURERS:
            raise CodeUnknown(f"Номер страховой для этого фонда — от 1 до 4, а не «{outgoing.sender}»")
        rows = [list(row) for row in self.rows(batch)]
        if not rows:
            raise FactMissing("В книгу нечего записать: ни одного факта.")
        if len(rows) > MOST_ROWS:
            raise FactMissing(f"В книгу помещается {MOST_ROWS} строк, а здесь {len(rows)}: разделите её на части.")
        kind = self.kind(batch)
        head: list[Row] = [(REQUEST, kind), (MADE, _day(outgoing.made_at.date())), (INSURER, int(outgoing.sender))]
        headings = [column.heading for column in self.form.columns_of(kind)]
        return _book([*head, headings, *rows])

    def kind(self, batch: Batch) -> str:
        raise NotImplementedError

    def rows(self, batch: Batch) -> Iterable[Row]:
        raise NotImplementedError


class NskInformingWriter(_NskWriter):
    """Attempts that did not end yet (no answer, busy, call later) are left out: they are no result of informing."""

    slug = "nsk-informing-xlsx"
    title = "Результаты информирования (Новосибирск)"
    stem = "inform"
    form = NskInforming()

    def kind(self, batch: Batch) -> str:
        observed = [contact.measure is Measure.OBSERVATION for contact in batch.contacts]
        if any(observed) and not all(observed):
            raise CodeUnknown("Диспансерное наблюдение и осмотры отправляются фонду разными книгами")
        return OBSERVED if all(observed) else INFORMED

    def rows(self, batch: Batch) -> Iterator[Row]:
        for contact in batch.contacts:
            if contact.outcome not in nsk_codes.UNFINISHED:
                yield (*_who(contact.who), int(_stage(contact)), _on(contact), int(_way(contact)), contact.note)


class NskSurveyWriter(_NskWriter):
    """Only answers: a talk without one is no survey."""

    slug = "nsk-survey-xlsx"
    title = "Результаты опросов (Новосибирск)"
    stem = "survey"
    form = NskSurvey()

    def kind(self, batch: Batch) -> str:
        purposes = {contact.purpose for contact in batch.contacts}
        if purposes == {Purpose.ASK_WHY}:
            return REFUSALS
        if purposes == {Purpose.ASK_SATISFACTION}:
            return SATISFACTION
        raise CodeUnknown("В одной книге — ответы одного опроса: о причинах или об удовлетворённости")

    def rows(self, batch: Batch) -> Iterator[Row]:
        for contact in batch.contacts:
            code, note = _reason(contact) if contact.purpose is Purpose.ASK_WHY else _served(contact)
            yield (*_who(contact.who), _on(contact), int(code), note)


class NskConsentWriter(_NskWriter):
    slug = "nsk-consent-xlsx"
    title = "Согласия на информирование (Новосибирск)"
    stem = "consent"
    form = NskConsent()

    def kind(self, batch: Batch) -> str:
        granted = {consent.is_granted for consent in batch.consents}
        if len(granted) > 1:
            raise CodeUnknown("Согласия и отзывы отправляются фонду разными книгами")
        return WITHDRAWALS if granted == {False} else CONSENTS

    def rows(self, batch: Batch) -> Iterator[Row]:
        for consent in batch.consents:
            if not consent.is_granted:
                yield (*_who(consent.who), _day(consent.on), "")
                continue
            code = nsk_codes.CONSENTS_OUT.get(consent.how)
            if code is None:
                raise CodeUnknown(f"Запись {consent.key}: у фонда нет способа согласия «{consent.how}»")
            yield (*_who(consent.who), _day(consent.on), int(code))


def _who(who: Named) -> Row:
    if not (who.surname and who.given_name and who.birth_on):
        raise FactMissing("Фонд находит человека по фамилии, имени и дате рождения: у записи их нет")
    patronymic = who.patronymic.upper() or NO_PATRONYMIC
    return (who.surname.upper(), who.given_name.upper(), patronymic, _day(who.birth_on))


def _on(contact: IncomingContact) -> str:
    if contact.on is None:
        raise FactMissing(f"Запись {contact.key}: у контакта нет даты, а дату мы не придумываем")
    return _day(contact.on)


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _stage(contact: IncomingContact) -> str:
    found = nsk_codes.STAGES_OUT.get((contact.measure, contact.sequence))
    if found is None:
        sequence = contact.sequence.label if contact.sequence else "без очерёдности"
        raise CodeUnknown(f"Запись {contact.key}: у фонда нет этапа «{contact.measure.label}, {sequence}»")
    return found


def _way(contact: IncomingContact) -> str:
    if contact.outcome is Outcome.PASSED:
        return nsk_codes.PASSED
    if contact.outcome in nsk_codes.NOT_REACHED:
        return nsk_codes.IMPOSSIBLE
    found = nsk_codes.WAYS_OUT.get(contact.channel)
    if found is None:
        raise CodeUnknown(f"Запись {contact.key}: у фонда нет способа «{contact.channel.label}»")
    return found


def _reason(contact: IncomingContact) -> tuple[str, str]:
    """A reason that the fund's list lacks is «другое» with our words for a note."""
    if contact.reason is None:
        raise FactMissing(f"Запись {contact.key}: в опросе нет причины")
    code = nsk_codes.REASONS_OUT.get(contact.reason, nsk_codes.OTHER_REASON)
    is_ours = code == nsk_codes.OTHER_REASON and contact.reason is not Reason.OTHER
    note = contact.note or (str(contact.reason.label) if is_ours else "")
    if code == nsk_codes.OTHER_REASON and not note:
        raise FactMissing(f"Запись {contact.key}: «другое» отправляется только с пояснением")
    return code, note


def _served(contact: IncomingContact) -> tuple[str, str]:
    words, _, note = contact.note.partition(": ")
    for code, said in nsk_codes.SERVED.items():
        if said == words:
            return code, note
    raise CodeUnknown(f"Запись {contact.key}: в ответе «{words}» нет слов из списка фонда")


def _book(rows: Sequence[Row]) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    options = {"constant_memory": True, "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet("Sheet")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                else:
                    sheet.write_number(number, place, cell)
    return stream.getvalue()
