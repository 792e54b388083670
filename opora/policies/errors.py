"""Refusals of the room."""

from opora.shared.errors import DomainError


class PoliciesError(DomainError):
    """С заявкой так поступить нельзя."""


class NoSuchDelivery(PoliciesError, status=404):
    """Такой заявки нет."""


class NoRight(PoliciesError, status=409):
    """Доставка этому человеку не положена."""


class AlreadyAsked(PoliciesError, status=409):
    """У человека уже есть открытая заявка на доставку. Откройте её и измените, если нужно."""


class AddressNeeded(PoliciesError):
    """Напишите адрес: населённый пункт, улицу и дом."""


class DeliveryClosed(PoliciesError, status=409):
    """Заявка завершена. Если полис нужен снова, оформите новую."""


class DeliveryChanged(PoliciesError, status=409):
    """Заявку за это время изменил другой сотрудник. Обновите страницу и повторите."""


class WordsNeeded(PoliciesError):
    """Напишите, почему."""


class PlanRefused(PoliciesError, status=409):
    """Маршрут так не составить."""


class RecordRefused(PoliciesError, status=409):
    """Запись не принята."""


class AnotherHasSignedIn(PoliciesError, status=412):
    """Эти записи сделал другой курьер. Они целы и ждут на телефоне, пока он не войдёт. Обновите страницу."""
