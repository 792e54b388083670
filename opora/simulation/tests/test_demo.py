"""The demonstration stands on its own, every role can sign in, and a second start finds everything."""

from datetime import date

import pytest
from django.contrib.auth.password_validation import validate_password
from django.db.models import Count
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals.models import Appeal
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
from opora.simulation.demo import PASSWORD, ensure_demo

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
)


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
