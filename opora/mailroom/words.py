"""Closed lists of the room."""

from django.db.models import TextChoices


class Way(TextChoices):
    """How a paper letter came."""

    POST = "post", "Почтой"
    REGISTERED = "registered", "Заказным"
    HAND = "hand", "Принесли лично"
    COURIER = "courier", "Курьером"


class IncomingState(TextChoices):
    """Where an incoming letter stands."""

    NEW = "new", "Не разобрано"
    LINKED = "linked", "В обращении"
    FILED = "filed", "Не обращение"


class ScanState(TextChoices):
    """What became of a scan. ``unread`` says why; the file itself is there in every state."""

    WAITING = "waiting", "Ждёт распознавания"
    READING = "reading", "Распознаётся"
    READ = "read", "Распознан"
    UNREAD = "unread", "Не распознан"


class OutState(TextChoices):
    """Where an outgoing letter stands."""

    WAITING = "waiting", "К отправке"
    LISTED = "listed", "В списке"
    SENT = "sent", "Отправлено"
    DELIVERED = "delivered", "Вручено"
    RETURNED = "returned", "Вернулось"
    DROPPED = "dropped", "Не отправляем"


class Category(TextChoices):
    """How the post carries it."""

    SIMPLE = "simple", "Простое"
    REGISTERED = "registered", "Заказное"


class Numbered(TextChoices):
    """What has numbers of its own in an organisation and a year."""

    LETTER = "letter", "Входящее письмо"
    LIST = "list", "Список отправлений"


class EventKind(TextChoices):
    """What may happen to a paper."""

    REGISTERED = "registered", "Зарегистрировано"
    AMENDED = "amended", "Исправлено"
    SCANNED = "scanned", "Добавлен скан"
    SCAN_REMOVED = "unscanned", "Убран скан"
    DRAFTED = "drafted", "Открыт приём обращения"
    LINKED = "linked", "Связано с обращением"
    FILED = "filed", "Оставлено без обращения"
    REOPENED = "reopened", "Возвращено в разбор"
    PICKED = "picked", "К отправке"
    ADDRESSED = "addressed", "Исправлен адрес"
    LISTED = "listed", "Включено в список"
    UNLISTED = "unlisted", "Исключено из списка"
    TRACKED = "tracked", "Записан трек-номер"
    SENT = "sent", "Сдано на почту"
    DELIVERED = "delivered", "Вручено"
    RETURNED = "returned", "Вернулось"
    DROPPED = "dropped", "Не отправляем"
    FORGOTTEN = "forgotten", "Стёрто: вышел срок хранения"


CHANNELS = {Way.POST: "post", Way.REGISTERED: "post", Way.HAND: "letter", Way.COURIER: "letter"}  # how the journal says
