"""Which report is sent by e-mail, on which day, to whom; and what became of each sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.access.scope import Sees
from opora.audit.services import uuid7
from opora.organisations.models import Employee, Organisation
from opora.reports.periods import Period

if TYPE_CHECKING:
    from opora.access.scope import Scope


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def accessible_to(self, employee: Employee) -> Self:
        """Schedules of her organisation; the fund sees those of its territory."""
        return self.within(employee.scope)

    def within(self, scope: Scope) -> Self:
        match scope.sees:
            case Sees.ALL:
                return self
            case Sees.TERRITORY:
                return self.filter(territory=scope.territory)
            case Sees.INSURER:
                return self.filter(organisation=scope.organisation)
            case _:
                return self.none()

    def active(self) -> Self:
        return self.filter(is_active=True)


class Schedule(models.Model):
    """Расписание: a report of the last full month, quarter or year, sent on day ``day`` after the period is over.

    ``organisation`` is who sends: its e-mail provider carries the letters. Recipients are employees; each gets what she
    may see herself. ``filters`` narrow it as those of the page do (``narrowing.texts``). Lists of people never go.
    """

    class Of(models.TextChoices):
        MONTH = "month", "прошлый месяц"
        QUARTER = "quarter", "прошлый квартал"
        YEAR = "year", "прошлый год"

    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    territory = models.CharField("территория", max_length=5)
    report = models.CharField("отчёт", max_length=40)
    subject = models.CharField("чей", max_length=20)
    of = models.CharField("за какой период", max_length=8, choices=Of, default=Of.MONTH)
    day = models.PositiveSmallIntegerField(
        "какого числа",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
        help_text="Число месяца, который следует за периодом.",
    )
    filters = models.JSONField("отборы", default=dict, blank=True)
    form = models.CharField("вид файла", max_length=4, default="xlsx")
    recipients = ArrayField(models.BigIntegerField(), verbose_name="кому")
    is_active = models.BooleanField("отправлять", default=True)
    made_by = models.ForeignKey(Employee, models.PROTECT, db_index=False, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = "расписание отчёта"
        verbose_name_plural = "расписания отчётов"
        ordering = ["report", "subject", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(day__range=(1, 28)), name="schedule_day_is_in_every_month"),
        ]
        indexes = [models.Index(fields=["organisation", "report"], name="schedule_of_organisation")]

    def __str__(self) -> str:
        return f"{self.report} {self.subject}, {self.day}-го числа"


class SendingQuerySet(models.QuerySet["Sending"]):
    def accessible_to(self, employee: Employee) -> Self:
        return self.filter(schedule__in=Schedule.objects.accessible_to(employee))


class Sending(models.Model):
    """One letter of a schedule: one recipient, one period, once.

    ``GIVEN`` is written before the letter is handed over: a program that ends in between leaves «unknown», and what may
    have gone is not sent again by itself.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Ждёт"
        GIVEN = "given", "Отдаётся"
        SENT = "sent", "Отправлено"
        SKIPPED = "skipped", "Не отправляли"
        FAILED = "failed", "Не получилось"
        UNKNOWN = "unknown", "Неизвестно, дошло ли"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    schedule = models.ForeignKey(Schedule, models.PROTECT, db_index=False, related_name="sendings")
    period = models.CharField("период", max_length=10)
    recipient = models.ForeignKey(Employee, models.PROTECT, db_index=False, related_name="+")
    state = models.CharField("состояние", max_length=8, choices=State, default=State.WAITING)
    note = models.CharField("почему", max_length=300, blank=True, default="")
    tries = models.PositiveSmallIntegerField("попыток", default=0)
    next_at = models.DateTimeField("когда пробовать", default=timezone.now)
    changed_at = models.DateTimeField("когда изменилось", default=timezone.now)
    sha256 = models.CharField("SHA-256 отчёта", max_length=64, blank=True, default="")

    objects = SendingQuerySet.as_manager()

    class Meta:
        verbose_name = "отправка отчёта"
        verbose_name_plural = "отправки отчётов"
        ordering = ["-changed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "period", "recipient"], name="sending_once"),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state__in=["waiting", "given"]), name="sending_to_try"),
        ]

    def __str__(self) -> str:
        return f"{self.period}: {self.state}"

    @property
    def period_words(self) -> str:
        return Period.read(self.period).words
