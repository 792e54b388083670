"""Refusals of the room. The docstring is the sentence."""

from opora.shared.errors import DomainError


class DoorsError(DomainError, status=409):
    """С перепиской так поступить нельзя."""


class NoSuchThread(DoorsError, status=404):
    """Такой переписки нет."""


class TakenByColleague(DoorsError):
    """Эту переписку ведёт другой сотрудник."""


class ThreadChanged(DoorsError):
    """За это время пришло новое сообщение или переписку изменил коллега. Обновите страницу и повторите."""


class ThreadClosed(DoorsError):
    """Переписка закрыта. Возобновите её, чтобы продолжить."""


class NotClosed(DoorsError):
    """Переписка не закрыта."""


class WordsNeeded(DoorsError, status=422):
    """Напишите текст."""


class TextTooLong(DoorsError, status=422):
    """Текст слишком длинный: не больше 20 000 знаков."""


class NoWayBack(DoorsError):
    """Этой дверью ответить нельзя: она отключена или не знает адреса."""


class NotThisPerson(DoorsError, status=422):
    """Такого застрахованного вы не видите. Выберите его из найденных."""


class NoSuchAppeal(DoorsError, status=422):
    """Обращения с таким номером нет. Проверьте номер."""


class NoFlood(DoorsError):
    """Лавины здесь больше нет: о ней решил коллега, или письма взяли в работу."""


class FloodSettled(DoorsError):
    """Это решение уже отменено, или неделя прошла. Каждую переписку можно возобновить отдельно."""


class NotFailed(DoorsError):
    """Это сообщение уже ушло."""


class AnsweredOnCard(DoorsError):
    """Это ответ на обращение: он не дошёл, и обращение ждёт другого. Отправьте ответ с карточки обращения."""


class NoTerm(DoorsError, status=500):
    """Для этого вида дверей не записано, сколько хранить переписку: она ничего не принимает."""
