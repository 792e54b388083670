"""Refusals of the room."""

from opora.shared.errors import DomainError


class FindingsError(DomainError):
    """С системным нарушением так поступить нельзя."""


class NoSuchFinding(FindingsError, status=404):
    """Такого системного нарушения нет."""


class NotYours(FindingsError, status=409):
    """Системное нарушение ведёт другая организация."""


class FindingClosed(FindingsError, status=409):
    """Системное нарушение завершено. Возобновите его, чтобы продолжить."""


class FindingChanged(FindingsError, status=409):
    """За это время страницу изменил другой сотрудник. Обновите её и повторите."""


class AlarmLooked(FindingsError, status=409):
    """Этот сигнал уже разобран."""


class TooEarly(FindingsError, status=409):
    """Сначала сделайте предыдущий шаг."""


class WrongDates(FindingsError):
    """Проверьте даты."""


class WordsNeeded(FindingsError):
    """Напишите, почему."""
