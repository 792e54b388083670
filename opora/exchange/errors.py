"""Refusals of this room."""

from opora.shared.errors import DomainError


class ExchangeRefused(DomainError, status=422):
    """Файл обмена не принят."""


class FileTooLarge(DomainError, status=413):
    """Файл больше допустимого."""


class FileForgotten(DomainError, status=410):
    """Файл стёрт: срок его хранения кончился. Записи, которые из него взяты, и ответы на них остались."""


class SenderUnknown(DomainError, status=422):
    """Укажите, чей это файл: --org КОД."""


class NoSuchParcel(DomainError, status=404):
    """Такого файла нет среди принятых от вашей организации."""


class NothingToSend(DomainError, status=422):
    """За этот период нечего выгружать."""


class FactMissing(DomainError, status=422):
    """Для файла не хватает сведений: факты берутся только из того, что было, и ничем не дополняются."""
