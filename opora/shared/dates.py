"""Days as people type them: `14.03.1985`, `140385`, «14 марта 85», «вчера» — and as we print them."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 1880, 2199
WORDS = {"позавчера": -2, "вчера": -1, "сегодня": 0, "завтра": 1, "послезавтра": 2}
MONTHS = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
IN_MONTH = (
    "январе", "феврале", "марте", "апреле", "мае", "июне",
    "июле", "августе", "сентябре", "октябре", "ноябре", "декабре",
)  # fmt: skip
STEMS = {name[:3]: number for number, name in enumerate(MONTHS, 1)} | {"мая": 5, "мае": 5}

YEAR_WORD = re.compile(r"(?<=\d)\s*(?:г\.?|год[а-я]*)?\s*(?:р\.?|рожд[а-я]*\.?)?$")
DAY_FIRST = re.compile(r"(\d{1,2})[\s./,\-]+(\d{1,2})[\s./,\-]+(\d{4}|\d{2})")
YEAR_FIRST = re.compile(r"(\d{4})[\s./,\-]+(\d{1,2})[\s./,\-]+(\d{1,2})(?:t00:00(?::00)?)?")
DAY_MONTH_NAME = re.compile(r"(\d{1,2})[\s./,\-]*([а-я]{3,8})\.?[\s./,\-]*(\d{4}|\d{2})")
MONTH_YEAR = re.compile(r"(\d{1,2})[\s./,\-]+(\d{4})")
YEAR_MONTH = re.compile(r"(\d{4})[\s./,\-]+(\d{1,2})")
MONTH_NAME_YEAR = re.compile(r"([а-я]{3,8})[\s./,\-]*(\d{4})")


class DayNotUnderstood(ValueError):
    """The text is no day; the sentence says why and how to write it."""


@dataclass(frozen=True, slots=True)
class Days:
    """A span of days, both ends inside it."""

    first: date
    last: date

    @property
    def is_one_day(self) -> bool:
        return self.first == self.last


def parse_day(text: str, *, today: date) -> date:
    """Return the day a person has typed; two digits of a year mean the latest such day that is not in the future.

    >>> today = date(2026, 3, 2)
    >>> [parse_day(text, today=today).isoformat() for text in ("14.3.85", "140385", "1985-03-14", "вчера", "14.03.26")]
    ['1985-03-14', '1985-03-14', '1985-03-14', '2026-03-01', '1926-03-14']
    >>> parse_day("31.02.1985", today=today)
    Traceback (most recent call last):
    opora.shared.dates.DayNotUnderstood: Даты 31.02.1985 нет: в феврале 1985 года 28 дней

    Raises DayNotUnderstood.
    """
    plain = _plain(text)
    if plain in WORDS:
        return today + timedelta(days=WORDS[plain])
    numbers = _numbers(plain)
    if numbers is None:
        raise DayNotUnderstood(f"«{text.strip()[:40]}» не похоже на дату. Напишите, например, 14.03.1985")
    day, month, year = numbers
    if len(year) == 2:
        return _latest(day, month, int(year), today)
    return _day(day, month, int(year))


def parse_birth_day(text: str, *, today: date) -> Days:
    """Return the span of birth days a text means: a day, a month («03.1985») or a year («1985»).

    >>> span = parse_birth_day("март 1985", today=date(2026, 3, 2))
    >>> span.first.isoformat(), span.last.isoformat()
    ('1985-03-01', '1985-03-31')

    Raises DayNotUnderstood, also for a birth date in the future.
    """
    span = _partial(_plain(text))
    if span is None:
        day = parse_day(text, today=today)
        span = Days(day, day)
    if span.first > today:
        raise DayNotUnderstood("Дата рождения не может быть в будущем")
    return span


def show(day: date) -> str:
    """Return the day as it is printed.

    >>> show(date(1985, 3, 14))
    '14.03.1985'
    """
    return f"{day:%d.%m}.{day.year:04d}"


def _plain(text: str) -> str:
    plain = " ".join(text[:100].lower().replace("ё", "е").replace("−", "-").replace("–", "-").split())
    return YEAR_WORD.sub("", plain.strip(" .,;"))


def _numbers(plain: str) -> tuple[int, int, str] | None:
    """Return day, month and the year as typed (two or four digits)."""
    if not plain.isascii() and not re.fullmatch(r"[0-9а-я\s./,\-]+", plain):
        return None
    if found := DAY_FIRST.fullmatch(plain):
        return int(found[1]), int(found[2]), found[3]
    if found := YEAR_FIRST.fullmatch(plain):
        return int(found[3]), int(found[2]), found[1]
    if (found := DAY_MONTH_NAME.fullmatch(plain)) and (month := _month(found[2])):
        return int(found[1]), month, found[3]
    if re.fullmatch(r"\d{6}", plain):
        return int(plain[:2]), int(plain[2:4]), plain[4:]
    if re.fullmatch(r"\d{8}", plain):
        if int(plain[4:]) < FIRST_YEAR <= int(plain[:4]) <= LAST_YEAR:
            return int(plain[6:]), int(plain[4:6]), plain[:4]
        return int(plain[:2]), int(plain[2:4]), plain[4:]
    return None


def _month(word: str) -> int | None:
    number = STEMS.get(word[:3])
    if number is None:
        return None
    stem = MONTHS[number - 1].rstrip("ьй")
    return number if word.startswith(stem) or stem.startswith(word) or word in {"мая", "мае", "май"} else None


def _partial(plain: str) -> Days | None:
    if re.fullmatch(r"[0-9]{4}", plain) and FIRST_YEAR <= int(plain) <= LAST_YEAR:
        return Days(date(int(plain), 1, 1), date(int(plain), 12, 31))
    month, year = 0, 0
    if found := MONTH_YEAR.fullmatch(plain):
        month, year = int(found[1]), int(found[2])
    elif found := YEAR_MONTH.fullmatch(plain):
        month, year = int(found[2]), int(found[1])
    elif found := MONTH_NAME_YEAR.fullmatch(plain):
        month, year = _month(found[1]) or 0, int(found[2])
    if not (1 <= month <= 12 and FIRST_YEAR <= year <= LAST_YEAR):
        return None
    return Days(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _latest(day: int, month: int, two_digits: int, today: date) -> date:
    """Return the day of the latest century that exists and is not after today."""
    century = today.year // 100 * 100
    fault: DayNotUnderstood | None = None
    for year in (century + two_digits, century - 100 + two_digits):
        if year > today.year:
            continue
        try:
            found = _day(day, month, year)
        except DayNotUnderstood as error:
            fault = fault or error
            continue
        if found <= today:
            return found
    raise fault or DayNotUnderstood("Год напишите четырьмя цифрами, например 14.03.1985")


def _day(day: int, month: int, year: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DayNotUnderstood(f"Год {year} не подходит: нужен от {FIRST_YEAR} до {LAST_YEAR}")
    if not 1 <= month <= 12:
        raise DayNotUnderstood(f"Месяца {month} нет: после дня пишут месяц от 1 до 12, например 14.03.1985")
    longest = calendar.monthrange(year, month)[1]
    if not 1 <= day <= longest:
        written = f"{day:02d}.{month:02d}.{year}"
        raise DayNotUnderstood(f"Даты {written} нет: в {IN_MONTH[month - 1]} {year} года {_count(longest)}")
    return date(year, month, day)


def _count(days: int) -> str:
    return f"{days} день" if days == 31 else f"{days} дней"
