"""What an employee may begin from her desk, by right; each page is the room's own."""

from dataclasses import dataclass

from django.urls import reverse

from opora.access.rights import Right
from opora.organisations.models import Employee


@dataclass(frozen=True, slots=True)
class Action:
    label: str
    url_name: str
    icon: str
    right: Right
    about: str
    key: str = ""

    @property
    def url(self) -> str:
        return reverse(self.url_name)


ACTIONS = [
    Action(
        "Открыть свой маршрут",
        "policies:courier",
        "map-pin",
        Right.POLICIES_DELIVER,
        "визиты на сегодня, работает без сети",
    ),
    Action(
        "Завести карточку застрахованного",
        "insured:new",
        "user-plus",
        Right.INSURED_EDIT,
        "когда в регистре человека нет",
    ),
    Action("Опросить людей", "surveys:calls", "phone-call", Right.SURVEYS_INTERVIEW, "программа даёт следующий номер"),
    Action(
        "Привезти полис на дом", "policies:new", "home", Right.POLICIES_REQUEST, "заявка от того, кто не может прийти"
    ),
    Action("Разобрать совпадения", "insured:matches", "arrows-exchange", Right.INSURED_MATCH, "кто есть кто в файлах"),
    Action("Загрузить регистр", "insured:import-new", "file-import", Right.INSURED_IMPORT, "из файла партнёра"),
    Action(
        "Найти организацию",
        "organisations:list",
        "building-hospital",
        Right.ORGANISATIONS_VIEW,
        "часы, телефоны, корпуса",
    ),
    Action(
        "Посчитать срок ожидания", "deadlines:waiting", "clock", Right.DEADLINES_VIEW, "до какого дня должны принять"
    ),
    Action(
        "Завести сотрудника",
        "organisations:new_employee",
        "id-badge-2",
        Right.EMPLOYEES_EDIT,
        "с назначением и одноразовым паролем",
    ),
    Action("Посмотреть сотрудников", "organisations:employees", "users", Right.EMPLOYEES_VIEW, "кто где работает"),
    Action("Посмотреть роли и права", "organisations:roles", "shield-check", Right.ROLES_VIEW, "кому что можно"),
    Action("Посмотреть журнал доступа", "oversight:log", "eye", Right.AUDIT_VIEW, "кто что открывал и менял"),
]


def actions_of(employee: Employee) -> list[Action]:
    return [action for action in ACTIONS if employee.holds(action.right)]


def greeting(hour: int) -> str:
    """Return how people greet each other at this hour.

    >>> greeting(3), greeting(9), greeting(14), greeting(20)
    ('Доброй ночи', 'Доброе утро', 'Добрый день', 'Добрый вечер')
    """
    return ("Доброй ночи", "Доброе утро", "Добрый день", "Добрый вечер")[
        0 if hour < 5 else 1 if hour < 12 else 2 if hour < 18 else 3
    ]
