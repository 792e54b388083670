"""Refusals of the room: the docstring is the sentence."""

from opora.shared.errors import DomainError


class MailroomError(DomainError):
    """С этим письмом так поступить нельзя."""


class NoSuchPaper(MailroomError, status=404):
    """Такого письма нет."""


class PaperChanged(MailroomError, status=409):
    """Письмо за это время изменил другой сотрудник. Обновите страницу и повторите."""


class AlreadyCame(MailroomError, status=409):
    """Письмо с таким номером отправителя уже зарегистрировано."""


class WordsNeeded(MailroomError, status=422):
    """Напишите, почему."""


class AlreadyLinked(MailroomError, status=409):
    """Письмо уже в обращении."""


class NotNew(MailroomError, status=409):
    """Это письмо уже разобрано."""


class NoSuchAppeal(MailroomError, status=422):
    """Такого обращения у вас нет. Проверьте номер."""


class ScanRefused(MailroomError, status=422):
    """Этот файл как скан не подходит."""


class TooManyScans(MailroomError, status=422):
    """У письма уже много сканов. Соберите страницы в один PDF."""


class NotWaiting(MailroomError, status=409):
    """Это письмо уже ушло дальше. Обновите страницу."""


class NothingChosen(MailroomError, status=422):
    """Отметьте письма, которые отправляете."""


class TracksUnread(MailroomError, status=422):
    """Трек-номера не читаются."""
