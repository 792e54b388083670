"""Closed lists of the room."""

from django.db.models import TextChoices


class What(TextChoices):
    """What a fact is about: a reason of a complaint, or a wait somebody told of."""

    TOPIC = "topic", "Причина жалобы"
    WAIT = "wait", "Ожидание услуги"


class Look(TextChoices):
    """What became of an alarm."""

    FINDING = "finding", "Заведено системное нарушение"
    DISMISSED = "dismissed", "Не подтвердилось"


class Decision(TextChoices):
    """Decision upon a finding."""

    VIOLATION = "violation", "Нарушение есть"
    NONE = "none", "Нарушения нет"


class Trend(TextChoices):
    """What followed the measures, told from the facts."""

    STOPPED = "stopped", "Прекратилось"
    CONTINUES = "continues", "Продолжается"
    UNCLEAR = "unclear", "Пока неясно"


class Stage(TextChoices):
    """What a finding waits for; ``rules.stage`` folds it from what has been done."""

    OPENED = "opened", "Решить, есть ли нарушение"
    LETTER = "letter", "Написать клинике"
    REPLY = "reply", "Ждём ответа клиники"
    MEASURES = "measures", "Записать, что клиника сделала"
    WATCHED = "watched", "Смотрим, прекратилось ли"
    CLOSED = "closed", "Завершено"


class EventKind(TextChoices):
    """What happened to a finding."""

    OPENED = "opened", "Заведено"
    GATHERED = "gathered", "Обращения собраны"
    REMOVED = "removed", "Обращение исключено"
    DECIDED = "decided", "Решение принято"
    WRITTEN = "written", "Письмо отправлено клинике"
    REPLIED = "replied", "Клиника ответила"
    MEASURED = "measured", "Меры клиники записаны"
    FOLLOWED = "followed", "Проверено, прекратилось ли"
    NOTED = "noted", "Заметка"
    CLOSED = "closed", "Завершено"
    REOPENED = "reopened", "Возобновлено"
