"""Refusals of the bench."""

from opora.shared.errors import DomainError


class BenchRefused(DomainError):
    """Замер невозможен."""
