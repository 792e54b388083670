"""Terms that run: day 0, days off, pauses, extensions — and the proof in words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.deadlines.clock import DayOff, Pause, Term, Unit, due_at, run
from opora.deadlines.explanation import explain
from opora.deadlines.packs import SHIPPED, read_pack, read_terms
from opora.deadlines.tests.test_calendar import DAYS, RUSSIA

TERMS = {term.code: term for path in sorted(SHIPPED.glob("law-*.json")) for term in read_terms(read_pack(path).content)}

WHEN_DUE = [
    # 30 days from 2 March 2026 end on Wednesday 1 April
    ("consideration", date(2026, 3, 2), date(2026, 4, 1)),
    # 30 days from 9 April end on Saturday 9 May, a holiday: the answer leaves before it, on Friday the 8th
    ("consideration", date(2026, 4, 9), date(2026, 5, 8)),
    ("registration", date(2026, 11, 20), date(2026, 11, 23)),
    ("registration", date(2026, 11, 19), date(2026, 11, 20)),
    ("deferred_next_day", date(2026, 11, 20), date(2026, 11, 23)),
    ("deferred_same_day", date(2026, 11, 20), date(2026, 11, 20)),
    # promised on a Saturday: the same day is not a working one
    ("deferred_same_day", date(2026, 11, 21), date(2026, 11, 23)),
    ("pos_fast", date(2025, 12, 25), date(2026, 1, 20)),
    ("claim", date(2026, 4, 28), date(2026, 5, 21)),
]


@pytest.mark.parametrize(("code", "started", "due"), WHEN_DUE)
def test_when_it_is_due(code: str, started: date, due: date) -> None:
    assert run(TERMS[code], started, RUSSIA).due_on == due


def test_the_proof_reads_like_a_sentence() -> None:
    clock = run(TERMS["consideration"], date(2026, 4, 9), RUSSIA)
    assert explain(clock) == [
        "Рассмотрение обращения: 30 календарных дней. Основание: 59-ФЗ, ст. 12.",
        "Начало: регистрация обращения, 09.04.2026 — этот день не считается.",
        "10.04.2026 – 09.05.2026: считаем 30 дней — календарный день.",
        "09.05.2026 — день нерабочий, поэтому срок переносится раньше: 08.05.2026.",
        "Последний день: 08.05.2026.",
        "Календарь 2026.1, пак appeals 2026.1.",
    ]


def test_skipped_days_are_named() -> None:
    lines = explain(run(TERMS["pos_fast"], date(2025, 12, 25), RUSSIA))
    assert "27.12.2025 – 28.12.2025: пропускаем 2 дня — выходной." in lines
    assert any("праздник" in line and "пропускаем" in line for line in lines)


def test_a_date_in_a_year_without_decree_says_so() -> None:
    clock = run(TERMS["consideration"], date(2026, 12, 20), RUSSIA)
    assert clock.is_provisional
    assert "Календарь этого года ещё не утверждён: дата предварительная." in explain(clock)


UNITS = st.sampled_from([Unit.CALENDAR_DAYS, Unit.WORKING_DAYS])
LENGTHS = st.integers(1, 60)


def a_term(unit: Unit, length: int, day_off: DayOff = DayOff.STAYS) -> Term:
    return Term("x", "Срок", unit, length, "событие", "основание", day_off, warn_after=(1, length))


@given(DAYS, UNITS, LENGTHS, st.integers(0, 30))
def test_an_extension_never_comes_earlier(start: date, unit: Unit, length: int, extension: int) -> None:
    term = a_term(unit, length)
    assert run(term, start, RUSSIA, extension=extension).due_on >= run(term, start, RUSSIA).due_on


@given(DAYS, UNITS, LENGTHS, st.integers(0, 20), st.integers(0, 20))
def test_the_proof_adds_up(start: date, unit: Unit, length: int, offset: int, paused: int) -> None:
    pauses = [
        Pause(
            date.fromordinal(start.toordinal() + offset),
            date.fromordinal(start.toordinal() + offset + paused),
            "запрос",
        )
    ]
    clock = run(a_term(unit, length), start, RUSSIA, pauses=pauses)
    assert sum(stretch.days for stretch in clock.stretches if stretch.is_counted) == length
    assert sum(stretch.days for stretch in clock.stretches) == (clock.counted_to - start).days


@given(DAYS, LENGTHS, st.sampled_from([DayOff.EARLIER, DayOff.LATER]))
def test_a_moved_term_ends_on_a_working_day(start: date, length: int, day_off: DayOff) -> None:
    clock = run(a_term(Unit.CALENDAR_DAYS, length, day_off), start, RUSSIA)
    assert RUSSIA.works(clock.due_on)
    assert (clock.due_on <= clock.counted_to) is (day_off is DayOff.EARLIER or not clock.was_moved)


@given(DAYS, UNITS, LENGTHS)
def test_reminders_come_on_working_days_before_the_end(start: date, unit: Unit, length: int) -> None:
    clock = run(a_term(unit, length, DayOff.EARLIER), start, RUSSIA)
    assert all(RUSSIA.works(day) and start < day <= clock.due_on for day in clock.warn_on)


def test_hours_run_through_the_night() -> None:
    started = datetime(2026, 11, 20, 18, 30, tzinfo=ZoneInfo("Asia/Novosibirsk"))
    term = Term("GP", "Терапевт", Unit.HOURS, 24, "обращение", "ПГГ")
    assert due_at(term, started).isoformat() == "2026-11-21T18:30:00+07:00"
    with pytest.raises(ValueError, match="use due_at"):
        run(term, started.date(), RUSSIA)
