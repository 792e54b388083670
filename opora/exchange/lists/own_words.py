"""Words of our own list: headings of its columns and what may stand under them, in the writings people use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.db.models import TextChoices

from opora.informing.words import Channel, Measure, Outcome, Purpose, Reason, Sequence

# field → its heading as we print it, then other writings of it
HEADINGS: dict[str, tuple[str, ...]] = {
    "key": ("№ записи", "№", "№ п/п", "номер", "номер записи", "id"),
    "surname": ("Фамилия",),
    "given_name": ("Имя",),
    "patronymic": ("Отчество",),
    "full_name": ("ФИО", "Ф.И.О.", "Фамилия, имя, отчество", "Застрахованный", "Пациент"),
    "birth_on": ("Дата рождения", "ДР", "Д.р.", "Дата рожд.", "Родился"),
    "sex": ("Пол",),
    "enp": ("ЕНП", "Полис", "Номер полиса", "Полис ОМС", "№ полиса"),
    "snils": ("СНИЛС",),
    "phone": ("Телефон", "Телефоны", "Тел.", "Мобильный телефон", "Моб. телефон", "Сотовый", "Контактный телефон"),
    "phone_2": ("Телефон 2", "Домашний телефон", "Дом. телефон", "Другой телефон"),
    "email": ("Почта", "E-mail", "Email", "Электронная почта", "Эл. почта"),
    "address": ("Адрес", "Адрес проживания"),
    "insurer": ("Код СМО", "СМО", "Страховая", "Код страховой"),
    "provider": ("Код МО", "МО", "Код клиники", "Код медицинской организации", "Поликлиника", "ЛПУ"),
    "measure": ("Мероприятие", "Повод", "Вид мероприятия", "Повод информирования", "Вид осмотра"),
    "year": ("Год", "Год плана"),
    "quarter": ("Квартал",),
    "month": ("Месяц", "Месяц плана"),
    "inform_by": ("Информировать до", "Срок информирования"),
    "visit_from": ("Прийти с", "Дата явки с", "Явка с"),
    "visit_to": ("Прийти до", "Прийти по", "Дата явки по", "Явка до"),
    "sequence": ("Первичное или повторное", "Первично/повторно", "Кратность"),
    "note": ("Комментарий", "Примечание", "Комментарий к записи"),
    "informed_on": ("Дата информирования", "Информирован", "Дата контакта"),
    "channel": ("Способ информирования", "Способ", "Канал", "Чем информирован"),
    "purpose": ("Зачем обращались", "Цель"),
    "outcome": ("Результат", "Результат информирования", "Итог разговора"),
    "reason": ("Почему не пришёл", "Причина", "Причина отказа"),
    "talk_note": ("Комментарий к разговору",),
    "visited_on": ("Пришёл", "Дата посещения", "Дата прохождения", "Прошёл", "Дата явки"),
    "visit_result": ("Итог посещения", "Группа здоровья"),
}
WORDS: dict[str, tuple[type[TextChoices], Mapping[str, tuple[str, ...]]]] = {
    "measure": (
        Measure,
        {
            Measure.CHECKUP: ("профосмотр", "медосмотр", "пмо", "опв", "проф осмотр"),
            Measure.SCREENING: ("диспансеризация", "дв4", "двн", "диспансеризация 1 этап", "1 этап", "i этап"),
            Measure.SCREENING_2: ("дв2", "диспансеризация 2 этап", "2 этап", "ii этап"),
            Measure.EXTENDED: ("уд", "углубленная"),
            Measure.FERTILITY: ("рз", "репродуктивное", "диспансеризация репродуктивного здоровья"),
            Measure.OBSERVATION: ("дн", "дн1", "д учет", "диспансерный учет", "наблюдение"),
            Measure.HOSPITAL: ("госпитализация",),
        },
    ),
    "channel": (
        Channel,
        {
            Channel.SMS: ("sms", "сообщение"),
            Channel.MESSENGER: ("viber", "вайбер", "whatsapp", "telegram", "телеграм", "макс", "max"),
            Channel.EMAIL: ("e mail", "email", "эл почта", "электронное письмо"),
            Channel.CALL: ("телефон", "тел", "по телефону", "телефонный звонок"),
            Channel.ROBOT: ("робот", "автообзвон"),
            Channel.LETTER: ("почта", "почтой", "письмом"),
            Channel.VISIT: ("обход", "на дому", "поквартирный обход"),
            Channel.AT_INSURER: ("лично", "лично в смо"),
            Channel.AT_CLINIC: ("лично в мо", "в поликлинике"),
            Channel.PRINT: ("брошюра", "листовка"),
            Channel.PORTAL: ("епгу", "личный кабинет"),
            Channel.OTHER: ("прочее", "иное"),
        },
    ),
    "purpose": (
        Purpose,
        {Purpose.ASK_WHY: ("опрос",), Purpose.INVITE: ("пригласить",), Purpose.REMIND: ("напомнить",)},
    ),
    "outcome": (
        Outcome,
        {
            Outcome.ANSWERED: ("дозвонились", "информирован", "поговорил"),
            Outcome.PROMISED: ("придет", "планирует", "обещала прийти"),
            Outcome.PASSED: ("прошел", "прошла", "уже прошла"),
            Outcome.REFUSED: ("отказ", "отказался", "отказалась"),
            Outcome.NO_ANSWER: ("не отвечает", "не берет трубку", "недозвон"),
            Outcome.WRONG_NUMBER: ("неверный номер", "номер не существует"),
            Outcome.FOREIGN_PERSON: ("ошиблись номером", "другой человек"),
        },
    ),
    "reason": (Reason, {}),
    "sequence": (
        Sequence,
        {
            Sequence.FIRST: ("1", "первично", "первое", "первичный", "первичная"),
            Sequence.REPEAT: ("2", "повторно", "повтор", "повторный", "повторная"),
        },
    ),
}
SEXES = {"м": "1", "муж": "1", "мужской": "1", "1": "1", "ж": "2", "жен": "2", "женский": "2", "2": "2"}
QUARTERS = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


def plain(text: str) -> str:
    """Return a text as headings and words are compared: small letters, ё as е, signs as blanks.

    >>> plain(" Первично/Повторно "), plain("Д.р."), plain("№ п/п")
    ('первично повторно', 'д р', '№ п п')
    """
    return " ".join(re.sub(r"[^\w№]+", " ", text.casefold().replace("ё", "е")).split())


def _by_plain(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text, meaning in pairs:
        found.setdefault(plain(text), meaning)
    return found


FIELD_OF = _by_plain((heading, field) for field, headings in HEADINGS.items() for heading in headings)
MEANING = {
    field: _by_plain(
        [(text, member.value) for member in words for text in (str(member.label), member.value)]
        + [(text, str(member)) for member, texts in others.items() for text in texts]
    )
    for field, (words, others) in WORDS.items()
}


def heading_of(field: str) -> str:
    return HEADINGS[field][0]


def labels_of(field: str) -> list[str]:
    """Return the words of a column as we print them."""
    return [str(member.label) for member in WORDS[field][0]]
