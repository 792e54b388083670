"""Why a person's data are read."""

from django.db.models import TextChoices


class Purpose(TextChoices):
    """Why a person's card is read: each reading leaves one of these in the access log."""

    APPEAL = "appeal", "Обращение застрахованного"
    INFORMING = "informing", "Информирование"
    CONTROL = "control", "Экспертиза и контроль"
    REGISTER = "register", "Ведение регистра"
    QUALITY = "quality", "Контроль качества работы"
    INSPECTION = "inspection", "Проверка по поручению"
