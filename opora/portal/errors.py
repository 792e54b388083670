"""Refusals of the site, in the words of a page for citizens."""

from opora.shared.errors import DomainError
from opora.shared.typography import counted


class TooOften(DomainError, status=429):
    """Слишком много попыток подряд. Подождите немного."""

    def __init__(self, sentence: str | None = None, *, minutes: int = 0) -> None:
        wait = f"Подождите {counted(minutes, 'минуту', 'минуты', 'минут')} и попробуйте ещё раз."
        super().__init__(sentence or (f"Слишком много попыток подряд. {wait}" if minutes else None))


class NotTaken(DomainError, status=503):
    """Сейчас вопросы через сайт не принимаются. Ваш текст сохранён на сутки. Позвоните по телефону внизу страницы."""


class SlugTaken(DomainError, status=409):
    """Такой адрес уже занят. Выберите другой."""
