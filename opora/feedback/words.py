"""The closed lists of the room."""

from django.db.models import TextChoices

from opora.appeals import terms


class Track(TextChoices):
    """Порядок рассмотрения, which the platform names."""

    ORDINARY = "ordinary", "Обычный"
    FAST = "fast", "Ускоренный"


TERMS: dict[str, str] = {Track.ORDINARY: terms.FEEDBACK, Track.FAST: terms.FEEDBACK_FAST}


class Stage(TextChoices):
    """Where a message stands."""

    RECEIVED = "received", "Ждёт исполнителя"
    WORK = "work", "У исполнителя"
    PREPARED = "prepared", "На утверждении"
    APPROVED = "approved", "Отправляется"
    ANSWERED = "answered", "Отвечено"
    REDIRECTED = "redirected", "Перенаправлено"


OPEN = (Stage.RECEIVED, Stage.WORK, Stage.PREPARED, Stage.APPROVED)
WORKED = (Stage.RECEIVED, Stage.WORK)


class StepKind(TextChoices):
    """What happened to a message. A word is never renamed: rows keep it for ever."""

    RECEIVED = "received", "Поступило с Госуслуг"
    ASSIGNED = "assigned", "Распределено"
    TAKEN = "taken", "Взято в работу"
    PREPARED = "prepared", "Ответ подготовлен"
    RETURNED = "returned", "Возвращено на доработку"
    APPROVED = "approved", "Ответ утверждён"
    GIVEN = "given", "Ответ передан на Госуслуги"
    NOT_GIVEN = "not_given", "Не передано на Госуслуги"
    AGAIN = "again", "Отправляем ещё раз"
    PUBLISHED = "published", "Ответ опубликован в кабинете"
    REFUSED = "refused", "Госуслуги не приняли"
    EXTENSION_ASKED = "extension_asked", "Запрошено продление"
    EXTENDED = "extended", "Срок продлён"
    REDIRECTION_ASKED = "redirection_asked", "Запрошено перенаправление"
    REDIRECTED = "redirected", "Перенаправлено"
    RATED = "rated", "Гражданин оценил ответ"
    REOPENED = "reopened", "Гражданин не согласен с ответом"


class ErrandKind(TextChoices):
    """О чём просим платформу."""

    ANSWER = "answer", "Ответ"
    EXTENSION = "extension", "Продление"
    REDIRECTION = "redirection", "Перенаправление"
