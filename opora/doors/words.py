"""The closed lists of this room."""

from django.db.models import TextChoices

from opora.classifiers.words import Channel


class Kind(TextChoices):
    """Что это за дверь."""

    MAIL = "mail", "Почтовый ящик"
    SITE = "site", "Сайт"
    TELEGRAM = "telegram", "Телеграм"
    CHAT = "chat", "Чат"
    GOSUSLUGI = "gosuslugi", "Госуслуги (ПОС)"


CHANNELS: dict[str, Channel] = {
    Kind.MAIL: Channel.EMAIL,
    Kind.SITE: Channel.INTERNET,
    Kind.TELEGRAM: Channel.MESSENGER,
    Kind.CHAT: Channel.CHAT,
    Kind.GOSUSLUGI: Channel.FEEDBACK,
}


class Rule(TextChoices):
    """Что становится из сообщения."""

    CONTACT = "contact", "Ждёт решения сотрудника"
    DRAFT = "draft", "Сотрудник регистрирует обращение"
    APPEAL = "appeal", "Сразу регистрируется обращением"


class FloodKind(TextChoices):
    """Что решили о лавине: письма встают в очередь или закрыты все вместе."""

    RELEASE = "release", "В общую очередь"
    ASIDE = "aside", "Убрать: не обращения"


class MessageKind(TextChoices):
    """Кто написал: человек или машина. Автоответ и возврат ничего не открывают."""

    MESSAGE = "message", "Сообщение"
    AUTO_REPLY = "auto_reply", "Автоответ"
    BOUNCE = "bounce", "Возврат"


class Direction(TextChoices):
    """Куда идёт сообщение."""

    IN = "in", "Пришло"
    OUT = "out", "Отправлено"


class State(TextChoices):
    """Где стоит переписка."""

    WAITING = "waiting", "Ждёт"
    TAKEN = "taken", "В работе"
    ANSWERED = "answered", "Отвечено"
    REGISTERED = "registered", "Зарегистрировано"
    CLOSED = "closed", "Закрыто"


UNFINISHED = (State.WAITING, State.TAKEN)


class Fate(TextChoices):
    """Что стало с отправленным."""

    SENDING = "sending", "отправляется"
    SENT = "sent", "отправлено"
    DELIVERED = "delivered", "доставлено"
    FAILED = "failed", "не доставлено"
