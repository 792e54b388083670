"""Refusals of the generator."""


class TooManyPeople(ValueError):
    """Столько людей не получится: в каждом регионе не больше 5 000 000 разных синтетических номеров полиса."""
