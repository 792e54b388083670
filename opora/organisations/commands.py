"""``opora employees`` and ``opora organisations`` — without a browser: the first fund, the first administrator.

The console of the server acts for itself: ``by`` is None.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from opora.shared.console import print_json, with_database

if TYPE_CHECKING:
    from opora.organisations.models import Employee, Organisation, Role, Territory

app = typer.Typer(
    help="Сотрудники: завести, посмотреть, закрыть и открыть вход, сбросить пароль.", no_args_is_help=True
)

organisations = typer.Typer(help="Организации: завести первую и посмотреть.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="Логин сотрудника.", show_default=False)]
Org = Annotated[str, typer.Option("--org", help="Код организации в реестре; можно не писать, если подходит одна.")]
Json = Annotated[bool, typer.Option("--json", help="Один документ JSON вместо таблицы.")]


@app.command()
def add(
    login: Login,
    surname: Annotated[str, typer.Option(help="Фамилия.")],
    name: Annotated[str, typer.Option("--name", help="Имя.")],
    role: Annotated[str, typer.Option(help="Код роли: sp1, sp2, sp3, op1, op2, supervisor, administrator…")],
    patronymic: Annotated[str, typer.Option(help="Отчество.")] = "",
    org: Org = "",
    email: Annotated[str, typer.Option(help="Рабочая почта.")] = "",
    phone: Annotated[str, typer.Option(help="Внутренний телефон.")] = "",
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="С какого дня; иначе с сегодня.")] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="По какой день; иначе без срока.")
    ] = None,
    json: Json = False,
) -> None:
    """Завести сотрудника с назначением и одноразовым паролем (пароль печатается один раз)."""
    fields = {"login": login, "surname": surname, "given_name": name, "patronymic": patronymic}
    with console():
        from opora.organisations.services.assignments import Place
        from opora.organisations.services.employees import add_employee

        card = _person(fields | {"email": email, "phone": phone})
        wanted = _role(role)
        place = Place(_organisation(org, role=wanted), wanted)
        first, last = since.date() if since else _today(), until.date() if until else None
        entry = add_employee(fields=card, place=place, since=first, until=last, by=None)
        about = f"{entry.employee.short_name}, {place.role.short_name}, {place.organisation}"
    _tell_password(entry.employee, entry.password, f"Заведён сотрудник: {about}.", json=json)


@app.command("list")
def list_(
    org: Org = "",
    role: Annotated[str, typer.Option(help="Код роли.")] = "",
    json: Json = False,
) -> None:
    """Показать сотрудников: логин, кто где работает, открыт ли вход."""
    with console():
        from opora.organisations.queries import failed_logins

        locked = set(failed_logins())
        found = [_described(employee, locked=employee.login in locked) for employee in _found(org, role)]
    if json:
        print_json({"employees": found})
        return
    table = Table("Логин", "Кто", "Роль и организация", "Вход", box=None)
    for person in found:
        works = "; ".join(f"{each['role']}, {each['organisation']['name']}" for each in person["assignments"])
        table.add_row(person["login"], person["name"], works or "—", STATES[person["entry"]])
    Console().print(table if found else "Сотрудников нет. Завести: opora employees add --help")


@app.command()
def lock(login: Login, why: Annotated[str, typer.Option("--why", help="Причина, её увидят администраторы.")]) -> None:
    """Закрыть вход; открытые сеансы заканчиваются."""
    with console():
        from opora.organisations.services.employees import close_entry

        employee = _employee(login)
        close_entry(employee, why=why, by=None)
    print(f"Вход закрыт: {employee.short_name}.")


@app.command()
def unlock(login: Login) -> None:
    """Открыть вход и забыть неудачные попытки."""
    with console():
        from opora.organisations.services.employees import open_entry, unlock

        employee = _employee(login)
        unlock(employee, by=None) if employee.is_active else open_entry(employee, by=None)
    print(f"Вход открыт: {employee.short_name}.")


@app.command("reset-password")
def reset_password(login: Login, json: Json = False) -> None:
    """Выдать одноразовый пароль (печатается один раз); прежний пароль и сеансы больше не действуют."""
    with console():
        from opora.organisations.services.employees import reset_password

        employee = _employee(login)
        password = reset_password(employee, by=None)
    _tell_password(employee, password, f"Пароль сброшен: {employee.short_name}.", json=json)


@organisations.command("add")
def add_organisation(
    kind: Annotated[str, typer.Option(help="Вид: fund, insurer, branch, provider, authority.")],
    code: Annotated[str, typer.Option(help="Код в реестре; нули впереди важны.")],
    name: Annotated[str, typer.Option(help="Краткое название.")],
    territory: Annotated[str, typer.Option(help="Код ОКАТО территории, например 50000.")],
    territory_name: Annotated[str, typer.Option(help="Название территории, если её ещё нет.")] = "",
    time_zone: Annotated[str, typer.Option(help="Пояс новой территории, например Asia/Novosibirsk.")] = "",
    parent: Annotated[str, typer.Option(help="Код головной страховой, только для филиала.")] = "",
) -> None:
    """Завести организацию; территория заводится вместе с первой."""
    with console():
        from opora.organisations.models import Organisation
        from opora.organisations.services import organisations as services

        fields: dict[str, Any] = {"kind": kind, "code": code, "name": name}
        fields["territory"] = _territory(territory, name=territory_name, time_zone=time_zone)
        fields["parent"] = _organisation(parent) if parent else None
        _check(Organisation(**fields))
        organisation = services.add_organisation(fields=fields, by=None)
    print(f"Заведена организация: {organisation.code} — {organisation}.")
    print(f"Теперь администратор: opora employees add ЛОГИН … --role administrator --org {organisation.code}")


@organisations.command("list")
def list_organisations(json: Json = False) -> None:
    """Показать организации: вид, код, название, территорию."""
    with console():
        from opora.organisations.models import Organisation

        rows = Organisation.objects.select_related("territory").order_by("territory", "kind", "code")
        found = [
            {
                "kind": row.kind,
                "code": row.code,
                "name": row.name,
                "territory": row.territory_id,
                "closed_on": row.closed_on.isoformat() if row.closed_on else None,
            }
            for row in rows
        ]
    if json:
        print_json({"organisations": found})
        return
    table = Table("Вид", "Код", "Название", "Территория", "Закрыта", box=None)
    for each in found:
        table.add_row(*(str(value or "") for value in (each[key] for key in ORGANISATION_COLUMNS)))
    Console().print(table if found else "Организаций нет. Завести: opora organisations add --help")


ORGANISATION_COLUMNS = ("kind", "code", "name", "territory", "closed_on")
STATES = {"open": "открыт", "closed": "закрыт", "locked": "10 неудач подряд"}


@contextmanager
def console() -> Iterator[None]:
    """The database, and the sight of everything: whoever has the server's shell has its data anyway."""
    with with_database():
        from opora.access.scope import Scope, enter

        with enter(Scope.system("a command on the console of the server")):
            yield


def _person(fields: dict[str, str]) -> dict[str, Any]:
    from opora.organisations.errors import CardRefused
    from opora.organisations.forms.employees import PersonForm

    form = PersonForm(fields)
    if not form.is_valid():
        faults = [f"{form[name].label}: {' '.join(map(str, said))}" for name, said in form.errors.items()]
        raise CardRefused("\n".join(faults))
    return form.person


def _role(slug: str) -> "Role":
    from opora.organisations.errors import RoleUnknown
    from opora.organisations.models import Role

    found = Role.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Role.objects.values_list("slug", flat=True))
        raise RoleUnknown(f"Нет роли «{slug}». Есть: {known}.")
    return found


def _organisation(code: str, *, role: "Role | None" = None) -> "Organisation":
    """Return the one organisation that fits. Raises OrganisationUnknown with what to write instead."""
    from opora.organisations.errors import OrganisationUnknown
    from opora.organisations.models import Organisation

    found = Organisation.objects.current().order_by("kind", "code")
    if role is not None:
        found = found.filter(kind__in=role.organisation_kinds)
    if code:
        found = found.filter(code=code)
    few = list(found[:6])
    if len(few) == 1:
        return few[0]
    if not few:
        fitting = f", где бывает роль «{role}»" if role else ""
        raise OrganisationUnknown(f"Нет работающей организации{f' с кодом {code}' if code else ''}{fitting}.")
    names = "; ".join(f"{each.code} — {each} ({each.get_kind_display().lower()})" for each in few[:5])
    raise OrganisationUnknown(
        f"Подходит не одна организация, назовите код в --org: {names}{'…' if len(few) > 5 else ''}."
    )


def _territory(code: str, *, name: str, time_zone: str) -> "Territory":
    """Return the territory of the code, made on the spot when it is named and has a time zone."""
    from opora.organisations.errors import CardRefused
    from opora.organisations.models import Territory

    if found := Territory.objects.filter(pk=code).first():
        return found
    if not name or not time_zone:
        raise CardRefused(f"Территории {code} ещё нет: назовите её в --territory-name и её пояс в --time-zone.")
    territory = Territory(code=code, name=name, time_zone=time_zone)
    _check(territory)
    territory.save()
    return territory


def _check(row: Any) -> None:
    """Say what is wrong with a row in words, before the database does."""
    from django.core.exceptions import ValidationError

    from opora.organisations.errors import CardRefused

    try:
        row.full_clean()
    except ValidationError as fault:
        fields = {field.name: str(field.verbose_name) for field in row._meta.fields}
        raise CardRefused(
            "\n".join(f"{fields.get(name, 'Карточка')}: {' '.join(said)}" for name, said in fault.message_dict.items())
        ) from fault


def _employee(login: str) -> "Employee":
    from opora.organisations.errors import EmployeeUnknown
    from opora.organisations.models import Employee

    found = Employee.objects.filter(login=login.strip().lower()).first()
    if found is None:
        raise EmployeeUnknown(f"Нет сотрудника с логином «{login}». Список: opora employees list.")
    return found


def _found(org: str, role: str) -> Iterator["Employee"]:
    from django.db.models import Prefetch

    from opora.organisations.models import Assignment, Employee
    from opora.organisations.queries import works_now

    found = Employee.objects.order_by("surname", "given_name", "pk")
    current = Assignment.objects.current()
    if org:
        found = found.filter(pk__in=current.filter(organisation=_organisation(org)).values("employee"))
    if role:
        found = found.filter(pk__in=current.filter(role=_role(role)).values("employee"))
    return found.prefetch_related(Prefetch("assignments", works_now(), to_attr="works_now")).iterator(chunk_size=1000)


def _described(employee: Any, *, locked: bool) -> dict[str, Any]:
    entry = "closed" if not employee.is_active else "locked" if locked else "open"
    return {
        "login": employee.login,
        "name": employee.full_name,
        "guid": str(employee.guid),
        "entry": entry,
        "why_closed": employee.blocked_why or None,
        "must_change_password": employee.must_change_password,
        "assignments": [
            {
                "role": each.role.slug,
                "organisation": {
                    "kind": each.organisation.kind,
                    "code": each.organisation.code,
                    "name": str(each.organisation),
                },
                "since": each.since.isoformat(),
                "until": each.until.isoformat() if each.until else None,
            }
            for each in employee.works_now
        ],
    }


def _tell_password(employee: "Employee", password: str, sentence: str, *, json: bool) -> None:
    if json:
        print_json({"login": employee.login, "password": password, "must_change_password": True})
        return
    print(sentence)
    print(f"Логин: {employee.login}")
    print(f"Одноразовый пароль: {password}")


def _today() -> date:
    from django.utils import timezone

    return timezone.localdate()
