"""Refusals of the room."""

from opora.shared.errors import DomainError


class SurveysError(DomainError):
    """С опросом так поступить нельзя."""


class NoSuchRound(SurveysError, status=404):
    """Такого опроса нет."""


class AnswerRefused(SurveysError):
    """Выберите один из ответов."""


class QuestionnaireRefused(SurveysError):
    """Анкета составлена неверно."""


class RoundChanged(SurveysError, status=409):
    """Опрос за это время изменил другой сотрудник. Обновите страницу и повторите."""


class RoundNotRunning(SurveysError, status=409):
    """Опрос сейчас не идёт."""


class NotHeld(SurveysError, status=409):
    """Этот человек уже не у вас: разговор сохранён или вернулся в список."""


class QuotaFull(SurveysError, status=409):
    """Нужное число таких ответов уже собрано, последнее место занял другой разговор. Поблагодарите человека."""


class LinkUsed(SurveysError, status=409):
    """По этой ссылке уже ответили. Второй раз отвечать не нужно, спасибо."""


class LinkUnknown(SurveysError, status=404):
    """Такой ссылки нет или опрос уже закончился."""


class RoundOver(SurveysError, status=410):
    """Опрос закончился. Спасибо, что хотели ответить."""


class StateLost(SurveysError):
    """Не получилось прочитать ответы с этой страницы. Начните анкету сначала."""
