"""The small lively territory of ``opora demo``: organisations that work, people at work, a few thousand insured.

Everything is found before it is made: a second start changes nothing and costs a few questions.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.models import Appeal
from opora.insured.models import Person
from opora.organisations.models import Assignment, Employee
from opora.simulation.demo_answers import ensure_answers
from opora.simulation.demo_chat import ensure_chats
from opora.simulation.demo_complaints import ensure_complaints
from opora.simulation.demo_desks import ensure_desks
from opora.simulation.demo_doors import ensure_doors
from opora.simulation.demo_feedback import ensure_feedback
from opora.simulation.demo_findings import ensure_findings
from opora.simulation.demo_informing import ensure_informing
from opora.simulation.demo_mail import ensure_mail
from opora.simulation.demo_mailroom import ensure_mailroom
from opora.simulation.demo_observation import ensure_observation
from opora.simulation.demo_policies import ensure_policies
from opora.simulation.demo_posts import ensure_posts
from opora.simulation.demo_print_runs import ensure_print_runs
from opora.simulation.demo_registers import ensure_registers
from opora.simulation.demo_reports import ensure_reports
from opora.simulation.demo_sites import ensure_sites
from opora.simulation.demo_staffing import ensure_staffing
from opora.simulation.demo_surveys import ensure_surveys
from opora.simulation.demo_telephony import ensure_calls
from opora.simulation.people.words import territories

PASSWORD = "Opora-2026-demo"  # noqa: S105 - shown on the screen, for invented data only
POS_TOKEN = "pos-demo-token"  # noqa: S105 - of the platform for checks
LOGINS = {
    "op1": "op1",
    "op2": "op2",
    "sp1": "sp1",
    "sp2": "sp2",
    "sp3": "sp3",
    "supervisor": "supervisor",
    "analyst": "analyst",
    "clinic_clerk": "clinic",
    "courier": "courier",
    "administrator": "admin",
    "auditor": "auditor",
}
PEOPLE = 3_000
SEED = 1
INSURERS, CLINICS = 3, 8
JOURNAL_DAYS, JOURNAL = timedelta(days=45), 0.12  # some 1 400 appeals


@dataclass(frozen=True)
class Login:
    """Whom to sign in as; ``role`` and ``organisation`` are what the screen calls them."""

    role: str
    login: str
    password: str
    organisation: str


def ensure_demo(
    *, scale: float = 1.0, sms: int = 2775, mail: int = 2525, returns: int = 2143, pos: int = 2580
) -> list[Login]:
    """Bring the demonstration into the database and return one login for every role, in the order of the roles.

    ``scale`` multiplies the insured people; ``sms``, ``mail``, ``returns`` and ``pos`` are the ports of the SMS centre,
    of SMTP, of the mailbox of returns and of Госуслуги on this machine. The passwords are those given at
    first; who changed hers knows it.
    """
    logging.getLogger("procrastinate.jobs").setLevel(logging.WARNING)  # a line for each letter helps nobody
    with timezone.override(territories()[0].time_zone):  # whoever plays in it lives by this clock
        found = _ensure(max(1, round(PEOPLE * scale)), sms, mail, returns)
        ensure_feedback(territories()[0].okato, pos, POS_TOKEN)
        return found


def _ensure(people: int, sms: int, mail: int, returns: int) -> list[Login]:
    if not _stands(people):
        _make(people)
    with enter(Scope.system("the answers of the demonstration")):
        ensure_answers(territories()[0].okato, author=LOGINS["sp3"], signer=LOGINS["supervisor"])
    ensure_informing(territories()[0].okato, sms)
    ensure_observation(territories()[0].okato)
    ensure_mail(territories()[0].okato, mail, returns)
    ensure_print_runs(territories()[0].okato, clerk=LOGINS["supervisor"])
    ensure_complaints(territories()[0].okato, expert=LOGINS["sp3"], clerk=LOGINS["clinic_clerk"], fund=LOGINS["op2"])
    ensure_desks(LOGINS)
    ensure_findings(territories()[0].okato, operator=LOGINS["sp1"], expert=LOGINS["sp3"], clerk=LOGINS["clinic_clerk"])
    ensure_surveys(leader=LOGINS["supervisor"])
    ensure_policies(operator=LOGINS["sp1"], planner=LOGINS["supervisor"], courier=LOGINS["courier"])
    ensure_sites(territories()[0].okato)
    ensure_doors(LOGINS, mail, returns)
    ensure_calls(LOGINS, scale=people / PEOPLE)
    ensure_staffing(LOGINS)
    ensure_posts(LOGINS["sp2"])
    ensure_chats(territories()[0].okato)
    ensure_mailroom(clerk=LOGINS["supervisor"], representative=LOGINS["sp1"])
    ensure_registers(expert=LOGINS["sp3"], representative=LOGINS["sp2"])
    ensure_reports(territories()[0].okato, LOGINS)
    with enter(Scope.system("the logins of the demonstration are shown")):
        return [
            Login(found.role.name, found.employee.login, PASSWORD, found.organisation.name)
            for found in Assignment.objects.current()
            .filter(employee__login__in=LOGINS.values())
            .select_related("role", "employee", "organisation")
            .order_by("role__order", "role__name")
        ]


def _stands(people: int) -> bool:
    """Tell whether a former start has made everything: three questions, no arithmetic."""
    with enter(Scope.system("is the demonstration there")):
        hired = Employee.objects.filter(login__in=LOGINS.values()).count() == len(LOGINS)
        return hired and Person.objects.order_by()[:people].count() == people and Appeal.objects.exists()


def _make(people: int) -> None:
    from opora.simulation import demo_places, demo_staff
    from opora.simulation.directory import ensure_directory
    from opora.simulation.journal.stream import Stream
    from opora.simulation.journal.work import load_journal
    from opora.simulation.people.plan import Plan
    from opora.simulation.people.work import load_people

    home = territories()[0]
    with enter(Scope.system("the demonstration is made")):
        directory = ensure_directory(home, insurers=INSURERS, clinics=CLINICS)
        if not Employee.objects.filter(login__in=LOGINS.values()).exists():
            demo_staff.hire(demo_places.furnish(home, directory), LOGINS, PASSWORD)
    load_people(Plan(seed=SEED, territories=(home,), insurers=INSURERS, clinics=CLINICS), people)
    today = timezone.localdate()
    load_journal(Stream(home.okato, today - JOURNAL_DAYS, today, scale=JOURNAL * people / PEOPLE, seed=SEED))
