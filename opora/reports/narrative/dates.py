"""How a period is called: «в августе 2025 года», «за I квартал 2025 года», «с январём – августом 2024 года»."""

import calendar
from dataclasses import dataclass
from datetime import date
from typing import Self

from opora.shared.typography import NBSP

MONTHS = (
    ("январь", "января", "январе", "январём"),
    ("февраль", "февраля", "феврале", "февралём"),
    ("март", "марта", "марте", "мартом"),
    ("апрель", "апреля", "апреле", "апрелем"),
    ("май", "мая", "мае", "маем"),
    ("июнь", "июня", "июне", "июнем"),
    ("июль", "июля", "июле", "июлем"),
    ("август", "августа", "августе", "августом"),
    ("сентябрь", "сентября", "сентябре", "сентябрём"),
    ("октябрь", "октября", "октябре", "октябрём"),
    ("ноябрь", "ноября", "ноябре", "ноябрём"),
    ("декабрь", "декабря", "декабре", "декабрём"),
)
QUARTERS = ("I", "II", "III", "IV")
BETWEEN = f"{NBSP}– "


@dataclass(frozen=True, slots=True)
class Called:
    """A period in the cases a sentence wants: «за …», when, «сравнение …», and in days: «с 1 по 31 августа 2025 года».

    >>> words = Called.of(date(2025, 8, 1), date(2025, 8, 31))
    >>> words.during, words.when, words.beside, words.days
    ('август 2025 года', 'в августе 2025 года', 'с августом 2025 года', 'с 1 по 31 августа 2025 года')
    >>> Called.of(date(2025, 4, 1), date(2025, 6, 30)).when, Called.of(date(2025, 1, 1), date(2025, 12, 31)).when
    ('во II квартале 2025 года', 'в 2025 году')
    >>> Called.of(date(2025, 1, 1), date(2025, 8, 31)).beside.replace(NBSP, " ")
    'с январём – августом 2025 года'
    """

    during: str
    when: str
    beside: str
    days: str

    @classmethod
    def of(cls, since: date, until: date, *, is_former: bool = False) -> Self:
        """``is_former``: the year before; a period of days is then «те же дни 2024 года»."""
        year = since.year
        days = _days(since, until)
        if since.day != 1 or until.day != calendar.monthrange(year, until.month)[1]:
            if is_former and since == until:
                return cls(f"тот же день {year} года", f"в тот же день {year} года", f"с тем же днём {year} года", days)
            if is_former:
                return cls(f"те же дни {year} года", f"в те же дни {year} года", f"с теми же днями {year} года", days)
            return cls(days if since == until else f"период {days}", days, f"с периодом {days}", days)
        first, last = since.month, until.month
        if first == last:
            nominative, _, prepositional, instrumental = MONTHS[first - 1]
            names = nominative, f"в {prepositional}", f"с {instrumental}"
        elif (first, last) == (1, 12):
            return cls(f"{year} год", f"в {year} году", f"с {year} годом", days)
        elif (first, last) == (1, 6):
            names = "первое полугодие", "в первом полугодии", "с первым полугодием"
        elif last - first == 2 and last % 3 == 0:
            names = _quarter(last // 3)
        else:
            (from_, _, in_, with_), (to, _, to_in, to_with) = MONTHS[first - 1], MONTHS[last - 1]
            names = f"{from_}{BETWEEN}{to}", f"в {in_}{BETWEEN}{to_in}", f"с {with_}{BETWEEN}{to_with}"
        during, when, beside = (f"{name} {year} года" for name in names)
        return cls(during, when, beside, days)


def year_before(day: date) -> date:
    """Return the same day of the year before; the end of February stays the end of February.

    >>> year_before(date(2025, 2, 28)), year_before(date(2024, 2, 29))
    (datetime.date(2024, 2, 29), datetime.date(2023, 2, 28))
    """
    last = calendar.monthrange(day.year, day.month)[1]
    last_before = calendar.monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, last_before if day.day == last else min(day.day, last_before))


def _quarter(number: int) -> tuple[str, str, str]:
    name = QUARTERS[number - 1]
    return (
        f"{name} квартал",
        f"{'во' if number == 2 else 'в'} {name} квартале",
        f"{'со' if number == 2 else 'с'} {name} кварталом",
    )


def _days(since: date, until: date) -> str:
    genitive = [MONTHS[day.month - 1][1] for day in (since, until)]
    if since == until:
        return f"{since.day} {genitive[0]} {since.year} года"
    head = f"с {since.day}" if since.month == until.month else f"с {since.day} {genitive[0]}"
    return f"{head} по {until.day} {genitive[1]} {until.year} года"
