"""Refusals of the journal. The docstring is the sentence."""

from opora.shared.errors import DomainError


class AppealsError(DomainError):
    """С обращением так поступить нельзя."""

    status = 409


class NotComplete(AppealsError):
    """Обращение заполнено не до конца."""

    status = 422


class AlreadyClosed(AppealsError):
    """Обращение уже закрыто."""


class NotClosed(AppealsError):
    """Обращение ещё не закрыто."""


class ChangedMeanwhile(AppealsError):
    """Обращение за это время изменил другой сотрудник. Обновите карточку и повторите."""


class NoAnswer(AppealsError):
    """Сначала дайте ответ заявителю: без ответа это обращение не закрывается."""


class NoVerdict(AppealsError):
    """Укажите, обоснована ли жалоба."""

    status = 422


class NoAssignment(AppealsError):
    """У вас нет действующего назначения. Обратитесь к администратору."""

    status = 403


class NotYours(AppealsError):
    """Это обращение ведёт другая организация."""

    status = 403
