"""Closed lists that are the journal's own; those it shares with partners are ``classifiers.words``."""

from django.db.models import IntegerChoices, TextChoices


class Stage(TextChoices):
    """Where an appeal stands. Interim answers, extensions and promises are events beside it, not stages."""

    REGISTERED = "registered", "Зарегистрировано"
    ASSIGNED = "assigned", "Назначено"
    IN_WORK = "in_work", "В работе"
    WAITING = "waiting", "Ждёт ответа на запрос"
    FORWARDED = "forwarded", "Направлено в другую организацию"
    PREPARED = "prepared", "Ответ на утверждении"
    APPROVED = "approved", "Ответ утверждён"
    ANSWERED = "answered", "Ответ отправлен"
    CLOSED = "closed", "Закрыто"


class EventKind(TextChoices):
    """What may happen to an appeal. A word is never renamed: it is hashed."""

    REGISTERED = "registered", "Зарегистрировано"
    IMPORTED = "imported", "Получено из файла"
    ASSIGNED = "assigned", "Назначено"
    TAKEN = "taken", "Взято в работу"
    HANDED_OVER = "handed_over", "Передано"
    RETURNED = "returned", "Возвращено"
    REASSIGNED = "reassigned", "Переназначено"
    FORWARDED = "forwarded", "Направлено в другую организацию"
    NOTIFIED = "notified", "Заявитель уведомлён"
    PAUSED = "paused", "Ждёт ответа на запрос"
    RESUMED = "resumed", "Работа продолжена"
    EXTENDED = "extended", "Срок продлён"
    CLOCK_MOVED = "clock_moved", "Срок пересчитан"
    INTERIM_ANSWERED = "interim_answered", "Дан промежуточный ответ"
    ANSWER_PREPARED = "answer_prepared", "Ответ подготовлен"
    ANSWER_SUBMITTED = "answer_submitted", "Ответ отправлен на утверждение"
    ANSWER_APPROVED = "answer_approved", "Ответ утверждён"
    ANSWER_RETURNED = "answer_returned", "Ответ возвращён на доработку"
    ANSWERED = "answered", "Ответ дан"
    DELIVERED = "delivered", "Ответ доставлен"
    DELIVERY_FAILED = "delivery_failed", "Ответ не доставлен"
    CLOSED = "closed", "Закрыто"
    REOPENED = "reopened", "Возобновлено"
    LINKED = "linked", "Связано с другим"
    UNLINKED = "unlinked", "Связь снята"
    BUNDLED = "bundled", "Включено в подборку"
    UNBUNDLED = "unbundled", "Исключено из подборки"
    AMENDED = "amended", "Исправлено"
    NOTED = "noted", "Заметка"
    FILE_ADDED = "file_added", "Добавлен файл"
    FILE_REMOVED = "file_removed", "Убран файл"
    CALLBACK_PROMISED = "callback_promised", "Обещан звонок"
    CALLBACK_DONE = "callback_done", "Перезвонили"
    CALLBACK_MISSED = "callback_missed", "Не дозвонились"
    GRANTED = "granted", "Открыт доступ"
    REVOKED = "revoked", "Закрыт доступ"


class Depth(IntegerChoices):
    """How much of an appeal an organisation sees; each step holds those before it."""

    NOTHING = 0, "Ничего"
    EXISTS = 1, "Что оно есть"
    STAGE = 2, "Этап и срок"
    TEXT = 3, "Текст"
    PERSONAL = 4, "Персональные данные"


class PartyRole(TextChoices):
    """Who a person is to the appeal."""

    APPLICANT = "applicant", "Заявитель"
    CONCERNED = "concerned", "О ком обращение"
    PROXY = "proxy", "Представитель заявителя"


class GrantReason(TextChoices):
    """Why an organisation sees an appeal."""

    REGISTERED = "registered", "Зарегистрировала"
    HANDLES = "handles", "Отвечает за рассмотрение"
    FUND = "fund", "Фонд территории"
    INSURER = "insurer", "Страховая человека"
    ADDRESSED = "addressed", "Получила запрос или обращение"
    BY_HAND = "by_hand", "Открыт доступ вручную"


class ClockState(TextChoices):
    """What became of a clock."""

    RUNNING = "running", "Идёт"
    KEPT = "kept", "Соблюдён"
    MISSED = "missed", "Нарушен"
    STOPPED = "stopped", "Снят"


class AnswerKind(TextChoices):
    """What is said to the citizen, or to another body about him."""

    FINAL = "final", "Ответ"
    INTERIM = "interim", "Промежуточный ответ"
    NOTICE = "notice", "Уведомление заявителю"
    COVER = "cover", "Сопроводительное письмо"
    REQUEST = "request", "Запрос"


class AnswerState(TextChoices):
    """The way of an answer."""

    DRAFT = "draft", "Черновик"
    SUBMITTED = "submitted", "На утверждении"
    RETURNED = "returned", "На доработке"
    APPROVED = "approved", "Утверждён"
    SENT = "sent", "Отправлен"
    DELIVERED = "delivered", "Доставлен"
    FAILED = "failed", "Не доставлен"


class RelationKind(TextChoices):
    """Why two appeals belong together. They are linked, never merged."""

    REPEAT = "repeat", "Повторное"
    DUPLICATE = "duplicate", "То же самое обращение"
    RELATED = "related", "По тому же поводу"


class CallbackState(TextChoices):
    """What became of a promise to phone back."""

    OPEN = "open", "Обещан"
    DONE = "done", "Выполнен"
    MISSED = "missed", "Не дозвонились"
    CANCELLED = "cancelled", "Отменён"
