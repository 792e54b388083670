"""Words of the site."""

from django.db.models import TextChoices


class Colour(TextChoices):
    """The palette; its shades, for light and dark, stand in ``static/portal/portal.css``."""

    BLUE = "blue", "Синий"
    TEAL = "teal", "Бирюзовый"
    GREEN = "green", "Зелёный"
    VIOLET = "violet", "Фиолетовый"
    PLUM = "plum", "Сливовый"
    SLATE = "slate", "Серо-синий"


class Way(TextChoices):
    """What a citizen sends through the steps."""

    QUESTION = "question", "Вопрос"
    DELIVERY = "delivery", "Доставка полиса"
