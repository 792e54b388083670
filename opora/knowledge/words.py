"""The closed lists of this room."""

from django.db.models import TextChoices


class Letter(TextChoices):
    """Письма журнала."""

    REPLY = "reply", "Ответ заявителю"
    INTERIM = "interim", "Предварительный ответ"
    EXTENSION = "extension", "Уведомление о продлении срока"
    FORWARDING = "forwarding", "Сопроводительное письмо при переадресации"
    FORWARDED = "forwarded", "Уведомление заявителя о переадресации"
    REGISTERED = "registered", "Уведомление о регистрации"
    NOT_AN_APPEAL = "not_an_appeal", "Почему электронное письмо не обращение"
    RECORDS = "records", "Запрос документов у клиники"
    ACT = "act", "Сопроводительное письмо к акту экспертизы"
    RECORD_CARD = "record_card", "Карточка обращения (РКК)"


class Miss(TextChoices):
    """Почему вопрос остался без ответа."""

    NOTHING = "nothing", "ничего не нашли"
    LEFT = "left", "нашли, но не открыли"
    UNHELPFUL = "unhelpful", "ответ не помог"
