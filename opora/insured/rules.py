"""Decisions about a card without a database: age, periods, what is wrong with a name or a number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from opora.shared import enp as enps
from opora.shared import snils as snils_numbers
from opora.shared.names import mixed_alphabet, unmix
from opora.shared.typography import counted

OLDEST = 125  # assumed: nobody is known to have lived longer than 122 years

LANGUAGES = {
    "ru": "русский", "tt": "татарский", "ba": "башкирский", "cv": "чувашский", "ce": "чеченский", "av": "аварский",
    "sah": "якутский", "tyv": "тувинский", "bua": "бурятский", "kk": "казахский", "uz": "узбекский", "tg": "таджикский",
    "ky": "киргизский", "hy": "армянский", "az": "азербайджанский", "uk": "украинский", "be": "белорусский",
    "zh": "китайский", "en": "английский", "rsl": "русский жестовый",
}  # fmt: skip

TIME_ZONES = {
    "Europe/Kaliningrad": "Калининград, МСК−1", "Europe/Moscow": "Москва, МСК", "Europe/Samara": "Самара, МСК+1",
    "Asia/Yekaterinburg": "Екатеринбург, МСК+2", "Asia/Omsk": "Омск, МСК+3", "Asia/Novosibirsk": "Новосибирск, МСК+4",
    "Asia/Barnaul": "Барнаул, МСК+4", "Asia/Tomsk": "Томск, МСК+4", "Asia/Krasnoyarsk": "Красноярск, МСК+4",
    "Asia/Irkutsk": "Иркутск, МСК+5", "Asia/Yakutsk": "Якутск, МСК+6", "Asia/Vladivostok": "Владивосток, МСК+7",
    "Asia/Magadan": "Магадан, МСК+8", "Asia/Sakhalin": "Сахалин, МСК+8", "Asia/Kamchatka": "Камчатка, МСК+9",
}  # fmt: skip

# What an operator should do differently in the talk; a category without a line only gives rights.
IN_TALK = {
    "hard_of_hearing": "плохо слышит: говорите громче и медленнее, предложите СМС",
    "low_vision": "плохо видит: всё важное скажите вслух, не отсылайте к сайту",
    "limited_mobility": "трудно ходить: предложите вызов на дом или ближайшую площадку",
    "lonely": "одиноко проживает: спросите, кто поможет добраться",
    "disabled_1": "инвалид I группы: спросите, нужен ли сопровождающий",
    "disabled_child": "ребёнок-инвалид: говорите с законным представителем",
    "war_veteran": "ветеран войны: принимают вне очереди",
    "combat_veteran": "ветеран боевых действий: принимают вне очереди",
    "war_invalid": "инвалид войны: принимают вне очереди",
    "combat_invalid": "инвалид боевых действий: принимают вне очереди",
    "siege_survivor": "житель блокадного Ленинграда: принимают вне очереди",
}


def age(birth_on: date, on: date) -> int:
    """Return full years; somebody born on 29 February grows older on 1 March of a common year.

    >>> age(date(1985, 3, 14), date(2026, 3, 13)), age(date(1985, 3, 14), date(2026, 3, 14))
    (40, 41)
    """
    return on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))


def age_words(birth_on: date, on: date) -> str:
    """Return the age as it is said; months for the smallest.

    >>> born = date(1985, 3, 14), date(2025, 9, 20), date(2026, 3, 1)
    >>> [age_words(day, date(2026, 3, 14)).replace(chr(160), " ") for day in born]
    ['41 год', '5 месяцев', '13 дней']
    """
    years = age(birth_on, on)
    if years >= 2:
        return counted(years, "год", "года", "лет")
    months = (on.year - birth_on.year) * 12 + on.month - birth_on.month - (on.day < birth_on.day)
    if months >= 1:
        return counted(months, "месяц", "месяца", "месяцев")
    return counted((on - birth_on).days, "день", "дня", "дней")


@dataclass(frozen=True, slots=True)
class Period:
    """Days both inclusive; ``until`` None — still."""

    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def overlaps(self, other: Period) -> bool:
        return (self.until is None or other.since <= self.until) and (other.until is None or self.since <= other.until)


def day_before(day: date) -> date:
    return day - timedelta(days=1)


def birth_fault(birth_on: date, today: date) -> str:
    """Return what is impossible about a birth date, or nothing."""
    if birth_on > today:
        return "Дата рождения не может быть в будущем"
    if age(birth_on, today) > OLDEST:
        return f"Получается больше {OLDEST} лет. Проверьте год рождения"
    return ""


def name_doubts(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return a sentence for each ``(field, name)`` that mixes alphabets.

    >>> name_doubts([("surname", "Ивaнов"), ("given_name", "Пётр")])
    {'surname': 'Латинская буква «a» на месте 3, вероятно, нужна «а» другого алфавита. Верно будет «Иванов»'}
    """
    doubts = {}
    for field, name in names:
        if intruders := mixed_alphabet(name):
            doubts[field] = f"{'; '.join(str(letter) for letter in intruders)}. Верно будет «{unmix(name)}»"
    return doubts


def number_doubts(*, enp: str | None, snils: str | None) -> dict[str, str]:
    """Return a sentence for each number whose control digits do not hold."""
    doubts = {}
    if enp and not enps.is_valid(enp):
        doubts["enp"] = f"Последняя цифра ЕНП не сходится: к первым пятнадцати подходит {enps.check_digit(enp[:-1])}"
    if snils and not snils_numbers.is_valid(snils):
        doubts["snils"] = f"Две последние цифры СНИЛС не сходятся: нужны {snils_numbers.control(snils[:9])}"
    return doubts
