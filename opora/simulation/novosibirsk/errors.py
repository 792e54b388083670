"""Refusals of the scenario."""

from opora.shared.errors import DomainError


class OtherJournal(DomainError):
    """За эти месяцы в журнале уже есть другие обращения: сценарию нужна своя база. Назовите другую папку: --data."""
