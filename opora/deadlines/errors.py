"""Refusals of this room."""

from opora.shared.errors import DomainError


class PackRefused(DomainError, status=422):
    """Пак не принят: его содержимое не складывается."""


class VersionTaken(DomainError, status=409):
    """Пак с этим кодом и версией уже загружен, а содержимое другое: дайте новой редакции новую версию."""


class NoSuchLimit(DomainError, status=404):
    """Для этой услуги на этот день предельный срок не задан."""


class NoSuchTerm(DomainError, status=404):
    """Такой срок не задан ни одним паком."""
