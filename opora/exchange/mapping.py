"""Values of the format HMAO ↔ JournalRecord, through a code book. Handbook 20 §3.2, 21 §1."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time, tzinfo

from opora.classifiers.words import Channel, Kind, Line, Origin, Outcome, Outside, Responsible, Verdict
from opora.exchange.codebook import CodeBook, CodeUnknown
from opora.exchange.fields import parse_date
from opora.exchange.formats.journal import FIELDS
from opora.exchange.record import NOBODY, JournalRecord, Someone

NO_PATRONYMIC = "нет"
LENGTHS = {field.name: field.longest for field in FIELDS if field.longest}
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CUT = "…"
Values = dict[str, str]


def to_record(values: Mapping[str, str], book: CodeBook, zone: tzinfo, *, key: str = "") -> JournalRecord:
    """Return the record of values that have passed the controls. Raises CodeUnknown naming the field."""
    get = values.get
    received = _moment(get("date_create", ""), get("time_create", ""), zone)
    assert received is not None  # noqa: S101 - the controls have seen to it
    due = parse_date(get("data_plan", ""))
    assert due is not None  # noqa: S101
    kind = Kind(_ours(book, "kind", "irp_type", values))
    topic, flags = _topic(book, get("theme", ""), kind)
    return JournalRecord(
        key=key or get("n_irp", ""),
        kind=kind,
        received_at=received,
        has_time=bool(get("time_create")),
        origin=Origin(_ours(book, "origin", "way", values)),
        origin_name=get("way_n", ""),
        channel=Channel(_ours(book, "channel", "how", values)),
        topic=topic,
        flags=flags,
        topic_note=get("theme_comment", ""),
        text=get("text", ""),
        verdict=Verdict(_ours(book, "verdict", "zh_d", values)) if get("zh_d") else None,
        responsible=Responsible(_ours(book, "responsible", "otv_t", values)),
        responsible_code=get("otv_kon", ""),
        taken_by=get("employee_1", "").lower(),
        taken_line=Line(_ours(book, "line", "line_one", values)) if get("line_one") else None,
        handled_by=get("employee_it", "").lower(),
        handled_line=Line(_ours(book, "line", "line_it", values)) if get("line_it") else None,
        due_on=due,
        closed_on=parse_date(get("date_close", "")),
        outcome=Outcome(_ours(book, "outcome", "result", values)) if get("result") else None,
        applicant=_someone(values, "z"),
        person=_someone(values, "in"),
        outside=Outside(_ours(book, "outside", "pr_out", values)) if get("pr_out") else None,
        redirected_at=_moment(get("date_cross", ""), get("time_cross", ""), zone),
        redirected_has_time=bool(get("time_cross")),
    )


def to_values(record: JournalRecord, book: CodeBook, zone: tzinfo) -> Values:
    """Return filled fields in the order of the format; too long a text is cut with «…». Raises CodeUnknown."""
    received = record.received_at.astimezone(zone)
    redirected = record.redirected_at.astimezone(zone) if record.redirected_at else None
    found = {
        "n_irp": record.key,
        "irp_type": _theirs(book, "kind", record.kind),
        "date_create": received.date().isoformat(),
        "time_create": _clock(received) if record.has_time else "",
        "way": _theirs(book, "origin", record.origin),
        "way_n": record.origin_name,
        "how": _theirs(book, "channel", record.channel),
        "theme": _theme(book, record),
        "theme_comment": record.topic_note,
        "text": record.text,
        "zh_d": _theirs(book, "verdict", record.verdict) if record.verdict else "",
        "otv_t": _theirs(book, "responsible", record.responsible),
        "otv_kon": record.responsible_code,
        "employee_1": record.taken_by,
        "line_one": _theirs(book, "line", record.taken_line) if record.taken_line else "",
        "employee_it": record.handled_by,
        "line_it": _theirs(book, "line", record.handled_line) if record.handled_line else "",
        "data_plan": record.due_on.isoformat(),
        "date_close": record.closed_on.isoformat() if record.closed_on else "",
        "result": _theirs(book, "outcome", record.outcome) if record.outcome else "",
        **_of_someone(record.applicant, "z", has_contacts=True),
        **_of_someone(record.person, "in", has_contacts=False),
        "pr_out": _theirs(book, "outside", record.outside) if record.outside else "",
        "date_cross": redirected.date().isoformat() if redirected else "",
        "time_cross": _clock(redirected) if redirected and record.redirected_has_time else "",
    }
    return {name: fitted for name, text in found.items() if (fitted := fit(text, LENGTHS.get(name, 0)))}


def fit(text: str, longest: int = 0) -> str:
    """Return the text as a field holds it: printable, stripped, no longer than allowed.

    >>> fit("Вопрос о полисе", 7)
    'Вопрос…'
    """
    clean = UNPRINTABLE.sub(" ", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not longest or len(clean) <= longest:
        return clean
    return clean[: longest - 1].rstrip() + CUT


def _someone(values: Mapping[str, str], prefix: str) -> Someone:
    def get(name: str) -> str:
        return values.get(f"{prefix}_{name}", "")

    patronymic = get("o")
    is_applicant = prefix == "z"
    found = Someone(
        surname=get("f"),
        given_name=get("i"),
        patronymic="" if patronymic.casefold() == NO_PATRONYMIC else patronymic,
        birth_on=parse_date(get("dr")),
        enp=get("enp"),
        insurer=get("smo"),
        document_kind=get("doctype"),
        document_series=get("docser"),
        document_number=get("docnum"),
        address=values.get("adr", "") if is_applicant else "",
        phone=values.get("phone", "") if is_applicant else "",
        email=values.get("e_mail", "") if is_applicant else "",
    )
    return NOBODY if found == NOBODY else found


def _of_someone(someone: Someone, prefix: str, *, has_contacts: bool) -> Values:
    found = {
        f"{prefix}_f": someone.surname,
        f"{prefix}_i": someone.given_name,
        f"{prefix}_o": someone.patronymic,
        f"{prefix}_dr": someone.birth_on.isoformat() if someone.birth_on else "",
        f"{prefix}_enp": someone.enp,
        f"{prefix}_smo": someone.insurer,
        f"{prefix}_doctype": someone.document_kind,
        f"{prefix}_docser": someone.document_series,
        f"{prefix}_docnum": someone.document_number,
    }
    if has_contacts:
        found |= {"adr": someone.address, "phone": someone.phone, "e_mail": someone.email}
    return found


def _ours(book: CodeBook, of: str, name: str, values: Mapping[str, str]) -> str:
    theirs = values.get(name, "")
    word = book.ours(of, theirs)
    if word is None:
        raise CodeUnknown(f"Код «{theirs}» нам не известен", field=name)
    return word


def _theirs(book: CodeBook, of: str, ours: str) -> str:
    code = book.theirs(of, ours)
    if code is None:
        raise CodeUnknown(f"У партнёра нет кода для «{ours}» (список {of})", field=of)
    return code


def _topic(book: CodeBook, theme: str, kind: Kind) -> tuple[str, frozenset[str]]:
    found = book.topic(theme, kind)
    if found is None:
        raise CodeUnknown(f"Тема «{theme}» нам не известна", field="theme")
    return found


def _theme(book: CodeBook, record: JournalRecord) -> str:
    found = book.theme(record.topic, record.kind, record.flags)
    if found is None:
        raise CodeUnknown(f"У партнёра нет темы для нашей «{record.topic}»", field="theme")
    return found


def _moment(day: str, clock: str, zone: tzinfo) -> datetime | None:
    found = parse_date(day)
    if found is None:
        return None
    return datetime.combine(found, time.fromisoformat(clock) if clock else time(), zone)


def _clock(moment: datetime) -> str:
    return moment.strftime("%H:%M:%S")
