"""Why a screen shows a sentence instead of numbers."""

from opora.shared.errors import DomainError


class ScreenUnknown(DomainError, status=403):
    """Экран не подключён. Попросите руководителя открыть «Табло → Показать на экране» и сделать новый адрес."""


class ScreenRevoked(DomainError, status=403):
    """Экран отключили. Если табло здесь ещё нужно, попросите руководителя сделать новый адрес."""


class ScreenExpired(DomainError, status=403):
    """Срок адреса кончился. Попросите руководителя сделать новый: «Табло → Показать на экране»."""


class TooManyScreens(DomainError, status=409):
    """У организации уже двадцать экранов. Отключите те, что больше не висят."""
