"""The closed lists of the room."""

from django.db.models import TextChoices

from opora.appeals import terms
from opora.classifiers import words as classified


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
    FROM_CARD = "from_card", "Отправлено с карточки обращения"
    INTERIM_GIVEN = "interim_given", "Промежуточный ответ передан на Госуслуги"
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
    INTERIM = "interim", "Промежуточный ответ"
    EXTENSION = "extension", "Продление"
    REDIRECTION = "redirection", "Перенаправление"


ANSWERS = (ErrandKind.ANSWER, ErrandKind.INTERIM)
# How an appeal of each kind is usually closed by an answer.
USUAL: dict[str, str] = {
    classified.Kind.CONSULTATION: classified.Outcome.CONSULTED,
    classified.Kind.COMPLAINT: classified.Outcome.COMPLAINT_CONSIDERED,
    classified.Kind.APPLICATION: classified.Outcome.CONSIDERED,
    classified.Kind.PROPOSAL: classified.Outcome.PROPOSAL_CONSIDERED,
}
