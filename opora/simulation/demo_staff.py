"""People at work in the demonstration: every role in every organisation it fits, one shown login for each role."""

from collections.abc import Mapping
from datetime import date

from django.contrib.auth.hashers import make_password

from opora.organisations.models import Assignment, Department, Employee, Organisation, Post, Role
from opora.simulation.staff import NOBODY
from opora.simulation.staff import names as colleagues

SEED = 2_000  # colleagues are not among the insured
SINCE, EARLIER = date(2024, 1, 9), date(2021, 3, 1)
# Where the shown login of a role works; everyone else is ``role.code-of-the-organisation``.
SHOWN = {
    "op1": "fund",
    "op2": "fund",
    "sp1": "insurer",
    "sp2": "insurer",
    "sp3": "insurer",
    "supervisor": "insurer",
    "analyst": "fund",
    "clinic_clerk": "provider",
    "courier": "insurer",
    "administrator": "fund",
    "auditor": "fund",
}
RIGHTS, EXPERTS, CALLS = "Отдел защиты прав застрахованных", "Отдел экспертизы", "Контакт-центр"
AT_POST = "sp2"
DEPARTMENT = {"sp2": RIGHTS, "op2": RIGHTS, "sp3": EXPERTS}


def hire(organisations: list[Organisation], logins: Mapping[str, str], password: str) -> None:
    """Give every organisation an employee in each role that fits; ``logins`` are the shown ones by role."""
    roles = {role.slug: role for role in Role.objects.order_by("order", "name")}
    names, hashed = colleagues(SEED), make_password(password)
    first = {kind: next(org for org in organisations if org.kind == kind) for kind in SHOWN.values()}
    for slug, role in roles.items():
        for organisation in organisations:
            if not role.fits(organisation):
                continue
            is_shown = slug in SHOWN and organisation == first[SHOWN[slug]]
            login = logins[slug] if is_shown else f"{slug.partition('_')[0]}.{organisation.code}"
            _employ(login, next(names), hashed, role, organisation)
    # One person, several posts over time: the level-2 representative has answered calls before.
    promoted = Employee.objects.get(login=logins["sp2"]).assignments.get()
    Assignment.objects.get_or_create(
        employee=promoted.employee,
        organisation=promoted.organisation,
        role=roles["sp1"],
        defaults={"since": EARLIER, "until": date(2024, 1, 8)},
    )


def colleagues_of(employee: Employee, number: int) -> list[Employee]:
    """Return more people of her role in her organisation, hired when they are not there; nobody can sign in as them."""
    post = employee.assignment
    assert post is not None  # noqa: S101 - who plays in the demonstration works somewhere
    named = colleagues(SEED + int(post.organisation.code))
    logins = [f"{post.role.slug}-{place}.{post.organisation.code}" for place in range(2, 2 + number)]
    for login in logins:
        _employ(login, next(named), NOBODY, post.role, post.organisation)
    return list(Employee.objects.filter(login__in=logins).order_by("login"))


def _employ(login: str, name: tuple[str, str, str], password: str, role: Role, organisation: Organisation) -> None:
    surname, given, patronymic = name
    employee, _ = Employee.objects.get_or_create(
        login=login,
        defaults={
            "surname": surname,
            "given_name": given,
            "patronymic": patronymic,
            "password": password,
            "email": f"{login}@opora.example",
        },
    )
    if employee.assignments.exists():
        return
    wanted = DEPARTMENT.get(role.slug, CALLS)
    departments = Department.objects.filter(organisation=organisation)
    Assignment.objects.create(
        employee=employee,
        organisation=organisation,
        department=departments.filter(name=wanted).first() or departments.first(),
        post=Post.objects.filter(organisation=organisation).first() if role.slug == AT_POST else None,
        role=role,
        since=SINCE,
    )
