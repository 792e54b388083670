"""Refusals of this room."""

from opora.shared.errors import DomainError


class RightMissing(DomainError, status=403):
    """У вашей роли нет права на это действие."""
