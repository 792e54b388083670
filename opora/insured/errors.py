"""Refusals of the register."""

from opora.shared.errors import DomainError


class PeriodReversed(DomainError, status=422):
    """Период кончается раньше, чем начинается."""


class PeriodsOverlap(DomainError, status=422):
    """На эти дни уже есть другая запись. Закройте её или выберите другие даты."""


class AlreadyThere(DomainError, status=409):
    """Такая запись в карточке уже есть."""


class ContactBroken(DomainError, status=409):
    """Номер помечен как нерабочий. Сначала снимите пометку."""


class PhoneNotUnderstood(DomainError, status=422):
    """Напишите номер с кодом города или мобильного: десять цифр."""


class PersonKnown(DomainError, status=409):
    """Человек с таким ЕНП уже есть в регистре."""


class OutsideReach(DomainError, status=422):
    """С такими данными карточка окажется вне вашей организации, и вы её больше не увидите."""
