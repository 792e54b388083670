"""Refusals of the room."""

from opora.shared.errors import DomainError


class StaffingError(DomainError):
    """Со сменами так поступить нельзя."""


class NotYourLine(StaffingError, status=409):
    """Смены этой линии составляет её организация."""


class ShiftsUnclear(StaffingError, status=422):
    """Некоторые смены записаны непонятно."""


class NothingToCopy(StaffingError, status=409):
    """На прошлой неделе смен нет: копировать нечего."""


class WeekTaken(StaffingError, status=409):
    """На этой неделе смены уже есть: копия их не заменяет."""
