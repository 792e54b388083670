"""The small lively territory of ``opora demo``: organisations that work, people at work, a few thousand insured.

Everything is found before it is made: a second start changes nothing and costs a few questions.
"""

from dataclasses import dataclass

from opora.access.scope import Scope, enter
from opora.organisations.models import Employee
from opora.simulation import demo_places, demo_staff
from opora.simulation.directory import ensure_directory
from opora.simulation.people.plan import Plan
from opora.simulation.people.words import territories
from opora.simulation.people.work import load_people

HOME = territories()[0]
PEOPLE = 3_000
SEED = 1
INSURERS, CLINICS = 3, 8


@dataclass(frozen=True)
class Login:
    """Whom to sign in as; ``role`` and ``organisation`` are what the screen calls them."""

    role: str
    login: str
    password: str
    organisation: str


def ensure_demo(*, scale: float = 1.0) -> list[Login]:
    """Bring the demonstration into the database and return one login for every role, in the order of the roles.

    ``scale`` multiplies the insured people. The passwords are those given at first; who has changed hers knows it.
    """
    with enter(Scope.system("the demonstration is made")):
        directory = ensure_directory(HOME, insurers=INSURERS, clinics=CLINICS)
        if not Employee.objects.filter(login=demo_staff.LAST_LOGIN).exists():
            organisations = demo_places.furnish(HOME, directory)
            demo_staff.hire(organisations)
    plan = Plan(seed=SEED, territories=(HOME,), insurers=INSURERS, clinics=CLINICS)
    load_people(plan, max(1, round(PEOPLE * scale)))
    with enter(Scope.system("the logins of the demonstration are shown")):
        return [
            Login(found.role.name, found.employee.login, demo_staff.PASSWORD, found.organisation.name)
            for found in demo_staff.shown()
        ]
