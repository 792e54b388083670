"""Refusals of the room. The docstring is the sentence."""

from opora.shared.errors import DomainError


class FeedbackError(DomainError, status=409):
    """С сообщением так поступить нельзя."""


class NoSuchMessage(FeedbackError, status=404):
    """Такого сообщения нет."""


class MessageChanged(FeedbackError):
    """За это время сообщение изменил коллега. Обновите страницу и повторите."""


class NotNow(FeedbackError):
    """На этом этапе так поступить нельзя."""


class StillGoing(FeedbackError):
    """Предыдущее поручение ещё передаётся на Госуслуги. Дождитесь, чем оно закончится."""


class NothingToSend(FeedbackError):
    """Здесь нечего отправлять ещё раз."""


class AnswerTooLong(FeedbackError, status=422):
    """Ответ длиннее, чем принимают Госуслуги."""


class FilesRefused(FeedbackError, status=422):
    """Госуслуги не примут приложенные файлы."""


class WordsNeeded(FeedbackError, status=422):
    """Напишите, почему."""


class NobodyChosen(FeedbackError, status=422):
    """Выберите, кому распределить сообщение."""


class OutcomeNeeded(FeedbackError, status=422):
    """Укажите исход. Для жалобы нужно и решение об обоснованности."""


class NoPlatform(FeedbackError):
    """Госуслуги не подключены. Обратитесь к администратору."""
