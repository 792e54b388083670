"""Refusals of the room."""

from opora.shared.errors import DomainError


class ComplaintsError(DomainError):
    """С делом так поступить нельзя."""


class NoSuchCase(ComplaintsError, status=404):
    """Такого дела нет."""


class NotYourCase(ComplaintsError, status=409):
    """Дело ведёт другая организация."""


class CaseClosed(ComplaintsError, status=409):
    """Дело завершено. Возобновите его, чтобы продолжить."""


class CaseChanged(ComplaintsError, status=409):
    """Дело за это время изменил другой сотрудник. Посмотрите, что записано, и повторите."""


class NotAComplaint(ComplaintsError):
    """Дело открывают только по жалобе."""


class TooEarly(ComplaintsError, status=409):
    """Сначала сделайте предыдущий шаг."""


class ExpertEmployed(ComplaintsError, status=409):
    """Эксперт работает в этой клинике: выберите другого."""


class WrongDates(ComplaintsError):
    """Проверьте даты."""


class WordsNeeded(ComplaintsError):
    """Напишите, почему."""


class RecourseChanged(ComplaintsError, status=409):
    """Иск за это время изменил другой сотрудник. Посмотрите, что записано, и повторите."""


class RecourseTwice(ComplaintsError, status=409):
    """Иск с таким номером в этом суде уже записан."""
