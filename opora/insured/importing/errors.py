"""Refusals of an import as a whole."""

from opora.shared.errors import DomainError


class ImportRefused(DomainError, status=422):
    """Файл не загружен."""


class ImportBusy(DomainError, status=409):
    """Другая загрузка этой организации ещё идёт. Дождитесь её и повторите."""


class ProfileNotUnderstood(DomainError, status=422):
    """Профиль загрузки не разобран."""


class TaskDecided(DomainError, status=409):
    """Эту строку уже разобрал другой сотрудник."""


class NotACandidate(DomainError, status=422):
    """Выберите человека из предложенных."""
