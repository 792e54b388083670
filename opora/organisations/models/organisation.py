"""Territories, organisations, their sites, departments, hours and posts in clinics."""

from __future__ import annotations

import zoneinfo
from datetime import date, time
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

if TYPE_CHECKING:
    from opora.organisations.models.employee import Employee

digits_only = RegexValidator(r"^\d+$", "Код состоит из цифр, нули впереди сохраняются.")


def check_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(f"Нет такого часового пояса: «{name}». Пример: Asia/Novosibirsk.")


class Territory(models.Model):
    """A subject of the Federation with its own fund. Reference table: every large table names its territory."""

    code = models.CharField("код ОКАТО", max_length=5, primary_key=True, validators=[digits_only])
    name = models.CharField("название", max_length=200, unique=True)
    time_zone = models.CharField("часовой пояс", max_length=64, validators=[check_time_zone])

    class Meta:
        verbose_name = "территория"
        verbose_name_plural = "территории"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def accessible_to(self, employee: Employee) -> Self:
        """The reference book of her territory and the funds of all others: an operator names their numbers aloud."""
        if employee.scope.sees == "all":
            return self
        if employee.assignment is None:
            return self.none()
        home = employee.assignment.organisation.territory_id
        return self.filter(Q(territory=home) | Q(kind=Organisation.Kind.FUND))

    def manageable_by(self, employee: Employee) -> Self:
        """Organisations whose people she may change: her own and its branches; for the fund — its territory."""
        scope = employee.scope
        if scope.sees == "all":
            return self
        if scope.sees == "territory":
            return self.filter(territory=scope.territory)
        return self.filter(Q(pk=scope.organisation) | Q(parent=scope.organisation))

    def current(self, on: date | None = None) -> Self:
        """Not closed by ``on`` (today)."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=on or timezone.localdate()))

    def insurers(self) -> Self:
        return self.filter(kind=Organisation.Kind.INSURER)

    def providers(self) -> Self:
        return self.filter(kind=Organisation.Kind.PROVIDER)


class Organisation(models.Model):
    """A legal body (or an insurer's branch) that takes part in ОМС. ``code`` is its registry code, always text."""

    class Kind(models.TextChoices):
        FUND = "fund", "Территориальный фонд"
        INSURER = "insurer", "Страховая организация"
        BRANCH = "branch", "Филиал страховой"
        PROVIDER = "provider", "Медицинская организация"
        AUTHORITY = "authority", "Орган власти"

    kind = models.CharField("вид", max_length=12, choices=Kind)
    code = models.CharField(
        "код в реестре", max_length=20, validators=[digits_only], help_text="Реестры F002, F003; нули впереди важны."
    )
    name = models.CharField("краткое название", max_length=200)
    full_name = models.CharField("полное название", max_length=500, blank=True, default="")
    territory = models.ForeignKey(Territory, models.PROTECT, verbose_name="территория")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="branches", verbose_name="головная организация"
    )
    time_zone = models.CharField(
        "часовой пояс",
        max_length=64,
        blank=True,
        default="",
        validators=[check_time_zone],
        help_text="Пусто — пояс территории.",
    )
    address = models.CharField("адрес", max_length=500, blank=True, default="")
    email = models.EmailField("почта", blank=True, default="")
    website = models.URLField("сайт", blank=True, default="")
    closed_on = models.DateField("закрыта с", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "организация"
        verbose_name_plural = "организации"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code"], name="organisation_code_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^\d{1,20}$"), name="organisation_code_is_digits"),
            models.CheckConstraint(
                condition=Q(kind="branch", parent__isnull=False) | ~Q(kind="branch") & Q(parent=None),
                name="organisation_only_branches_have_parent",
                violation_error_message="Головная организация указывается у филиала страховой и только у него.",
            ),
        ]
        indexes = [models.Index(fields=["territory", "kind", "name"], name="organisation_reference_book")]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone or self.territory.time_zone)


class Site(models.Model):
    """A building of a clinic where people come."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="sites", verbose_name="организация")
    code = models.CharField("код подразделения", max_length=50, blank=True, default="")
    name = models.CharField("название", max_length=200)
    address = models.CharField("адрес", max_length=500)
    phone = models.CharField("телефон регистратуры", max_length=20, blank=True, default="")
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        verbose_name = "площадка"
        verbose_name_plural = "площадки"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="site_name_once_per_organisation"),
        ]

    def __str__(self) -> str:
        return self.name


class HotLine(models.Model):
    """A number a citizen phones; an operator of another body names it when she hands a caller over."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="hot_lines", verbose_name="организация")
    phone = models.CharField("телефон", max_length=20)
    title = models.CharField("о чём звонят", max_length=200, default="Горячая линия")
    is_round_the_clock = models.BooleanField("круглосуточно", default=False)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        verbose_name = "горячая линия"
        verbose_name_plural = "горячие линии"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "phone"], name="hot_line_once")]

    def __str__(self) -> str:
        return self.phone


class Post(models.Model):
    """A desk of the insurer's representative inside a clinic (пост страхового представителя)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="posts", verbose_name="чей пост")
    site = models.ForeignKey(Site, models.PROTECT, related_name="posts", verbose_name="где")
    room = models.CharField("кабинет", max_length=50, blank=True, default="")
    phone = models.CharField("телефон", max_length=20, blank=True, default="")
    since = models.DateField("работает с", null=True, blank=True)
    until = models.DateField("работает по", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        verbose_name = "пост в клинике"
        verbose_name_plural = "посты в клиниках"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")), name="post_period_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"Пост: {self.site}"


class WorkingHours(models.Model):
    """One interval of one weekday of an organisation, a site or a post; several a day are allowed (a lunch break).

    Closing at 00:00 is the midnight that ends the day: round the clock is 00:00–00:00 (``opora.organisations.hours``).
    """

    class Weekday(models.IntegerChoices):
        MONDAY = 1, "понедельник"
        TUESDAY = 2, "вторник"
        WEDNESDAY = 3, "среда"
        THURSDAY = 4, "четверг"
        FRIDAY = 5, "пятница"
        SATURDAY = 6, "суббота"
        SUNDAY = 7, "воскресенье"

    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="working_hours")
    site = models.ForeignKey(Site, models.CASCADE, null=True, blank=True, related_name="working_hours")
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField("день", choices=Weekday)
    opens_at = models.TimeField("с")
    closes_at = models.TimeField("до")

    class Meta:
        verbose_name = "часы работы"
        verbose_name_plural = "часы работы"
        ordering = ["weekday", "opens_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")) | Q(closes_at=time()), name="working_hours_run_forward"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, site=None, post=None)
                | Q(organisation=None, site__isnull=False, post=None)
                | Q(organisation=None, site=None, post__isnull=False),
                name="working_hours_have_one_owner",
            ),
            models.CheckConstraint(condition=Q(weekday__range=(1, 7)), name="working_hours_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens_at:%H:%M}–{self.closes_at:%H:%M}"


class Department(models.Model):
    """A part of an organisation: the contact centre, the expert department."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="departments", verbose_name="организация"
    )
    name = models.CharField("название", max_length=200)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        verbose_name = "отдел"
        verbose_name_plural = "отделы"
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="department_name_once")]

    def __str__(self) -> str:
        return self.name
