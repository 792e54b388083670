"""What may be done, as words: ``room:action``. Roles are sets of these (``organisations.Role``)."""

from django.db.models import TextChoices


class Right(TextChoices):
    """One right. The label is what the table role × right shows."""

    WORKPLACE_VIEW = "workplace:view", "Открывать рабочий стол"
    INSURED_SEARCH = "insured:search", "Искать застрахованных"
    INSURED_VIEW = "insured:view", "Открывать карточку застрахованного"
    INSURED_EDIT = "insured:edit", "Исправлять карточку застрахованного"
    INSURED_HISTORY = "insured:history", "Видеть, кто и что менял в карточке"
    INSURED_IMPORT = "insured:import", "Загружать регистр из файла"
    INSURED_MATCH = "insured:match", "Разбирать неоднозначные совпадения"
    INSURED_EXPORT = "insured:export", "Выгружать списки застрахованных"
    DEADLINES_VIEW = "deadlines:view", "Смотреть календарь и сроки, считать срок ожидания"
    ORGANISATIONS_VIEW = "organisations:view", "Видеть справочник организаций"
    ORGANISATIONS_EDIT = "organisations:edit", "Вести организации, отделы и посты"
    EMPLOYEES_VIEW = "employees:view", "Видеть сотрудников"
    EMPLOYEES_EDIT = "employees:edit", "Вести сотрудников: назначения, блокировка, пароль"
    ROLES_VIEW = "roles:view", "Видеть таблицу ролей и прав"
    ROLES_EDIT = "roles:edit", "Менять права ролей"
    PARTNERS_EDIT = "partners:edit", "Выдавать доступ внешним системам"
    AUDIT_VIEW = "audit:view", "Читать журнал доступа"

    @property
    def room(self) -> str:
        return self.value.partition(":")[0]
