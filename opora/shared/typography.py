"""Russian on the screen: numbers, days, durations and names as a careful typist would set them. Pure functions."""

from datetime import date, datetime, timedelta
from decimal import Decimal

NBSP = "\u00a0"
THIN = "\u202f"  # narrow and unbreakable
MINUTE, HOUR, DAY = 60, 3600, 86400


def plural(number: int, one: str, few: str, many: str) -> str:
    """Return the form of a noun that agrees with ``number``.

    >>> [plural(n, "запись", "записи", "записей") for n in (1, 3, 5, 11, 21, 112)]
    ['запись', 'записи', 'записей', 'записей', 'запись', 'записей']
    """
    tens, ones = abs(number) % 100, abs(number) % 10
    if 11 <= tens <= 14:
        return many
    return one if ones == 1 else few if 2 <= ones <= 4 else many


def counted(number: int, one: str, few: str, many: str) -> str:
    """Return the number with its noun.

    >>> counted(2641342, "запись", "записи", "записей").replace(THIN, " ").replace(NBSP, " ")
    '2 641 342 записи'
    """
    return f"{thousands(number)}{NBSP}{plural(number, one, few, many)}"


def thousands(number: float | Decimal) -> str:
    """Return a number with thin spaces and a decimal comma; four digits stay together.

    >>> thousands(2641342).replace(THIN, "_"), thousands(1985), thousands(Decimal("-12345.50")).replace(THIN, "_")
    ('2_641_342', '1985', '−12_345,50')
    """
    whole, _, part = f"{abs(number):f}".partition(".") if isinstance(number, Decimal) else _split(abs(number))
    grouped = f"{int(whole):,}".replace(",", THIN) if len(whole) > 4 else whole
    return ("−" if number < 0 else "") + grouped + (f",{part}" if part else "")


def about(number: int) -> str:
    """Return an estimate: «около 2,6 млн», never more precise than it is.

    >>> [about(n).replace(NBSP, " ") for n in (7, 340, 48_712, 2_641_342)]
    ['около 7', 'около 340', 'около 49 тыс.', 'около 2,6 млн']
    """
    if number < 1000:
        shown = str(round(number, -1)) if number >= 100 else str(number)
    elif number < 1_000_000:
        shown = f"{_short(number / 1000)}{NBSP}тыс."
    else:
        shown = f"{_short(number / 1_000_000)}{NBSP}млн"
    return f"около{NBSP}{shown}"


def day(moment: date) -> str:
    """Return «14.03.1985»; years before 1000 keep four digits.

    >>> day(date(1985, 3, 14))
    '14.03.1985'
    """
    return f"{moment:%d.%m}.{moment.year:04d}"


def moment(value: datetime) -> str:
    """Return «14.03.2026 15:20» of a local moment."""
    return f"{day(value)}{NBSP}{value:%H:%M}"


def near_day(value: date, today: date) -> str:
    """Return a day as people say it when it is near.

    >>> [near_day(date(2026, 3, d), date(2026, 3, 14)) for d in (13, 14, 15, 20)]
    ['вчера', 'сегодня', 'завтра', '20.03.2026']
    """
    words = {-2: "позавчера", -1: "вчера", 0: "сегодня", 1: "завтра", 2: "послезавтра"}
    return words.get((value - today).days) or day(value)


def near(value: datetime, now: datetime) -> str:
    """Return a moment relative to now where that is easier to feel; both moments are local and aware.

    >>> from datetime import UTC
    >>> now = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
    >>> def say(**gap):
    ...     return near(now + timedelta(**gap), now).replace(NBSP, " ")
    >>> say(seconds=20), say(minutes=-5), say(hours=2), say(hours=-20), say(days=9)
    ('сейчас', '5 мин назад', 'через 2 ч', 'вчера в 16:00', '23.03.2026 12:00')
    """
    gap = (value - now).total_seconds()
    if abs(gap) < MINUTE:
        return "сейчас"
    if abs(gap) < 6 * HOUR:
        size = int(abs(gap))
        words = f"{size // HOUR}{NBSP}ч" if size >= HOUR else f"{size // MINUTE}{NBSP}мин"
        return f"через{NBSP}{words}" if gap > 0 else f"{words} назад"
    if abs((value.date() - now.date()).days) <= 1:
        return f"{near_day(value.date(), now.date())} в{NBSP}{value:%H:%M}"
    return moment(value)


def duration(span: timedelta) -> str:
    """Return the two largest parts of a duration in words.

    >>> spans = timedelta(seconds=42), timedelta(minutes=65), timedelta(days=2, hours=3)
    >>> [duration(span).replace(NBSP, " ") for span in spans]
    ['42 секунды', '1 час 5 минут', '2 дня 3 часа']
    """
    seconds = abs(int(span.total_seconds()))
    days, seconds = divmod(seconds, DAY)
    hours, seconds = divmod(seconds, HOUR)
    minutes, seconds = divmod(seconds, MINUTE)
    parts = [
        counted(number, *forms)
        for number, forms in (
            (days, ("день", "дня", "дней")),
            (hours, ("час", "часа", "часов")),
            (minutes, ("минута", "минуты", "минут")),
            (seconds, ("секунда", "секунды", "секунд")),
        )
        if number
    ]
    return " ".join(parts[:2]) or f"0{NBSP}секунд"


def clock(span: timedelta) -> str:
    """Return a running clock: «00:42», «1:05:09».

    >>> clock(timedelta(seconds=42)), clock(timedelta(hours=1, minutes=5, seconds=9))
    ('00:42', '1:05:09')
    """
    minutes, seconds = divmod(max(0, int(span.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def masked(number: str) -> str:
    """Return the last four signs behind dots.

    >>> masked("7754320889001236"), masked("")
    ('•••• 1236', '')
    """
    return f"••••{NBSP}{number[-4:]}".replace(NBSP, " ") if number else ""


def masked_address(text: str) -> str:
    """Return an e-mail address with the first sign of its name alone, anything else by its last four signs.

    >>> masked_address("polina@example.ru"), masked_address("775432088")
    ('p•••@example.ru', '•••• 2088')
    """
    name, _, host = text.partition("@")
    return f"{name[:1]}•••@{host}" if host else masked(text)


def initials(full_name: str) -> str:
    """Return «Фамилия И. О.» of a full name written surname first.

    >>> initials("Иванов Пётр Сергеевич").replace(NBSP, " "), initials("Ким").replace(NBSP, " ")
    ('Иванов П. С.', 'Ким')
    """
    surname, *given = full_name.split() or [""]
    return NBSP.join([surname, *(f"{name[0]}." for name in given[:2])])


def quoted(text: str) -> str:
    """Return the text in Russian quotes; quotes inside become „…“.

    >>> quoted("Полис: где получить"), quoted("Касса «Заря»")
    ('«Полис: где получить»', '«Касса „Заря“»')
    """
    return f"«{text.replace('«', '„').replace('»', '“')}»"


def size(octets: int) -> str:
    """Return the size of a file.

    >>> size(512).replace(NBSP, " "), size(5_360_000).replace(NBSP, " ")
    ('512 Б', '5,4 МБ')
    """
    amount = float(octets)
    for unit in ("Б", "КБ", "МБ"):
        if amount < 1000:
            return f"{_short(amount)}{NBSP}{unit}"
        amount /= 1000
    return f"{_short(amount)}{NBSP}ГБ"


def _short(amount: float) -> str:
    return f"{amount:.1f}".rstrip("0").rstrip(".").replace(".", ",") if amount < 10 else f"{amount:.0f}"


def _split(number: float) -> tuple[str, str, str]:
    if isinstance(number, int):
        return str(number), "", ""
    return f"{number:.2f}".rstrip("0").rstrip(".").partition(".")
