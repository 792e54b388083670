"""Refusals of this room."""

from opora.shared.errors import DomainError


class KeyRefused(DomainError, status=401):
    """Ключ не подходит: использован, истёк, отозван или предъявлен не из той сети.

    Новый ключ выдаёт администратор.
    """


class PartnerClosed(DomainError, status=409):
    """Внешняя система закрыта. Сначала откройте её, потом выдавайте ключ."""
