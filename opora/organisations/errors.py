"""Refusals of this room: the docstring is what the person reads."""

from opora.shared.errors import DomainError


class NotYours(DomainError, status=404):
    """Такой организации нет среди тех, которые вы ведёте."""


class OrganisationClosed(DomainError, status=409):
    """Организация закрыта: новых назначений и площадок в ней не бывает."""


class HasBranches(DomainError, status=409):
    """У организации есть работающие филиалы. Сначала закройте их."""


class OwnOrganisation(DomainError, status=409):
    """Свою организацию закрывает администратор фонда."""


class CodeTaken(DomainError, status=409):
    """Организация этого вида с таким кодом уже есть."""


class AlreadyThere(DomainError, status=409):
    """У организации такая запись уже есть."""


class StillUsed(DomainError, status=409):
    """Удалить нельзя: на эту запись ссылаются другие — назначения, посты или прикрепления."""


class RoleDoesNotFit(DomainError, status=422):
    """Такой роли не бывает в организации этого вида."""


class AssignmentOverlaps(DomainError, status=409):
    """Такое назначение уже есть на эти дни."""


class AssignmentRunsBackward(DomainError, status=422):
    """Назначение не может закончиться раньше, чем началось."""


class AlreadyEnded(DomainError, status=409):
    """Назначение уже закончилось, срок прошедшего назначения не меняют."""


class ForeignPart(DomainError, status=422):
    """Отдел или пост относится к другой организации."""


class LoginTaken(DomainError, status=409):
    """Такой логин или GUID уже занят."""


class OwnAccount(DomainError, status=403):
    """Свои назначения, вход и пароль меняет другой администратор. Свой пароль меняют на странице «Мой вход»."""


class OwnRights(DomainError, status=403):
    """Добавить права роли, в которой вы работаете сами, может только другой администратор фонда."""


class WorksElsewhere(DomainError, status=403):
    """Сотрудник работает и в другой организации: его карточку, вход и пароль ведёт фонд."""


class LastAdministrator(DomainError, status=409):
    """Это последний администратор организации. Сначала назначьте другого."""


class OnlyFundEditsRoles(DomainError, status=403):
    """Права ролей общие для всех организаций, их меняет администратор фонда."""


class NobodyCouldEditRoles(DomainError, status=409):
    """Хотя бы одна роль фонда должна вести сотрудников и менять права, иначе права будет некому вернуть."""


class ReasonMissing(DomainError, status=422):
    """Напишите причину: её увидит тот, кто будет открывать вход."""


class EmployeeUnknown(DomainError, status=404):
    """Нет сотрудника с таким логином."""


class OrganisationUnknown(DomainError, status=404):
    """Нет организации с таким кодом."""


class RoleUnknown(DomainError, status=404):
    """Нет роли с таким кодом."""


class CardRefused(DomainError, status=422):
    """Карточка заполнена с ошибками."""
