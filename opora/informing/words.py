"""The closed lists of informing in our own words; partners' codes for them are mappings, never keys.

Source: domain handbook 03 §1 and §6, 21 §4–6.
"""

from django.db.models import TextChoices

MONTHS = (
    *("Январь", "Февраль", "Март", "Апрель", "Май", "Июнь"),
    *("Июль", "Август", "Сентябрь", "Октябрь", "Ноябрь", "Декабрь"),
)


class Measure(TextChoices):
    """Повод информирования: what the person is invited to."""

    CHECKUP = "checkup", "Профилактический осмотр"
    SCREENING = "screening", "Диспансеризация, I этап"
    SCREENING_2 = "screening_2", "Диспансеризация, II этап"
    EXTENDED = "extended", "Углублённая диспансеризация"
    FERTILITY = "fertility", "Репродуктивное здоровье"
    OBSERVATION = "observation", "Диспансерное наблюдение"
    HOSPITAL = "hospital", "Плановая госпитализация"


class Purpose(TextChoices):
    """Зачем обращаемся."""

    INVITE = "invite", "Приглашение"
    REMIND = "remind", "Напоминание"
    ASK_WHY = "ask_why", "Опрос: почему не пришли"
    ASK_SATISFACTION = "ask_satisfaction", "Опрос: довольны ли"
    OTHER = "other", "Другое"


class Channel(TextChoices):
    """Способ информирования."""

    SMS = "sms", "СМС"
    MESSENGER = "messenger", "Мессенджер"
    EMAIL = "email", "Электронная почта"
    CALL = "call", "Звонок"
    ROBOT = "robot", "Автоинформатор"
    LETTER = "letter", "Письмо"
    VISIT = "visit", "Адресный обход"
    AT_INSURER = "at_insurer", "Лично в страховой"
    AT_CLINIC = "at_clinic", "Лично в клинике"
    PRINT = "print", "Памятка"
    PORTAL = "portal", "Госуслуги"
    OTHER = "other", "Другое"


class Sequence(TextChoices):
    """Первое или повторное."""

    FIRST = "first", "Первичное"
    REPEAT = "repeat", "Повторное"


class Outcome(TextChoices):
    """Чем кончился контакт. The same list for machines and for talks."""

    DELIVERED = "delivered", "Доставлено"
    READ = "read", "Прочитано"
    ANSWERED = "answered", "Поговорили"
    PROMISED = "promised", "Обещал прийти"
    PASSED = "passed", "Уже прошёл"
    UNDECIDED = "undecided", "Затрудняется"
    REFUSED = "refused", "Отказался от осмотра"
    REFUSED_TALK = "refused_talk", "Отказался разговаривать"
    CALL_LATER = "call_later", "Перезвонить"
    NO_ANSWER = "no_answer", "Нет ответа"
    BUSY = "busy", "Занято"
    WRONG_NUMBER = "wrong_number", "Номер не обслуживается"
    FOREIGN_PERSON = "foreign_person", "Чужой номер"
    UNDELIVERED = "undelivered", "Не доставлено"
    UNKNOWN = "unknown", "Неизвестно, ушло ли"
    RETURNED = "returned", "Письмо вернулось"
    IMPOSSIBLE = "impossible", "Информировать нельзя"
    WITHDRAWN = "withdrawn", "Повод отпал"


class Reason(TextChoices):
    """Почему не пришли. Source: handbook 21 §6, list A."""

    NO_TIME = "no_time", "Нет времени"
    EMPLOYER = "employer", "Не отпускает работодатель"
    AWAY = "away", "Не в городе"
    CARES = "cares", "Ухаживает за близкими"
    LATER = "later", "Пройдёт позже"
    HOURS = "hours", "Неудобные часы клиники"
    FAR = "far", "Клиника далеко"
    LONG = "long", "Долго проходить"
    BAD_CARE = "bad_care", "Раньше помогли плохо"
    RUDE = "rude", "Грубое отношение"
    QUEUES = "queues", "Очереди"
    EQUIPMENT = "equipment", "Нет оборудования"
    NO_TEAM = "no_team", "Нет выездных бригад"
    OBSERVED = "observed", "Под наблюдением врача"
    PREGNANT = "pregnant", "На учёте по беременности"
    AT_WORK = "at_work", "Прошёл осмотр на работе"
    IN_HOSPITAL = "in_hospital", "Недавно был в стационаре"
    OTHER = "other", "Другое"
    UNWILLING = "unwilling", "Не хочет"
    DID_NOT_KNOW = "did_not_know", "Не знал"
    CLINIC_REFUSED = "clinic_refused", "Отказала поликлиника"
    HARD_TO_SAY = "hard_to_say", "Затрудняется"


class EntryState(TextChoices):
    """Что стало со строкой списка."""

    MATCHED = "matched", "Человек найден"
    UNMATCHED = "unmatched", "Не найден"
    AMBIGUOUS = "ambiguous", "Подходят несколько"
    DISMISSED = "dismissed", "Отклонена"
    NOTED = "noted", "Записано"


class Told(TextChoices):
    """О чём строка списка. A visit and a refusal are lines only while nobody knows whose they are."""

    LISTED = "listed", "Пригласить"
    VISIT = "visit", "Посещение"
    REFUSAL = "refusal", "Отказ"


class PlanState(TextChoices):
    """Что известно о человеке плана."""

    OPEN = "open", "Ждём"
    PASSED = "passed", "Пришёл"
    EXCLUDED = "excluded", "Исключён"


class Exclude(TextChoices):
    """Почему человеку не пишем и не звоним; checked in this order, the first that fits is kept."""

    DEAD = "dead", "Умер"
    NO_POLICY = "no_policy", "Полис не действует"
    OTHER_INSURER = "other_insurer", "Другая страховая"
    MOVED = "moved", "Другая территория"
    OTHER_CLINIC = "other_clinic", "Сменил клинику"
    PASSED = "passed", "Уже прошёл"
    REFUSED = "refused", "Отказался от осмотра"
    NO_CONSENT = "no_consent", "Отказался от этого канала"
    NOT_DUE = "not_due", "В этом году не подлежит"
    WITHDRAWN = "withdrawn", "Направление отменено"
    TOO_LATE = "too_late", "Срок сообщить прошёл"
    HOLDOUT = "holdout", "Контрольная группа"
    NO_CONTACT = "no_contact", "Нет рабочего контакта"
    TOO_OFTEN = "too_often", "Недавно уже обращались"
    SAME_NUMBER = "same_number", "На этот номер уже пишем"
    WAITING = "waiting", "Ждём после прошлой ступени"
    EMPTY_FIELD = "empty_field", "Не хватает данных для текста"
    TOO_LONG = "too_long", "Текст слишком длинный"


class CampaignState(TextChoices):
    DRAFT = "draft", "Черновик"
    RUNNING = "running", "Идёт"
    PAUSED = "paused", "Приостановлена"
    FINISHED = "finished", "Завершена"
    STOPPED = "stopped", "Остановлена"


class WaveState(TextChoices):
    PLANNED = "planned", "Запланирована"
    RUNNING = "running", "Идёт"
    PAUSED = "paused", "Приостановлена"
    FINISHED = "finished", "Завершена"
    STOPPED = "stopped", "Остановлена"


class TouchState(TextChoices):
    """Состояние контакта. It only moves forward: ``rules.MOVES`` and a trigger of the table say where."""

    PLANNED = "planned", "Ждёт своего часа"
    CLAIMED = "claimed", "Взято в работу"
    SENDING = "sending", "Отправляется"
    SENT = "sent", "Отправлено"
    DELIVERED = "delivered", "Доставлено"
    DONE = "done", "Разговор состоялся"
    FAILED = "failed", "Не получилось"
    SILENT = "silent", "Квитанции не дождались"
    EXPIRED = "expired", "Срок прошёл"
    CANCELLED = "cancelled", "Отменено"


FINAL = (
    TouchState.DELIVERED,
    TouchState.DONE,
    TouchState.FAILED,
    TouchState.SILENT,
    TouchState.EXPIRED,
    TouchState.CANCELLED,
)


class Lane(TextChoices):
    """Полоса: urgent ones never stand behind a mass sending."""

    URGENT = "urgent", "Срочно"
    BULK = "bulk", "Массово"
