"""Accounts, assignments and roles: who may what over whom."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.utils import timezone

from opora.access.rights import Right
from opora.audit.models import AuditLine
from opora.organisations import errors
from opora.organisations.models import Assignment, Department, Employee, Role
from opora.organisations.services import employees, roles
from opora.organisations.services.assignments import Place, assign, end_assignment

TODAY = timezone.localdate()
NEW = {"login": "Novaya", "surname": "Новикова", "given_name": "Ирина", "email": "n@alfa.test"}


def role(slug: str) -> Role:
    return Role.objects.get(slug=slug)


def lines(prefix: str = "") -> list[str]:
    return list(
        AuditLine.objects.filter(action__startswith=prefix).order_by("at", "id").values_list("action", flat=True)
    )


def add(place: SimpleNamespace, by: Any, **fields: Any) -> employees.NewEntry:
    where = Place(place.alfa, role("sp1"))
    return employees.add_employee(fields=NEW | fields, place=where, since=TODAY, until=None, by=by)


def test_a_new_employee_can_enter_once_and_must_choose_a_password(
    cast: SimpleNamespace, place: SimpleNamespace
) -> None:
    entry = add(place, cast.alfa_admin)

    someone = Employee.objects.get(login="novaya")
    assert someone.check_password(entry.password)
    assert someone.must_change_password
    assert str(someone.assignment) == "СП1, СМО Альфа"
    assert lines() == ["employees.add", "employees.assign", "entrance.password.issued"]
    assert entry.password not in str(list(AuditLine.objects.values()))


def test_a_login_is_taken_once_in_any_case(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    with pytest.raises(errors.LoginTaken):
        add(place, cast.alfa_admin, login="ALINA")
    assert lines() == []


WHO_ADDS_TO_ALFA = [("admin", True), ("alfa_admin", True), ("vera", False), ("far", False), ("clerk", False)]


@pytest.mark.parametrize(("who", "may"), WHO_ADDS_TO_ALFA)
def test_who_adds_people_to_an_insurer(cast: SimpleNamespace, place: SimpleNamespace, who: str, may: bool) -> None:
    if may:
        assert add(place, getattr(cast, who)).employee.pk
    else:
        with pytest.raises(errors.NotYours):
            add(place, getattr(cast, who))


def test_the_audit_line_of_a_card_holds_no_values(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    employees.change_employee(cast.alina, version=1, changes={"surname": "Петрова"}, by=cast.alfa_admin)
    found = AuditLine.objects.get(action="employees.change")
    assert found.details == {"fields": ["surname"]}
    assert Employee.objects.get(pk=cast.alina.pk).version == 2


def test_a_role_fits_its_kind_of_organisation(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    with pytest.raises(errors.RoleDoesNotFit, match="не бывает"):
        assign(cast.alina, place=Place(place.alfa, role("op1")), since=TODAY, until=None, by=cast.admin)
    with pytest.raises(errors.RoleDoesNotFit):
        assign(cast.alina, place=Place(place.clinic, role("sp1")), since=TODAY, until=None, by=cast.admin)


def test_several_posts_at_once_and_over_time(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    assign(cast.alina, place=Place(place.alfa, role("sp2")), since=TODAY, until=None, by=cast.alfa_admin)
    assign(cast.alina, place=Place(place.branch, role("sp1")), since=TODAY, until=None, by=cast.alfa_admin)
    assert len(Employee.objects.get(pk=cast.alina.pk).current_assignments) == 3
    with pytest.raises(errors.AssignmentOverlaps):
        assign(cast.alina, place=Place(place.alfa, role("sp1")), since=TODAY, until=None, by=cast.alfa_admin)


def test_an_ended_role_may_be_given_again(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    held = Assignment.objects.get(employee=cast.alina)
    end_assignment(held, on=TODAY, by=cast.alfa_admin)
    tomorrow = TODAY + timedelta(days=1)
    again = assign(cast.alina, place=Place(place.alfa, role("sp1")), since=tomorrow, until=None, by=cast.alfa_admin)
    assert lines() == ["employees.assignment.end", "employees.assign"]
    end_assignment(again, on=TODAY, by=cast.alfa_admin)  # has not begun: dropped
    assert list(Assignment.objects.filter(employee=cast.alina)) == [held]


WRONG_PERIODS = [(date(2026, 5, 2), date(2026, 5, 1))]


def test_today_is_that_of_the_organisation(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    """Between the first and the last place on earth there is always midnight: the server's day does not count."""
    first, last = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")
    place.alfa.time_zone = first.key
    place.alfa.save(update_fields=["time_zone"])
    row = cast.alina.assignments.get()
    row.since = timezone.localdate(timezone=first)
    row.save(update_fields=["since"])
    with timezone.override(last):
        assert Employee.objects.get(pk=cast.alina.pk).assignment == row
    row.since = row.until = timezone.localdate(timezone=last)
    row.save(update_fields=["since", "until"])
    with timezone.override(last):
        assert Employee.objects.get(pk=cast.alina.pk).assignment is None


@pytest.mark.parametrize(("since", "until"), WRONG_PERIODS)
def test_an_assignment_runs_forward(cast: SimpleNamespace, place: SimpleNamespace, since: date, until: date) -> None:
    with pytest.raises(errors.AssignmentRunsBackward):
        assign(cast.timur, place=Place(place.alfa, role("sp2")), since=since, until=until, by=cast.alfa_admin)


def test_a_department_of_another_organisation(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    foreign = Department.objects.create(organisation=place.beta, name="Экспертиза")
    with pytest.raises(errors.ForeignPart):
        assign(cast.timur, place=Place(place.alfa, role("sp2"), foreign), since=TODAY, until=None, by=cast.alfa_admin)


def test_the_past_stays(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    past = Assignment.objects.create(
        employee=cast.timur, organisation=place.alfa, role=role("sp1"), since=date(2020, 1, 1), until=date(2021, 1, 1)
    )
    with pytest.raises(errors.AlreadyEnded):
        end_assignment(past, on=TODAY, by=cast.alfa_admin)


def test_nobody_gives_herself_anything(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    me = cast.alfa_admin
    with pytest.raises(errors.OwnAccount):
        assign(me, place=Place(place.alfa, role("sp3")), since=TODAY, until=None, by=me)
    with pytest.raises(errors.OwnAccount):
        end_assignment(Assignment.objects.get(employee=me), on=TODAY, by=me)
    for verb in (employees.unlock, employees.open_entry, employees.reset_password):
        with pytest.raises(errors.OwnAccount):
            verb(me, by=me)


def test_another_insurers_people_do_not_exist(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    for verb in (employees.unlock, employees.open_entry, employees.reset_password):
        with pytest.raises(errors.NotYours):
            verb(cast.vera, by=cast.alfa_admin)
    with pytest.raises(errors.NotYours):
        assign(cast.alina, place=Place(place.beta, role("sp1")), since=TODAY, until=None, by=cast.alfa_admin)


def test_one_who_works_elsewhere_too_is_kept_by_the_fund(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    assign(cast.alina, place=Place(place.beta, role("sp1")), since=TODAY, until=None, by=cast.admin)
    with pytest.raises(errors.WorksElsewhere):
        employees.reset_password(cast.alina, by=cast.alfa_admin)
    assert employees.reset_password(cast.alina, by=cast.admin)


def test_the_fund_is_not_managed_by_an_insurer(cast: SimpleNamespace) -> None:
    with pytest.raises(errors.NotYours):
        employees.reset_password(cast.admin, by=cast.alfa_admin)


def test_the_last_administrator_stays(cast: SimpleNamespace, place: SimpleNamespace) -> None:
    held = Assignment.objects.get(employee=cast.alfa_admin)
    with pytest.raises(errors.LastAdministrator):
        employees.close_entry(cast.alfa_admin, why="уволена", by=cast.admin)
    with pytest.raises(errors.LastAdministrator):
        end_assignment(held, on=TODAY, by=cast.admin)

    assign(cast.boris, place=Place(place.alfa, role("administrator")), since=TODAY, until=TODAY, by=cast.admin)
    with pytest.raises(errors.LastAdministrator):
        end_assignment(held, on=TODAY, by=cast.admin)  # the other one ends today as well
    assign(cast.timur, place=Place(place.alfa, role("administrator")), since=TODAY, until=None, by=cast.admin)
    end_assignment(held, on=TODAY, by=cast.admin)


def test_the_console_keeps_the_last_administrator_too(cast: SimpleNamespace) -> None:
    with pytest.raises(errors.LastAdministrator):
        employees.close_entry(cast.alfa_admin, why="уволена", by=None)


def test_entry_is_closed_with_a_reason_and_opened(cast: SimpleNamespace) -> None:
    with pytest.raises(errors.ReasonMissing):
        employees.close_entry(cast.alina, why="  ", by=cast.alfa_admin)
    employees.close_entry(cast.alina, why="отпуск", by=cast.alfa_admin)
    cast.alina.refresh_from_db()
    assert (cast.alina.is_active, cast.alina.blocked_why) == (False, "отпуск")
    employees.open_entry(cast.alina, by=cast.alfa_admin)
    cast.alina.refresh_from_db()
    assert (cast.alina.is_active, cast.alina.blocked_why) == (True, "")
    assert lines() == ["employees.entry.close", "employees.entry.open"]


def test_unlocking_forgets_failures(cast: SimpleNamespace) -> None:
    AccessAttempt.objects.create(username="alina", ip_address="10.0.0.1", user_agent="", failures_since_start=10)
    employees.unlock(cast.alina, by=cast.alfa_admin)
    assert not AccessAttempt.objects.exists()
    assert lines() == ["employees.unlock"]


def test_rights_of_a_role_change_with_a_line(cast: SimpleNamespace) -> None:
    row = role("sp1")
    rights = {*row.rights, Right.INSURED_HISTORY.value} - {Right.INSURED_EDIT.value}
    roles.change_rights(row, version=row.version, rights=rights, by=cast.admin)
    assert AuditLine.objects.get().details == {
        "role": "sp1",
        "added": ["insured:history"],
        "removed": ["insured:edit"],
    }
    assert set(role("sp1").rights) == rights


def test_only_the_fund_edits_roles(cast: SimpleNamespace) -> None:
    for who in (cast.alfa_admin, cast.alina, cast.auditor):
        with pytest.raises(errors.OnlyFundEditsRoles):
            roles.change_rights(role("sp1"), version=1, rights=set(), by=who)


def test_nobody_raises_her_own_role(cast: SimpleNamespace) -> None:
    row = role("administrator")
    Role.objects.filter(pk=row.pk).update(rights=sorted(set(row.rights) - {Right.INSURED_EXPORT.value}))
    admin = Employee.objects.get(pk=cast.admin.pk)
    with pytest.raises(errors.OwnRights):
        roles.change_rights(row, version=row.version, rights=set(row.rights), by=admin)


def test_somebody_can_always_edit_roles(cast: SimpleNamespace) -> None:
    row = role("administrator")
    with pytest.raises(errors.NobodyCouldEditRoles):
        roles.change_rights(row, version=1, rights=set(row.rights) - {Right.ROLES_EDIT.value}, by=cast.admin)
    assert Right.ROLES_EDIT in role("administrator").rights


def test_a_lost_second_step_is_taken_off_by_an_administrator(cast: SimpleNamespace) -> None:
    Authenticator.objects.create(user=cast.alina, type=Authenticator.Type.TOTP, data={})
    assert employees.drop_second_step(cast.alina, by=cast.alfa_admin) == 1
    assert not Authenticator.objects.filter(user=cast.alina).exists()
    line = AuditLine.objects.get(action="entrance.second_step.removed")
    assert (line.employee_id, line.subject_id) == (cast.alfa_admin.pk, str(cast.alina.pk))
    assert employees.drop_second_step(cast.alina, by=cast.alfa_admin) == 0


def test_nobody_takes_off_the_second_step_of_a_stranger(cast: SimpleNamespace) -> None:
    Authenticator.objects.create(user=cast.vera, type=Authenticator.Type.TOTP, data={})
    with pytest.raises(errors.DomainError):
        employees.drop_second_step(cast.vera, by=cast.alfa_admin)
    assert Authenticator.objects.filter(user=cast.vera).exists()
