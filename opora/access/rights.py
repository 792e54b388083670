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
    APPEALS_VIEW = "appeals:view", "Видеть журнал обращений"
    APPEALS_REGISTER = "appeals:register", "Регистрировать обращения"
    APPEALS_HANDLE = "appeals:handle", "Вести обращения: взять, передать, продлить, ответить"
    APPEALS_CLOSE = "appeals:close", "Закрывать обращения"
    APPEALS_APPROVE = "appeals:approve", "Утверждать ответы"
    APPEALS_REOPEN = "appeals:reopen", "Возобновлять закрытые обращения"
    APPEALS_REASSIGN = "appeals:reassign", "Переназначать обращения других сотрудников"
    APPEALS_SUPERVISE = "appeals:supervise", "Видеть сводку по срокам и сотрудникам"
    APPEALS_EXPORT = "appeals:export", "Выгружать журнал"
    APPEALS_VERIFY = "appeals:verify", "Проверять неизменность журнала"
    APPEALS_RULES = "appeals:rules", "Вести правила маршрутов и видимости"
    QUALITY_SCORE = "quality:score", "Оценивать закрытые разговоры"
    KNOWLEDGE_VIEW = "knowledge:view", "Читать карточки ответов"
    KNOWLEDGE_EDIT = "knowledge:edit", "Готовить карточки ответов и шаблоны писем"
    KNOWLEDGE_APPROVE = "knowledge:approve", "Утверждать карточки ответов"
    CLASSIFIERS_VIEW = "classifiers:view", "Смотреть классификаторы"
    CLASSIFIERS_EDIT = "classifiers:edit", "Загружать классификаторы"
    EXCHANGE_VIEW = "exchange:view", "Видеть файлы обмена"
    EXCHANGE_IMPORT = "exchange:import", "Загружать файлы партнёров"
    EXCHANGE_EXPORT = "exchange:export", "Выгружать файлы партнёрам"
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
