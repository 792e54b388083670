"""Closed lists of the room; categories, documents and tries are in packs."""

from django.db.models import TextChoices


class Source(TextChoices):
    """By which door a request came."""

    PHONE = "phone", "Звонок"
    APPEAL = "appeal", "Обращение"
    POST = "post", "Письмо"
    CLINIC = "clinic", "Клиника"
    PORTAL = "portal", "Портал"


class DeliveryState(TextChoices):
    """Where a request stands."""

    WAITING = "waiting", "Ждёт маршрута"
    PLANNED = "planned", "В маршруте"
    CLARIFY = "clarify", "Нужно уточнить"
    DELIVERED = "delivered", "Вручён"
    DECLINED = "declined", "Человек отказался"
    REFUSED = "refused", "Отказано"
    WITHDRAWN = "withdrawn", "Отозвана"


OPEN = (DeliveryState.WAITING, DeliveryState.PLANNED, DeliveryState.CLARIFY)


class VisitState(TextChoices):
    """What became of a visit."""

    PLANNED = "planned", "Впереди"
    DELIVERED = "delivered", "Вручено"
    NOT_HOME = "not_home", "Никого не было"
    DECLINED = "declined", "Отказ"
    WRONG_ADDRESS = "wrong_address", "Адрес неверный"
    PUT_OFF = "put_off", "Перенесён"
    OFF = "off", "Снят с маршрута"
    SECOND = "second", "Уже вручил другой курьер"


REPORTED = (
    VisitState.DELIVERED,
    VisitState.NOT_HOME,
    VisitState.DECLINED,
    VisitState.WRONG_ADDRESS,
    VisitState.PUT_OFF,
)


class Proof(TextChoices):
    """By what a hand-over is proved."""

    SIGNATURE = "signature", "Подпись на экране"
    CODE = "code", "Код из СМС"


class NoticeState(TextChoices):
    """The way of a text before a visit."""

    WAITING = "waiting", "Ждёт отправки"
    SENDING = "sending", "Отправляется"
    SENT = "sent", "Отправлено"
    ARRIVED = "arrived", "Доставлено"
    FAILED = "failed", "Не дошло"
    TOLD = "told", "Известили по телефону"
    CANCELLED = "cancelled", "Не нужно"


class EventKind(TextChoices):
    """What may happen to a request."""

    ASKED = "asked", "Заявка принята"
    CHANGED = "changed", "Заявка изменена"
    PLANNED = "planned", "Поставлена в маршрут"
    MOVED = "moved", "Передана другому курьеру"
    OFF = "off", "Снята с маршрута"
    PUT_OFF = "put_off", "Перенесена"
    RETURNED = "returned", "Возвращена в план"
    NOT_HOME = "not_home", "Никого не было"
    WRONG_ADDRESS = "wrong_address", "Адрес неверный"
    DELIVERED = "delivered", "Полис вручён"
    DECLINED = "declined", "Человек отказался"
    SECOND = "second", "Второе вручение не записано"
    CODE_WRONG = "code_wrong", "Код не подошёл"
    REFUSED = "refused", "В доставке отказано"
    WITHDRAWN = "withdrawn", "Заявка отозвана"
    NOTICED = "noticed", "Отправлено сообщение о визите"
    NOT_NOTICED = "not_noticed", "Сообщение о визите не дошло"
    TOLD = "told", "О визите известили по телефону"
