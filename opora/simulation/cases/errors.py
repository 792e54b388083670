"""Refusals of the cases of a scenario."""

from opora.shared.errors import DomainError


class TooFewActs(DomainError):
    """Жалоб на качество помощи меньше, чем нужно для претензий клиник."""
