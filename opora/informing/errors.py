"""Refusals of this room, in words a person can read."""

from opora.shared.errors import DomainError


class InformingError(DomainError, status=422):
    """С информированием не получилось."""


class CampaignNotFound(InformingError, status=404):
    """Такой кампании нет или она вам не видна."""


class CampaignBusy(InformingError, status=409):
    """Кампания сейчас в другом состоянии: обновите страницу."""


class NothingToPlan(InformingError):
    """В плане нет людей для этой кампании: загрузите список или смягчите отбор."""


class LadderEnded(InformingError):
    """Ступени кампании кончились: добавьте ступень, чтобы обратиться ещё раз."""


class TextRefused(InformingError):
    """Текст не принят."""


class LimitsRefused(InformingError):
    """Пределы заданы неверно."""


class NoText(InformingError):
    """Для этой ступени нет текста."""


class CallTaken(InformingError, status=409):
    """Этот звонок уже у другого сотрудника."""


class EntryDecided(InformingError, status=409):
    """Эту строку уже разобрал кто-то другой."""


class NothingToPrint(InformingError):
    """Печатать нечего: писем, чей срок подошёл, нет."""


class RunBusy(InformingError, status=409):
    """Тираж сейчас в другом состоянии: обновите страницу."""


class NumberUnknown(InformingError):
    """Такого номера нет: проверьте цифры под штрихкодом."""


class LetterAlready(InformingError, status=409):
    """Это письмо уже отмечено."""


class TextBusy(InformingError, status=409):
    """Этот текст уже изменил кто-то другой: откройте новый и перенесите свои слова."""


class PublicNotFound(InformingError, status=404):
    """Такой записи нет."""


class PublicChanged(InformingError, status=409):
    """Запись за это время изменил другой сотрудник. Посмотрите, что записано, и повторите."""
