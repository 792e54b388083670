"""The demonstration stands on its own, every role can sign in, no room is empty, a second start finds everything."""

import html
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from opora.access.scope import enter
from opora.adapters.mailhouse.process import MailhouseProcess
from opora.appeals.models import Appeal
from opora.complaints import rules
from opora.complaints.models import Case, CaseEvent, Claim, Control, Dispute, Recourse, Restoration
from opora.complaints.services._step import facts_of
from opora.complaints.words import CaseStage
from opora.doors import services
from opora.doors.models import Delivery, Door, Message, MessageFile, Thread
from opora.doors.words import State
from opora.informing.letters import store
from opora.informing.models import (
    Gap,
    LetterItem,
    Observation,
    PlannedVisit,
    PrintRun,
    PublicInforming,
    Reachability,
    Touch,
)
from opora.informing.models.gap import GapKind
from opora.insured.models import Person
from opora.knowledge import queries
from opora.knowledge.models import AnswerCard, CardDecision, CardText, LetterTemplate
from opora.knowledge.packs import answers
from opora.organisations.models import (
    Assignment,
    Employee,
    HotLine,
    Organisation,
    Post,
    Role,
    Site,
    WorkingHours,
)
from opora.organisations.models.organisation import Territory
from opora.organisations.roles import DEFAULT_ROLES
from opora.portal.standing import standing
from opora.reports.models import Publication, Schedule, Seal
from opora.reports.proving import verify_seals
from opora.reports.services.sealing import differences
from opora.simulation.demo import LOGINS, PASSWORD, ensure_demo
from opora.simulation.demo_boxes import BOXES, lay_letters
from opora.simulation.demo_complaints import PATHS, ensure_complaints
from opora.simulation.demo_doors import code_to_look_at, ensure_doors
from opora.simulation.demo_observation import ensure_observation
from opora.simulation.people.words import territories
from opora.staffing import queries as shifts
from opora.staffing.models import Line, Shift
from opora.telephony.models import Call, CallBack, CallEvent

pytestmark = pytest.mark.slow
SMALL = 0.05
EVERYTHING = (
    Territory,
    Organisation,
    Site,
    WorkingHours,
    HotLine,
    Post,
    Employee,
    Assignment,
    Person,
    AnswerCard,
    CardText,
    CardDecision,
    LetterTemplate,
    Recourse,
    PublicInforming,
)

EMPTY = 'class="empty'
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ROOMS = {
    "op1": ("/doors/", "/telephony/", "/posts/"),
    "sp1": ("/doors/", "/telephony/", "/posts/"),
    "sp2": ("/informing/public/",),
    "sp3": ("/complaints/recourse/", "/informing/observation/"),
    "supervisor": (
        *("/doors/", "/telephony/", "/telephony/figures/", "/staffing/", "/staffing/together/", "/posts/"),
        *("/informing/letters/", "/informing/letters/returns/"),
    ),
    "analyst": ("/reports/", "/reports/schedules/", "/reports/publications/"),
    "admin": ("/doors/settings/", "/telephony/lines/", "/telephony/figures/", "/staffing/", "/posts/"),
}


@pytest.fixture(scope="module")
def opened(kept):
    """The demonstration, once for all tests of this file."""
    with timezone.override("Pacific/Pago_Pago"):  # the server's day is not the day of whoever plays
        return ensure_demo(scale=SMALL)


@pytest.fixture
def logins(opened, system):
    return opened


def census():
    return {model.__name__: model.objects.count() for model in EVERYTHING}


def test_every_role_has_a_login_in_a_fitting_organisation(logins):
    assert [login.role for login in logins] == [role.name for role in Role.objects.order_by("order", "name")]
    assert len({login.login for login in logins}) == len(DEFAULT_ROLES)
    for login in logins:
        employee = Employee.objects.get(login=login.login)
        assert employee.check_password(login.password)
        assert employee.assignment.organisation.name == login.organisation
        assert employee.assignment.role.fits(employee.assignment.organisation)


def test_the_password_satisfies_the_rules_of_the_house(logins):
    for employee in Employee.objects.all():
        newcomer = Employee(login=employee.login, surname=employee.surname, given_name=employee.given_name)
        validate_password(PASSWORD, newcomer)


def test_every_organisation_has_every_role_that_fits(logins):
    for organisation in Organisation.objects.all():
        there = set(Assignment.objects.current().filter(organisation=organisation).values_list("role__slug", flat=True))
        assert there == {role.slug for role in Role.objects.all() if role.fits(organisation)}, organisation


def test_the_territory_is_whole(logins):
    kinds = dict(Organisation.objects.order_by().values_list("kind").annotate(Count("pk")))

    assert kinds == {"fund": 1, "insurer": 3, "branch": 1, "provider": 8, "authority": 1}
    assert HotLine.objects.filter(is_round_the_clock=True).count() == 4
    assert Post.objects.filter(site__organisation__kind="provider", working_hours__isnull=False).exists()
    assert not Site.objects.filter(working_hours=None).exists()
    assert WorkingHours.objects.filter(weekday=6).exists()
    assert WorkingHours.objects.filter(closes_at__hour__gte=19).exists()


def test_someone_has_grown_from_one_level_to_the_next(logins):
    posts = Employee.objects.get(login="sp2").assignments.order_by("since").values_list("role__slug", flat=True)

    assert list(posts) == ["sp1", "sp2"]
    assert Employee.objects.get(login="sp2").assignment.post.organisation.kind == "insurer"


def test_answers_may_be_said_and_one_waits(logins):
    home = Territory.objects.get().code
    assert AnswerCard.objects.in_force(date(2026, 6, 1)).filter(territory=home).count() == sum(
        card.is_verified for card in answers().cards
    )
    assert AnswerCard.objects.get(status="submitted").text.by.login == "sp3"
    assert queries.card_for("2.3", home, 1, date(2026, 6, 1)) is not None
    assert LetterTemplate.objects.get().organisation == Employee.objects.get(login="supervisor").assignment.organisation


@pytest.mark.parametrize("login", ["op1", "sp1"])
def test_a_desk_has_work_of_this_hour(logins, login):
    employee = Employee.objects.get(login=login)
    with enter(employee.scope):
        mine = Appeal.objects.filter(owner=employee, closed_at=None)
        assert mine.filter(due_at__lt=timezone.now()).exists()
        assert mine.filter(callbacks__due_at__gt=timezone.now()).exists()
        assert Appeal.objects.filter(owner=None, closed_at=None, line=login, handler=employee.assignment.organisation)


def test_a_second_start_changes_nothing(logins):
    before = census()

    assert ensure_demo(scale=SMALL) == logins
    assert census() == before
    assert before["Person"] == 150


def test_a_larger_scale_adds_people_only(logins):
    before = census()
    ensure_demo(scale=2 * SMALL)

    assert census() == before | {"Person": 300}


def test_each_organisation_sees_its_own_people(logins):
    employee = Employee.objects.get(login="sp1")
    with enter(employee.scope):
        seen = set(Person.objects.values_list("insurer_id", flat=True))

    assert seen == {employee.assignment.organisation_id}


def test_no_room_is_empty_for_who_works_in_it(logins: Any) -> None:
    seen = {}
    for login, paths in ROOMS.items():
        browser = Client()
        browser.force_login(Employee.objects.get(login=login), backend=BACKEND)
        for path in paths:
            answer = browser.get(path, follow=True)
            seen[login, path] = answer.status_code, answer.request["PATH_INFO"], EMPTY in answer.content.decode()
    assert {place: told for place, told in seen.items() if told != (200, place[1], False)} == {}


LINK = re.compile(r'<a [^>]*?href="(/[^"#]*)')
SHAPE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


@pytest.mark.parametrize("login", ["op1", "sp1", "sp2", "sp3", "supervisor", "analyst", "clinic", "admin", "auditor"])
def test_no_link_leads_nowhere(logins: Any, login: str) -> None:
    """One page of each shape, from link to link: what is offered to her opens for her."""
    browser = Client()
    browser.force_login(Employee.objects.get(login=login), backend=BACKEND)
    ahead, shapes, astray = [("/", "")], {"/"}, {}
    for path, origin in ahead:
        answer = browser.get(path)
        if answer.status_code not in {200, 302}:
            astray[path] = f"{answer.status_code} from {origin}"
        if answer.status_code != 200 or answer.streaming or "html" not in answer["Content-Type"]:
            continue
        for found in LINK.findall(answer.content.decode()):
            link = html.unescape(found)
            shape = SHAPE.sub("N", link.partition("?")[0])
            if shape not in shapes:
                shapes.add(shape)
                ahead.append((link, path))
    assert astray == {}
    assert len(ahead) > 20


def test_letters_stand_in_every_state_and_one_can_be_looked_at(logins: Any, tmp_path: Path) -> None:
    assert set(Thread.objects.values_list("state", flat=True)) == set(State.values)
    assert Delivery.objects.filter(state="failed").exists()
    assert MessageFile.objects.filter(sha256="").exists()
    assert set(Message.objects.filter(thread=None).values_list("kind", flat=True)) == {"auto_reply", "bounce"}
    assert {door.kind for door in Door.objects.all()} >= {"mail", "site"}
    shown = code_to_look_at()
    assert shown is not None
    told = standing(shown.number, shown.code)
    assert told is not None
    assert told.said
    assert Message.objects.filter(text__contains="Мой телефон +7").exists()

    lay_letters(tmp_path)
    with MailhouseProcess(boxes=tmp_path) as mail:
        known = Thread.objects.count()
        ensure_doors(LOGINS, mail.port, mail.imap_port)
        assert services.fetch_door(Door.objects.get(address=BOXES["sp1"])) == 1
    assert Thread.objects.count() == known + 1
    assert Message.objects.filter(text__contains="до какого дня нужно получить полис").exists()


def test_the_line_has_a_past_and_the_week_lacks_people(logins: Any) -> None:
    told = Counter(Call.objects.values_list("result", flat=True))
    assert {"answered", "abandoned", "secretary"} <= set(told)
    assert not Call.objects.live().exists()
    assert CallBack.objects.open().exists()
    line = Line.objects.get(organisation=Employee.objects.get(login="sp1").assignment.organisation)
    today = timezone.localdate(timezone=line.zone)
    week = shifts.week(line, today - today.weekday() * shifts.DAY)
    assert week.forecast.is_known
    assert week.missed is not None
    assert week.gaps

    before = CallEvent.objects.count(), Thread.objects.count(), Shift.objects.count()
    ensure_demo(scale=SMALL)
    assert (CallEvent.objects.count(), Thread.objects.count(), Shift.objects.count()) == before


def test_the_third_level_has_whom_to_look_after(logins: Any) -> None:
    open_gaps = Gap.objects.open()
    assert set(open_gaps.values_list("kind", flat=True)) == set(GapKind.values)
    assert {one.insurer_id for one in open_gaps} == {Employee.objects.get(login="sp3").assignment.organisation_id}
    assert PlannedVisit.objects.filter(came_on__isnull=False).exists()
    assert Reachability.objects.exists()
    before = Observation.objects.count()
    ensure_observation("50000")
    assert Observation.objects.count() == before


def test_letters_were_printed_posted_and_one_came_back(logins: Any) -> None:
    posted, fresh = PrintRun.objects.order_by("pk")
    assert (posted.state, posted.returned, fresh.state) == ("posted", 1, "ready")
    assert posted.drawn
    assert {one.name for one in store.folder(posted.pk).iterdir()} == {"pisma-0001.pdf", "reestr.pdf", "reestr.xlsx"}
    back = LetterItem.objects.get(state="returned")
    assert Touch.objects.get(id=back.touch_id, year=back.year).outcome == "returned"


def test_last_month_is_closed_twice_and_open_to_everybody(logins: Any) -> None:
    first, second = Seal.objects.order_by("number")
    assert differences(first, second)
    assert verify_seals().faults == ()
    assert Publication.objects.open().get().seal == second
    assert Schedule.objects.get().filters == {"channel": "post,email"}


def test_complaints_stand_at_every_stage(logins: Any) -> None:
    cases = list(Case.objects.all())
    stages = Counter(case.stage for case in cases)
    assert set(stages) == set(CaseStage.values)
    # Beside those made for their way stand complaints that other rooms have taken in: the chain has brought them cases.
    assert (len(cases) >= len(PATHS), stages["closed"]) == (True, 3)
    assert [case.stage for case in cases] == [str(rules.stage(facts_of(case))) for case in cases]
    assert set(Restoration.objects.values_list("how", flat=True)) == {"appointment", "money"}
    assert Claim.objects.get(decision="justified").review.state == "final"
    assert Claim.objects.filter(decision="").count() == 1
    dispute = Dispute.objects.get(track="court")
    assert dispute.filed_on < dispute.decided_on
    assert 0 < dispute.awarded < dispute.claimed
    assert Control.objects.exclude(act_number="").count() == Control.objects.filter(act_on__isnull=False).count()
    assert set(CaseEvent.objects.filter(employee_name="").values_list("kind", flat=True)) <= {"opened"}, (
        "by the program"
    )


def test_a_second_start_adds_no_complaint_and_a_number_adds_so_many(logins: Any) -> None:
    people = {"expert": LOGINS["sp3"], "clerk": LOGINS["clinic_clerk"], "fund": LOGINS["op2"]}
    before = Case.objects.count()
    home = territories()[0].okato
    assert ensure_complaints(home, **people) == 0
    assert ensure_complaints(home, **people, number=5, seed=7) == 5
    assert Case.objects.count() == before + 5
