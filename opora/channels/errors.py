"""Refusals of this room: an outside system that is not there, says no, or speaks nonsense."""

from opora.shared.errors import DomainError


class GatewayUnavailable(DomainError, status=503):
    """Провайдер не отвечает. Попробуйте позже."""


class GatewayRejected(DomainError, status=422):
    """Провайдер не впустил: проверьте логин и пароль."""


class GatewayInner(GatewayRejected):
    """Адрес ведёт во внутреннюю сеть. Если так и нужно, её открывает администратор сервера (OPORA_INNER_NETS)."""


class GatewayUnexpected(DomainError, status=502):
    """Провайдер ответил непонятно. Проверьте настройки и сообщите администратору."""


class SecretUnreadable(DomainError, status=409):
    """Пароль провайдера не читается: ключ программы (OPORA_SECRET_KEY) сменился. Введите пароль заново."""
