"""Moments as an operator types them: «15:20», «вчера 9:40», «через час», «14.03 15:00». Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from opora.shared import dates

CLOCK = re.compile(r"(?:^|\s|в\s)(\d{1,2})[:.\-](\d{2})$")
IN = re.compile(r"через\s+(?:(\d{1,3})\s*)?(мин|м|ч|час|полчаса)[а-я]*\.?$")
SHORT_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})")
EXAMPLE = "Напишите, например, 15:20, «через час» или 14.03 15:00"


class MomentNotUnderstood(ValueError):
    """The text is no moment; the sentence says how to write one."""


def parse_moment(text: str, *, now: datetime, default: time = time(18)) -> datetime:
    """Return the moment in the zone of ``now``; a day alone means ``default`` of that day.

    >>> from zoneinfo import ZoneInfo
    >>> now = datetime(2026, 3, 14, 12, 0, tzinfo=ZoneInfo("Asia/Novosibirsk"))
    >>> texts = "15:20", "вчера 9:40", "завтра в 10:00", "через 30 мин", "через час", "16.03 15:00", "16.03.2026"
    >>> [f"{parse_moment(text, now=now):%d %H:%M}" for text in texts]
    ['14 15:20', '13 09:40', '15 10:00', '14 12:30', '14 13:00', '16 15:00', '16 18:00']

    Raises MomentNotUnderstood.
    """
    plain = " ".join(text.lower().replace("ё", "е").split())
    if found := IN.match(plain):
        return now + _span(found[1], found[2])
    clock = CLOCK.search(plain)
    if clock and not (plain == clock[0].strip() and "." in plain and _day(plain, now)):
        return datetime.combine(_day_or_today(plain[: clock.start()], now), _time(clock), tzinfo=now.tzinfo)
    day = _day(plain, now)
    if day is None:
        raise MomentNotUnderstood(EXAMPLE)
    return datetime.combine(day, default, tzinfo=now.tzinfo)


def _span(number: str | None, unit: str) -> timedelta:
    if unit == "полчаса":
        return timedelta(minutes=30)
    amount = int(number or 1)
    return timedelta(hours=amount) if unit.startswith("ч") else timedelta(minutes=amount)


def _time(clock: re.Match[str]) -> time:
    try:
        return time(int(clock[1]), int(clock[2]))
    except ValueError as fault:
        raise MomentNotUnderstood(f"Времени {clock[1]}:{clock[2]} не бывает. {EXAMPLE}") from fault


def _day_or_today(text: str, now: datetime) -> date:
    if not text.strip():
        return now.date()
    day = _day(text, now)
    if day is None:
        raise MomentNotUnderstood(EXAMPLE)
    return day


def _day(text: str, now: datetime) -> date | None:
    plain = text.strip().removesuffix(" в").strip(" ,")
    if short := SHORT_DAY.fullmatch(plain):
        plain = f"{plain}.{now.year}" if short else plain
    try:
        return dates.parse_day(plain, today=now.date())
    except dates.DayNotUnderstood:
        return None
