"""People at work: the account, and where she works as what, over time."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, timedelta
from functools import cached_property
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone

from opora.access.rights import Right
from opora.access.scope import Scope, Sees, enter
from opora.organisations.models.organisation import Department, Organisation, Post
from opora.organisations.models.role import Role
from opora.shared.prepared import prepared


class EmployeeQuerySet(models.QuerySet["Employee"]):
    def accessible_to(self, employee: Employee) -> Self:
        """Colleagues of the organisations she may manage, by any assignment, past ones too."""
        if employee.scope.sees == Sees.ALL:
            return self
        organisations = Organisation.objects.manageable_by(employee)
        return self.filter(Exists(Assignment.objects.filter(employee=OuterRef("pk"), organisation__in=organisations)))


class EmployeeManager(BaseUserManager["Employee"]):
    def get_by_natural_key(self, username: str | None) -> Employee:
        return self.get(login__iexact=username)

    def create_employee(self, login: str, password: str | None = None, **fields: Any) -> Employee:
        employee = self.model(login=login.strip().lower(), **fields)
        employee.set_password(password)
        employee.save(using=self._db)
        return employee


class Employee(AbstractBaseUser):
    """One person with one login; what she may do follows from the assignment she works under now."""

    login = models.CharField("логин", max_length=64, unique=True)
    surname = models.CharField("фамилия", max_length=100)
    given_name = models.CharField("имя", max_length=100)
    patronymic = models.CharField("отчество", max_length=100, blank=True, default="")
    email = models.EmailField("рабочая почта", blank=True, default="")
    phone = models.CharField("внутренний телефон", max_length=20, blank=True, default="")
    guid = models.UUIDField("GUID в обмене", default=uuid.uuid4, unique=True)
    is_active = models.BooleanField("может входить", default=True)
    blocked_why = models.CharField("почему закрыт вход", max_length=200, blank=True, default="")
    must_change_password = models.BooleanField("сменить пароль при входе", default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["surname", "given_name"]

    objects = EmployeeManager.from_queryset(EmployeeQuerySet)()

    class Meta:
        verbose_name = "сотрудник"
        verbose_name_plural = "сотрудники"
        ordering = ["surname", "given_name", "pk"]
        constraints = [models.CheckConstraint(condition=Q(login=Lower("login")), name="employee_login_is_lower_case")]

    def __str__(self) -> str:
        return self.short_name

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def short_name(self) -> str:
        initials = " ".join(f"{part[0]}." for part in (self.given_name, self.patronymic) if part)
        return f"{self.surname} {initials}".strip()

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.short_name

    @cached_property
    def current_assignments(self) -> list[Assignment]:
        """Assignments in force today, the oldest first; one query, read past row security by the sign-in scope.

        Today is that of each organisation's own clock: who is employed in Novosibirsk at one in the morning works at
        once, although the server in Moscow still has yesterday.
        """
        with enter(Scope.system("who signs in is found before her scope is known")):
            day = timezone.now().astimezone(UTC).date()
            found = _in_force(self.pk, day - A_DAY, day + A_DAY)
            return [one for one in found if one.is_current(timezone.localdate(timezone=one.organisation.zone))]

    @cached_property
    def assignment(self) -> Assignment | None:
        """The assignment she works under; the session middleware may have chosen another than the first."""
        return next(iter(self.current_assignments), None)

    def holds(self, right: Right | str) -> bool:
        return self.is_active and self.assignment is not None and right in self.assignment.role.rights

    def still_holds(self, right: Right | str, *, under: int) -> bool:
        """Whether she still works under an assignment of hers (its key) and it gives the right.

        What a place let her see is not luggage: a file made there stays there when she leaves.
        """
        places = {one.pk: one.role.rights for one in self.current_assignments}
        return self.is_active and right in places.get(under, ())

    @property
    def scope(self) -> Scope:
        """How far she sees: the fund — its territory, an insurer — its insured, a clinic — those attached to it."""
        return self.assignment.scope if self.assignment else Scope(employee=self.pk)

    @property
    def representative_level(self) -> int | None:
        return self.assignment.role.representative_level if self.assignment else None


A_DAY = timedelta(days=1)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def current(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)

    def ending(self, *, within: timedelta, today: date | None = None) -> Self:
        """In force today and over soon."""
        day = today or timezone.localdate()
        return self.current(day).filter(until__lte=day + within)

    def end_before(self, day: date) -> int:
        """Let those in force on the day end the evening before; return how many."""
        return self.current(day).update(until=day - timedelta(days=1))


class Assignment(models.Model):
    """Works in ``organisation`` as ``role`` from ``since`` to ``until`` (both inclusive, ``None`` — still)."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="assignments", verbose_name="сотрудник")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="assignments", verbose_name="организация"
    )
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name="отдел")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, verbose_name="пост в клинике")
    role = models.ForeignKey(Role, models.PROTECT, related_name="assignments", verbose_name="роль")
    since = models.DateField("с", default=timezone.localdate)
    until = models.DateField("по", null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "назначение"
        verbose_name_plural = "назначения"
        triggers = [
            pgtrigger.Trigger(
                name="role_fits_organisation",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM organisations_role r, organisations_organisation o
                                    WHERE r.id = NEW.role_id AND o.id = NEW.organisation_id
                                      AND o.kind = ANY (r.organisation_kinds)) THEN
                        RAISE EXCEPTION 'role % does not fit organisation %', NEW.role_id, NEW.organisation_id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_role_fits_organisation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="assignment_runs_forward",
                violation_error_message="Назначение не может закончиться раньше, чем началось.",
            ),
            ExclusionConstraint(
                name="assignment_same_role_once_at_a_time",
                expressions=[
                    ("employee", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (
                        Func(
                            "since",
                            "until",
                            RangeBoundary(inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Такое назначение уже есть на эти дни.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role.short_name}, {self.organisation.name}"

    def clean(self) -> None:
        if self.role_id and self.organisation_id and not self.role.fits(self.organisation):
            kind = self.organisation.get_kind_display().lower()
            raise ValidationError({"role": f"Роль «{self.role}» не бывает в организации этого вида ({kind})."})
        if self.department_id and self.department and self.department.organisation_id != self.organisation_id:
            raise ValidationError({"department": "Этот отдел другой организации."})

    def is_current(self, day: date) -> bool:
        return self.since <= day and (self.until is None or self.until >= day)

    @property
    def scope(self) -> Scope:
        organisation = self.organisation
        level = self.role.representative_level if self.role_id else None
        scope = Scope(organisation=organisation.pk, employee=self.employee_id, level=level)
        match organisation.kind:
            case Organisation.Kind.FUND:
                return replace(scope, sees=Sees.TERRITORY, territory=organisation.territory_id)
            case Organisation.Kind.INSURER:
                return replace(scope, sees=Sees.INSURER, insurer=organisation.pk)
            case Organisation.Kind.BRANCH:
                territory = organisation.territory_id
                return replace(scope, sees=Sees.INSURER, insurer=organisation.parent_id, territory=territory)
            case Organisation.Kind.PROVIDER:
                return replace(scope, sees=Sees.PROVIDER, provider=organisation.pk)
            case _:
                return scope


@prepared
def _in_force(employee: int, last: date, first: date) -> models.QuerySet[Assignment]:
    """Not over on ``last``, begun by ``first``: a day wide, for the clock of any place on earth."""
    found = Assignment.objects.filter(Q(until=None) | Q(until__gte=last), since__lte=first, employee=employee)
    return found.select_related("role", "organisation__territory", "organisation__parent")


class PasswordTrace(models.Model):
    """Hashes of former passwords, so that the last five are not used again."""

    employee = models.ForeignKey(Employee, models.CASCADE, related_name="password_traces")
    password = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.at:%Y-%m-%d}"
