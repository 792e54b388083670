"""When a place is open: reading a day as people type it, a week in one line, «открыто, закроется через 2 ч».

No database and no clock in here: a week is a tuple of seven days from Monday, a day is a tuple of intervals, a moment
comes as an argument. Time is the place's own: the caller says in which zone.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

MIDNIGHT = 24 * 60
DAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
# «открыто» begins such a sentence on every screen: in the accusative, as in «откроется в среду»
ON_DAYS = ("в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу", "в воскресенье")

_CLOSED = {"", "-", "–", "—", "выходной", "вых", "нет", "закрыто"}
_ROUND = {"круглосуточно", "24", "24ч", "24/7", "24часа"}
_TIME = r"(\d{1,2})(?:[:.\-ч](\d{2}))?"
_SPAN = re.compile(rf"^(?:с)?{_TIME}(?:-|до){_TIME}$")
_BEGINNINGS = {
    "пн": 0,
    "по": 0,
    "вт": 1,
    "ср": 2,
    "чт": 3,
    "че": 3,
    "пт": 4,
    "пя": 4,
    "сб": 5,
    "су": 5,
    "вс": 6,
    "во": 6,
}
_LIKE = re.compile(rf"^(?:как|=)(?:в|во)?({'|'.join(_BEGINNINGS)})[а-я]*$")
_BREAK = re.compile(r"^(?:обед|перерыв)(.+)$")


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Minutes of a day, half-open; ``closes`` 1440 is midnight."""

    opens: int
    closes: int

    @classmethod
    def of(cls, opens_at: time, closes_at: time) -> "Interval":
        """Return the interval of two clock times; closing at 00:00 means the end of the day."""
        return cls(_minutes(opens_at), _minutes(closes_at) or MIDNIGHT)

    @property
    def opens_at(self) -> time:
        return _time(self.opens)

    @property
    def closes_at(self) -> time:
        return _time(self.closes % MIDNIGHT)

    def __str__(self) -> str:
        return f"{_clock(self.opens)}–{_clock(self.closes)}"


type Day = tuple[Interval, ...]
type Week = tuple[Day, ...]

ROUND_THE_CLOCK: Day = (Interval(0, MIDNIGHT),)
NO_HOURS: Week = ((),) * 7
ALWAYS: Week = (ROUND_THE_CLOCK,) * 7
OFFICE: Day = (Interval(9 * 60, 18 * 60),)
OFFICE_WEEK: Week = (OFFICE,) * 5 + ((), ())  # assumed for those whose hours nobody has typed
AHEAD = 15  # days: the longest holidays are ten


def parse_day(text: str) -> Day:
    """Return the intervals of one day as a person writes them.

    >>> [str(part) for part in parse_day("8-20, обед 13-14")]
    ['8:00–13:00', '14:00–20:00']
    >>> [str(part) for part in parse_day("08.30–12.00; 13.00–17.15")]
    ['8:30–12:00', '13:00–17:15']
    >>> parse_day("круглосуточно") == ROUND_THE_CLOCK, parse_day("выходной")
    (True, ())

    Raises ValueError with a sentence.
    """
    squeezed = re.sub(r"[\s\u00a0]+", "", text.lower()).replace("–", "-").replace("—", "-").rstrip(".")
    if squeezed in _CLOSED:
        return ()
    if squeezed in _ROUND:
        return ROUND_THE_CLOCK
    squeezed = re.sub(r"(?<=\d)(?=обед|перерыв)", ",", squeezed)
    work, breaks = [], []
    for part in filter(None, re.split(r"[,;и]", squeezed)):
        if found := _BREAK.match(part):
            breaks.append(_span(found[1], text))
        else:
            work.append(_span(part, text))
    for pause in breaks:
        work = [piece for span in work for piece in _without(span, pause)]
    work.sort()
    if any(later.opens < former.closes for former, later in pairwise(work)):
        raise ValueError(f"Часы перекрываются: «{text.strip()}».")
    return tuple(work)


def parse_week(lines: Sequence[str]) -> Week:
    """Return the week of seven texts; a day may say «как в пн». Raises WeekUnclear with a sentence for each bad day."""
    days: list[Day | None] = []
    faults: dict[int, str] = {}
    for number, line in enumerate(lines):
        try:
            days.append(None if _same_as(line) is not None else parse_day(line))
        except ValueError as fault:
            faults[number] = str(fault)
            days.append(())
    for number, line in enumerate(lines):
        if days[number] is None:
            source = days[_same_as(line) or 0]
            if source is None:
                faults[number] = "День, на который вы ссылаетесь, сам ссылается на другой."
            days[number] = source or ()
    if faults:
        raise WeekUnclear(faults)
    return tuple(day or () for day in days)


class WeekUnclear(ValueError):
    """Sentences by the number of the day, Monday is 0."""

    def __init__(self, faults: dict[int, str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults.values()))


def day_text(day: Day) -> str:
    """Return a day as it is read and typed back.

    >>> day_text(parse_day("8-13, 14-20")), day_text(()), day_text(ROUND_THE_CLOCK)
    ('8:00–20:00, перерыв 13:00–14:00', 'выходной', 'круглосуточно')
    """
    if not day:
        return "выходной"
    if day == ROUND_THE_CLOCK:
        return "круглосуточно"
    gaps = [str(Interval(former.closes, later.opens)) for former, later in pairwise(day)]
    pauses = f", перерыв {' и '.join(gaps)}" if gaps else ""
    return f"{Interval(day[0].opens, day[-1].closes)}{pauses}"


def week_lines(week: Week) -> list[tuple[str, str]]:
    """Return neighbouring equal days as one line; an unknown week gives nothing.

    >>> for line in week_lines((*[parse_day("8-20")] * 5, parse_day("9-14"), ())): print(*line)
    пн–пт 8:00–20:00
    сб 9:00–14:00
    вс выходной
    """
    if not any(week):
        return []
    if all(day == ROUND_THE_CLOCK for day in week):
        return [("каждый день", "круглосуточно")]
    lines = []
    for _, group in groupby(range(7), key=lambda number: week[number]):
        numbers = list(group)
        first, last = DAYS[numbers[0]], DAYS[numbers[-1]]
        name = first if first == last else f"{first}, {last}" if len(numbers) == 2 else f"{first}–{last}"
        lines.append(("каждый день" if len(numbers) == 7 else name, day_text(week[numbers[0]])))
    return lines


def week_text(week: Week) -> str:
    """Return the working days in one line, or nothing for an unknown week.

    >>> week_text((*[parse_day("8-20")] * 5, parse_day("9-14"), ()))
    'пн–пт 8:00–20:00; сб 9:00–14:00'
    """
    return "; ".join(f"{days} {hours}" for days, hours in week_lines(week) if hours != "выходной")


@dataclass(frozen=True, slots=True)
class State:
    """Whether a place is open at a moment. ``until`` is when that ends, local; None — it does not, as far as known."""

    is_open: bool
    until: datetime | None
    now: datetime

    @property
    def words(self) -> str:
        """«открыто, закроется через 2 ч», «закрыто, откроется завтра в 8:00»."""
        if self.until is None:
            return "открыто круглосуточно" if self.is_open else "закрыто"
        verb = "открыто, закроется" if self.is_open else "закрыто, откроется"
        return f"{verb} {_soon(self.until, self.now)}"


def state(week: Week, at: datetime, zone: ZoneInfo) -> State | None:
    """Return whether a place with these hours is open at the moment ``at`` (aware); None for an unknown week.

    Intervals that touch, also over midnight, are one: «пт 9–24, сб 0–2» closes once, on Saturday at two.
    """
    if not any(week):
        return None
    now = at.astimezone(zone)
    if all(day == ROUND_THE_CLOCK for day in week):
        return State(True, None, now)
    for begins, ends in _merged(_moments(week, now.date(), zone)):
        if begins <= now < ends:
            return State(True, ends, now)
        if now < begins:
            return State(False, begins, now)
    return None  # unreachable: a week that has an interval has one in any eight days


def opening(
    week: Week, zone: ZoneInfo, at: datetime, *, works: Callable[[date], bool] = lambda day: True
) -> datetime | None:
    """Return ``at`` while people are at work, else when they begin to be; None when they never are."""
    return first_of(working(week, zone, at.astimezone(zone).date(), works=works), at)


def first_of(spans: Iterable[tuple[datetime, datetime]], at: datetime) -> datetime | None:
    """Return ``at`` within one of the spans, else when the next one begins; None after the last."""
    return next((max(at, begins) for begins, ends in spans if at < ends), None)


def working(
    week: Week,
    zone: ZoneInfo,
    first: date,
    *,
    works: Callable[[date], bool] = lambda day: True,
    instead: Mapping[date, Day] | None = None,
) -> Iterator[tuple[datetime, datetime]]:
    """Yield when people begin to work and when they end, on ``AHEAD`` days from ``first``; spans that touch are one.

    ``works`` says of a day whether the production calendar has it as a working one; it closes week days that are
    holidays, and opens nothing that the week has closed. ``instead`` — hours of single days, whatever the rest says.
    """
    week = OFFICE_WEEK if week == NO_HOURS else week
    days = dict(instead or {})

    def hours(day: date) -> Day:
        is_holiday = week != ALWAYS and day.weekday() < 5 and not works(day)
        return () if is_holiday else week[day.weekday()]

    def spans() -> Iterator[tuple[datetime, datetime]]:
        for day in (first + timedelta(days=ahead) for ahead in range(AHEAD)):
            for part in days[day] if day in days else hours(day):
                begins = datetime.combine(day, part.opens_at, tzinfo=zone)
                last = timedelta(days=1) if part.closes == MIDNIGHT else timedelta()
                yield begins, datetime.combine(day + last, part.closes_at, tzinfo=zone)

    return _merged(spans())


def together(states: Sequence[State]) -> State | None:
    """Return several places as one: open while any is, until the last closes; else closed till the first opens."""
    if opened := [each for each in states if each.is_open]:
        return max(opened, key=lambda each: each.until.timestamp() if each.until else float("inf"))
    return min(states, key=lambda each: each.until.timestamp() if each.until else float("inf"), default=None)


def _moments(week: Week, today: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Intervals from yesterday to nine days ahead as aware moments: wall clock first, zone second."""
    for shift in range(-1, 10):
        day = today + timedelta(days=shift)
        for part in week[day.weekday()]:
            start = datetime.combine(day, time()).replace(tzinfo=zone)
            yield _at(start, part.opens), _at(start, part.closes)


def _at(start: datetime, minutes: int) -> datetime:
    return start + timedelta(minutes=minutes)  # arithmetic of aware datetimes in one zone keeps the wall clock


def _merged(spans: Iterable[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    held: tuple[datetime, datetime] | None = None
    for begins, ends in spans:
        if held and held[1] == begins:
            held = held[0], ends
        else:
            if held:
                yield held
            held = begins, ends
    if held:
        yield held


def _soon(then: datetime, now: datetime) -> str:
    seconds = then.timestamp() - now.timestamp()
    minutes = -int(-seconds // 60)
    if minutes < 60:
        return f"через {minutes} мин"
    if minutes <= 6 * 60:
        hours, rest = divmod(minutes, 60)
        return f"через {hours} ч" + (f" {rest} мин" if rest and hours < 2 else "")
    days = (then.date() - now.date()).days
    clock = f"{then.hour}:{then.minute:02}"
    if days == 0 or (days == 1 and then.time() == time()):
        return f"в {clock}" if days == 0 else "в полночь"
    return f"завтра в {clock}" if days == 1 else f"{ON_DAYS[then.weekday()]} в {clock}"


def _same_as(line: str) -> int | None:
    found = _LIKE.match(re.sub(r"\s+", "", line.lower()))
    return _BEGINNINGS[found[1]] if found else None


def _span(part: str, text: str) -> Interval:
    found = _SPAN.match(part)
    if not found:
        raise ValueError(f"Не понимаем «{text.strip()[:60]}». Пример: 8:00–20:00, перерыв 13:00–14:00.")
    opens, closes = _moment(found[1], found[2]), _moment(found[3], found[4])
    if opens > MIDNIGHT or closes > MIDNIGHT or int(found[2] or 0) > 59 or int(found[4] or 0) > 59:
        raise ValueError(f"Такого времени не бывает: «{text.strip()[:60]}».")
    closes = closes or MIDNIGHT
    if closes <= opens:
        raise ValueError(
            f"«{text.strip()[:60]}» кончается раньше, чем начинается. "
            "Работу за полночь запишите двумя днями: «20–24» и на следующий день «0–8»."
        )
    return Interval(opens, closes)


def _without(span: Interval, pause: Interval) -> list[Interval]:
    if pause.opens <= span.opens or pause.closes >= span.closes:
        if pause.closes <= span.opens or pause.opens >= span.closes:
            return [span]
        raise ValueError("Перерыв должен быть внутри рабочего дня.")
    return [Interval(span.opens, pause.opens), Interval(pause.closes, span.closes)]


def _moment(hours: str, minutes: str | None) -> int:
    return int(hours) * 60 + int(minutes or 0)


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"
