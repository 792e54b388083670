"""Refusals of this room."""

from opora.shared.errors import DomainError


class ClassifierRefused(DomainError, status=422):
    """Файл классификатора не принят: его содержимое не складывается."""


class VersionTaken(DomainError, status=409):
    """Эта версия уже загружена, а содержимое другое: дайте новой редакции новую версию."""


class NoEdition(DomainError, status=404):
    """На этот день классификатор не загружен."""


class NoSuchTopic(DomainError, status=404):
    """Такой темы нет в классификаторе на этот день."""


class NoRow(DomainError, status=409):
    """Для темы не задана строка отчёта этого поколения ни в одной версии классификатора."""
