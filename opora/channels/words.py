"""The closed lists of this room."""

from django.db.models import TextChoices


class Kind(TextChoices):
    """По какому протоколу говорим с провайдером."""

    SMPP = "smpp", "SMPP 3.4"
    HTTP = "http", "HTTP"
    SMTP = "smtp", "Почтовый сервер (SMTP)"
    STANDIN = "standin", "Заглушка: никуда не отправляет"


class Channel(TextChoices):
    """Что он доставляет: those ways of informing that go through a machine, under the same words."""

    SMS = "sms", "СМС"
    MESSENGER = "messenger", "Мессенджер"
    EMAIL = "email", "Электронная почта"
    PORTAL = "portal", "Госуслуги"


CARRIES: dict[str, tuple[Channel, ...]] = {
    Kind.SMPP: (Channel.SMS,),
    Kind.HTTP: (Channel.SMS, Channel.MESSENGER),
    Kind.SMTP: (Channel.EMAIL,),
    Kind.STANDIN: tuple(Channel),
}


class State(TextChoices):
    """Что провайдер сказал о сообщении. How one follows another: ``states``."""

    ACCEPTED = "accepted", "принято провайдером"
    ENROUTE = "enroute", "в пути"
    DELIVERED = "delivered", "доставлено"
    READ = "read", "прочитано"
    UNDELIVERABLE = "undeliverable", "не доставлено"
    REJECTED = "rejected", "отклонено"
    EXPIRED = "expired", "срок вышел"
    UNKNOWN = "unknown", "судьба неизвестна"
