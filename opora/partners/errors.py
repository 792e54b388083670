"""Refusals of this room."""

from opora.shared.errors import DomainError


class KeyRefused(DomainError, status=401):
    """Ключ не подходит: использован, истёк, отозван или предъявлен не из той сети.

    Новый ключ выдаёт администратор.
    """


class PartnerClosed(DomainError, status=409):
    """Внешняя система закрыта. Сначала откройте её, потом выдавайте ключ."""


class KeyMissing(DomainError, status=422):
    """Нужен заголовок Idempotency-Key: до 100 знаков, свой для каждого нового запроса.

    С ним повтор после обрыва связи не удвоит обращение.
    """


class KeyOfAnother(DomainError, status=409):
    """Под этим Idempotency-Key уже был другой запрос. Для нового запроса возьмите новый ключ."""


class TooOften(DomainError, status=429):
    """Слишком много запросов. Повторите позже."""
