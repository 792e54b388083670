"""Lines of the access log about this room, in words."""

from typing import Any

from opora.audit.models import AuditLine
from opora.organisations.models import Department, Employee, HotLine, Organisation, Post, Role, Site

WORDS = {
    "organisations.add": "Организация заведена",
    "organisations.change": "Карточка исправлена",
    "organisations.close": "Организация закрыта",
    "organisations.reopen": "Закрытие отменено",
    "organisations.hours": "Часы работы изменены",
    "employees.add": "Сотрудник заведён",
    "employees.change": "Карточка исправлена",
    "employees.assign": "Назначение",
    "employees.assignment.end": "Назначение закончено",
    "employees.assignment.drop": "Назначение отменено до начала",
    "employees.entry.close": "Вход закрыт",
    "employees.entry.open": "Вход открыт",
    "employees.unlock": "Неудачные попытки входа забыты",
    "entrance.password.issued": "Выдан одноразовый пароль",
    "entrance.second_step.removed": "Второй шаг отключён",
    "entrance.password.changed": "Пароль сменён",
    "roles.change": "Права роли изменены",
}


def words(line: AuditLine) -> str:
    """Return what happened, and in which fields, without values."""
    what = WORDS.get(line.action, line.action)
    names = line.details.get("fields") or list(line.details.get("changed", {}))
    labels = [_label(line.subject_kind, name) for name in names]
    return f"{what}: {', '.join(labels)}" if labels else what


def _label(kind: str, name: str) -> str:
    models: dict[str, Any] = {
        model._meta.label_lower: model for model in (Employee, Organisation, Site, HotLine, Department, Post, Role)
    }
    if name == "hours" or kind not in models:
        return "часы" if name == "hours" else name
    return str(models[kind]._meta.get_field(name).verbose_name)
