"""Refusals of the scenario."""

from opora.shared.errors import DomainError


class OtherYear(DomainError):
    """В этой базе уже есть год этой страховой с другим масштабом или зерном: возьмите другую папку данных."""


class OtherPeople(DomainError):
    """В этой территории уже живут другие люди: сценарию нужна своя база. Назовите другую папку: --data."""


class TooFewPeople(DomainError):
    """Людей не хватило, чтобы выйти на опубликованные числа: возьмите масштаб больше."""


class OtherFigures(DomainError):
    """Записи года не сошлись с тем, что было задумано: в этой базе есть другие обращения, опросы или доставки."""
