"""The four workbooks of Novosibirsk: informing, surveys, consents, expert control. Handbook 20 §6; codes 21 §5.2."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from opora.exchange.context import Context
from opora.exchange.fields import a_past_date, one_of
from opora.exchange.findings import Finding, Record, Severity
from opora.exchange.format import Content
from opora.exchange.formats.nsk import (
    PERSON,
    Column,
    NskBook,
    a_code,
    a_recent_date,
    finding,
    no_period,
)
from opora.exchange.formats.nsk_survey import SurveyAnswer, contradictions

INFORMED, OBSERVED = "Результат информирования о предстоящей диспансеризации", "ИнфоД-учет"
REFUSALS, SATISFACTION = "ОПРОС ОТКАЗ ДИСПАНСЕРИЗАЦИИ", "ОПРОС УДОВЛЕТВОРЕННОСТИ ДИСПАНСЕРИЗАЦИИ"
CONSENTS, WITHDRAWALS = "Подача согласия ЗЛ", "Аннулирование&отзыв согласия ЗЛ"
EXPERT = "Результаты ЭКМП"
OTHER_REASON = "18"
NO_YES = one_of("1", "2")
NOTE = "Примечание"
GUILTY = "в случае выявления нарушений: причина, по которой выставлено нарушение"
CLEAN = "в случае отсутствия нарушений: причина, по которой отсутствует нарушение"
COUNT, CODE = "в случае выявления нарушений: кол-во нарушений", "в случае выявления нарушений: код нарушения"


class NskInforming(NskBook):
    slug = "nsk-informing-xlsx"
    title = "Результаты информирования (Новосибирск)"
    types = (INFORMED, OBSERVED)
    columns = (
        *PERSON,
        Column("stage", "Этап информирования", a_code(1, 12)),
        Column("on", "Дата информирования", a_recent_date, is_date=True),
        Column("way", "Тип информирования", a_code(1, 7)),
        Column("note", NOTE, no_period, is_required=False),
    )


def _survey(first: int, last: int) -> tuple[Column, ...]:
    return (
        *PERSON,
        Column("on", "Дата опроса", a_recent_date, is_date=True),
        Column("answer", "Результат опроса", a_code(first, last)),
        Column("note", NOTE, is_required=False),
    )


class NskSurvey(NskBook):
    """Two lists of answers: A — why a person does not come (1–20), B — how he was served (101–111)."""

    slug = "nsk-survey-xlsx"
    title = "Результаты опросов (Новосибирск)"
    types = (REFUSALS, SATISFACTION)
    why, served = _survey(1, 20), _survey(101, 111)

    def columns_of(self, type_of_request: str) -> tuple[Column, ...]:
        return self.why if " ".join(type_of_request.split()).casefold() == REFUSALS.casefold() else self.served

    def together(self, record: Record) -> Iterable[Finding]:
        if record.values["answer"] == OTHER_REASON and not record.values["note"]:
            yield finding(record, NOTE, "Ответ «другое» (18) требует пояснения")

    def control(self, content: Content, context: Context, path: Path) -> Iterable[Finding]:
        yield from super().control(content, context, path)
        whole = {
            tuple(record.values.values()): record for record in reversed(content.records)
        }  # repeats are not loaded
        first = {record.place for record in whole.values()}
        answers = (SurveyAnswer.of(record) for record in content.records if record.place in first)
        for answer, sentence in contradictions([one for one in answers if one]):
            record = content.records[answer.place - 1]
            yield finding(record, "Результат опроса", sentence, Severity.WARNING)


WITHDRAWN = (
    *PERSON,
    Column("on", "Дата отзыва", a_past_date, is_date=True, also=("Дата подачи", "Дата аннулирования")),
    Column("how", "Способ получения согласия", is_required=False, may_be_absent=True),
)


class NskConsent(NskBook):
    """Consents, and withdrawals: the fund announced the book of those and never described it, so it is read as the
    book of consents with the day of withdrawal in its place (assumed)."""

    slug = "nsk-consent-xlsx"
    title = "Согласия на информирование и отзывы (Новосибирск)"
    types = (CONSENTS, WITHDRAWALS)
    columns = (
        *PERSON,
        Column("on", "Дата подачи", a_past_date, is_date=True),
        Column("how", "Способ получения согласия", a_code(1, 6)),
    )

    def columns_of(self, type_of_request: str) -> tuple[Column, ...]:
        return WITHDRAWN if is_withdrawal(type_of_request) else self.columns


def is_withdrawal(type_of_request: str) -> bool:
    return " ".join(type_of_request.split()).casefold() == WITHDRAWALS.casefold()


class NskExpert(NskBook):
    """Results of the quality control of people with a chronic disease found at dispensarisation."""

    slug = "nsk-ekmp-xlsx"
    title = "Результаты ЭКМП (Новосибирск)"
    types = (EXPERT,)
    columns = (
        Column("provider", "код МО", a_code(1, 999_999), is_number=True),
        Column("provider_name", "Наименование МО"),
        *PERSON,
        Column("group", "Группа здоровья (22 - 3а; 23 - 3б)", one_of("22", "23"), is_number=True),
        Column(
            "result",
            "Результат ЭКМП  (0 - нарушения не выявлены, 1 - нарушения выявлены)",
            one_of("0", "1"),
            is_number=True,
        ),
        Column("faults", COUNT, a_code(0, 3), is_required=False, is_number=True),
        Column("fault_1", CODE, is_required=False),
        Column("fault_2", CODE, is_required=False),
        Column("fault_3", CODE, is_required=False),
        Column("cause_guilty", GUILTY, a_code(0, 9999), is_required=False, is_number=True),
        Column("cause_clean", CLEAN, a_code(0, 9999), is_required=False, is_number=True),
        Column("is_consented", "индивидуальное согласие (1 - дано, нет - 2)", NO_YES, is_number=True),
        Column("is_informed", "осуществлялось индивидуальное информирование (1 - да, 2 - нет)", NO_YES, is_number=True),
        Column(
            "is_observed",
            "Поставлен на Д-учет после индивидуального информирования (1 - да, 2 - нет)",
            NO_YES,
            is_number=True,
        ),
        Column(
            "is_admitted",
            "Госпитализирован после индивидуального информирования (1 - да, 2 - нет)",
            NO_YES,
            is_number=True,
        ),
        Column("note", "примечание", is_required=False),
    )

    def together(self, record: Record) -> Iterator[Finding]:
        get = record.values.get
        if not get("cause_guilty") and not get("cause_clean"):
            heading = GUILTY if get("result") == "1" else CLEAN
            yield finding(record, heading, "Не указана причина: заполняется одна из двух колонок")
        codes = sum(bool(get(name)) for name in ("fault_1", "fault_2", "fault_3"))
        told = get("faults") or "0"
        if told.isdecimal() and int(told) != codes:
            yield finding(record, COUNT, f"Нарушений указано {told}, а кодов {codes}", Severity.WARNING)
