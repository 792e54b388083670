"""The record IRP of the journal: one list of fields and one set of controls for XML, workbook and form.

Source: domain handbook 20 §3.2 (elements, controls 1–19) and 21 §1 (code lists).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from opora.exchange.context import Context
from opora.exchange.fields import (
    Field,
    a_date,
    a_past_date,
    a_theme,
    a_time,
    an_email,
    an_employee,
    an_organisation,
    one_of,
    parse_date,
)
from opora.exchange.findings import Finding, Record, Severity
from opora.shared import enp

ERROR = "41"
COMPLAINT, OTHER_SOURCE = "2", "5"
LINES_OF_FUND = {"1", "2", "6"}
F011 = one_of(*(str(code) for code in [*range(1, 19), *range(21, 29)]))

MAIN = (
    Field("n_irp", longest=36, is_required=True),
    Field("irp_type", one_of("1", "2", "3", "4", "5"), is_required=True),
    Field("date_create", a_past_date, is_required=True),
    Field("time_create", a_time),
    Field("way", one_of("1", "2", "3", "4", "5", "6"), is_required=True),
    Field("way_n", longest=250),
    Field("how", one_of("1", "2", "3", "4", "5"), is_required=True),
    Field("theme", a_theme, longest=14, is_required=True),
    Field("theme_comment", longest=500),
    Field("text", longest=1000),
    Field("zh_d", one_of("1", "1.1", "1.2", "2")),
    Field("otv_t", one_of("1", "2", "3", "4", "5", "6", "7", "8"), is_required=True),
    Field("otv_kon", an_organisation, is_required=True),
    Field("employee_1", an_employee, longest=36, is_required=True),
    Field("line_one", one_of("1", "2", "3", "4", "5", "6")),
    Field("employee_it", an_employee, longest=36),
    Field("line_it", one_of("1", "2", "3", "4", "5", "6")),
    Field("data_plan", a_date, is_required=True),
    Field("date_close", a_date),
    Field("result", one_of("1", "2", "3", "4", "5", "6", "7", "8")),
)


def _who(prefix: str) -> tuple[Field, ...]:
    return (
        Field(f"{prefix}_f", longest=40),
        Field(f"{prefix}_i", longest=40),
        Field(f"{prefix}_o", longest=40),
        Field(f"{prefix}_dr", a_past_date),
        Field(f"{prefix}_enp", longest=16),
        Field(f"{prefix}_smo", an_organisation),
        Field(f"{prefix}_doctype", F011),
        Field(f"{prefix}_docser", longest=10),
        Field(f"{prefix}_docnum", longest=20),
    )


APPLICANT = (*_who("z"), Field("adr", longest=120), Field("phone", longest=20), Field("e_mail", an_email, longest=200))
PERSON = _who("in")
REDIRECT = (
    Field("pr_out", one_of("1", "2", "3", "4")),
    Field("date_cross", a_date),
    Field("time_cross", a_time),
)
FIELDS = (*MAIN, *APPLICANT, *PERSON, *REDIRECT)
NAMES = tuple(field.name for field in FIELDS)


def control(
    records: Sequence[Record], context: Context, *, keys: Iterable[str] = (), is_key_required: bool = True
) -> Iterator[Finding]:
    """Yield every finding of every record; ``keys`` are the numbers to look for repeats among."""
    repeated = {key for key, times in Counter(keys or (record.key for record in records)).items() if key and times > 1}
    seen: set[str] = set()
    for record in records:
        yield from _fields(record, context, is_key_required=is_key_required)
        yield from _together(record)
        yield from _people(record, context)
        yield from _lines(record, context)
        if record.key in repeated:
            if record.key in seen:
                yield finding(record, "n_irp", "Такой номер в этом файле уже был")
            seen.add(record.key)


def finding(record: Record, field: str, message: str, *, severity: Severity = Severity.ERROR) -> Finding:
    code = ERROR if severity is Severity.ERROR else None
    return Finding(field.upper(), message, record.key or None, record.place, severity, code)


def _fields(record: Record, context: Context, *, is_key_required: bool) -> Iterator[Finding]:
    values = record.values
    for field in FIELDS:
        value = values.get(field.name, "")
        if not value and not field.is_required:  # most of the fields of most records
            continue
        if field.name == "n_irp" and not is_key_required and not value:
            continue
        for sentence in field.faults(value, context):
            yield finding(record, field.name, sentence)


def _together(record: Record) -> Iterator[Finding]:
    """Fields that need or exclude each other: controls 11–17."""
    get = record.values.get
    if get("way") == OTHER_SOURCE and not get("way_n"):
        yield finding(record, "way_n", "Не указана организация-источник")
    if get("zh_d") and get("irp_type") != COMPLAINT:
        yield finding(record, "zh_d", "Сведения о жалобе заполняются только у жалобы")
    if (get("date_cross") or get("time_cross")) and not get("pr_out"):
        yield finding(record, "pr_out", "Указана дата или время направления, но не сказано, куда направлено")
    if get("time_cross") and not get("date_cross"):
        yield finding(record, "date_cross", "Указано время направления без даты")
    if get("date_close") and not get("result"):
        yield finding(record, "result", "Дата закрытия и результат заполняются вместе")
    if get("result") and not get("date_close"):
        yield finding(record, "date_close", "Дата закрытия и результат заполняются вместе")
    created = parse_date(get("date_create", ""))
    for name, words in (("data_plan", "Плановая дата"), ("date_close", "Дата закрытия")):
        found = parse_date(get(name, ""))
        if created and found and found < created:
            yield finding(record, name, f"{words} раньше даты поступления")


def _people(record: Record, context: Context) -> Iterator[Finding]:
    """A wrong check digit is a warning here: the appeal is kept, the number is marked unconfirmed."""
    for name in ("z_enp", "in_enp"):
        number = record.values.get(name, "")
        if number and not enp.is_valid(number):
            sentence = "Контрольная цифра ЕНП не сходится: проверьте номер"
            yield finding(record, name, sentence, severity=Severity.WARNING)


def _lines(record: Record, context: Context) -> Iterator[Finding]:
    """The employee belongs to the channel; the line of acceptance fits the organisation (1, 2, 6 — the fund)."""
    employee = record.values.get("employee_1", "").lower()
    if context.channel and context.employees.get(employee, context.channel) != context.channel:
        yield finding(record, "employee_1", "Принявший сотрудник работает в другой организации")
    line, organisation = record.values.get("line_one", ""), context.employees.get(employee, "")
    if line and organisation and (line in LINES_OF_FUND) != context.is_fund(organisation):
        sentence = "Линия принятия не подходит организации сотрудника"
        yield finding(record, "line_one", sentence, severity=Severity.WARNING)
