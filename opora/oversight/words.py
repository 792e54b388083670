"""Actions and subjects of the log in words; what is not named here is shown as it is written."""

ROOMS = {
    "access.": "Отказы в доступе",
    "entrance.": "Вход и выход",
    "insured.": "Застрахованные",
    "employees.": "Сотрудники",
    "organisations.": "Организации",
    "roles.": "Роли и права",
    "partners.": "Внешние системы",
    "audit.": "Журнал доступа",
}
ACTIONS = {
    "access.refused": "нет права на страницу",
    "audit.export": "выгрузил журнал",
    "audit.search": "читал журнал",
    "employees.add": "завёл сотрудника",
    "employees.assign": "назначил",
    "employees.assignment.drop": "снял назначение",
    "employees.assignment.end": "закончил назначение",
    "employees.change": "изменил карточку сотрудника",
    "employees.entry.close": "закрыл вход",
    "employees.entry.open": "открыл вход",
    "employees.unlock": "снял замок после неверных попыток",
    "entrance.assignment": "сменил назначение",
    "entrance.entered": "вошёл",
    "entrance.failed": "не вошёл",
    "entrance.idle": "сеанс закрылся сам",
    "entrance.left": "вышел",
    "entrance.locked": "вход остановлен: много неверных попыток",
    "entrance.outside.bound": "привязал внешний вход",
    "entrance.password.changed": "сменил пароль",
    "entrance.password.issued": "выдал одноразовый пароль",
    "entrance.purpose": "назвал цель",
    "entrance.refused": "во входе отказано",
    "entrance.second_step.added": "подключил второй шаг",
    "entrance.second_step.removed": "отключил второй шаг",
    "entrance.second_step.reset": "выпустил запасные коды",
    "entrance.session.ended": "сеанс закрыт",
    "entrance.unlocked": "снял замок после неверных попыток",
    "insured.alike": "смотрел похожих",
    "insured.card.print": "напечатал карточку",
    "insured.card.read": "открыл карточку",
    "insured.card.reveal": "открыл скрытые номера",
    "insured.elsewhere": "спросил внешний регистр",
    "insured.export": "выгрузил список людей",
    "insured.history.read": "смотрел историю карточки",
    "insured.import": "загрузил регистр",
    "insured.panel.read": "открыл раздел карточки",
    "insured.search": "искал человека",
    "organisations.add": "завёл организацию",
    "organisations.change": "изменил организацию",
    "organisations.close": "закрыл организацию",
    "organisations.reopen": "вернул организацию",
    "organisations.site.change": "изменил площадку",
    "partners.add": "завёл внешнюю систему",
    "partners.change": "изменил внешнюю систему",
    "partners.close": "закрыл внешнюю систему",
    "partners.entered": "внешняя система вошла",
    "partners.refused": "внешней системе отказано",
    "partners.reused": "одноразовый ключ предъявлен второй раз",
    "partners.token.issued": "выдал одноразовый ключ",
    "roles.change": "изменил права роли",
}
SUBJECTS = {
    "insured.person": "застрахованный",
    "login": "неизвестный логин",
    "organisations.assignment": "назначение",
    "organisations.employee": "сотрудник",
    "organisations.organisation": "организация",
    "organisations.role": "роль",
    "page": "страница",
    "partners.apipartner": "внешняя система",
}
STATES = {"done": "done", "refused": "late", "not_found": "none", "failed": "late"}


def action_in_words(action: str) -> str:
    return ACTIONS.get(action, action)


def subject_in_words(kind: str) -> str:
    return SUBJECTS.get(kind, kind)
