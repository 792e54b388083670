"""What the wall board reads: counters that triggers keep beside the journal, and the screens it may be shown on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.organisations.models import Employee, Organisation

if TYPE_CHECKING:
    from datetime import datetime


class DayTally(models.Model):
    """Answers by the day they were given: triggers add ``change`` rows, the chainer folds them together.

    The sum of ``change`` over (territory, handler, line, answered_on) is how many appeals that are there now were
    answered on that day of the territory's clock; ``is_in_time`` — not later than the last moment of their term.
    """

    id = models.BigAutoField(primary_key=True)
    territory = models.CharField(max_length=5)
    handler_id = models.BigIntegerField()
    line = models.CharField(max_length=8)
    answered_on = models.DateField()
    is_in_time = models.BooleanField()
    change = models.IntegerField()
    is_folded = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = "счёт ответов"
        verbose_name_plural = "счёт ответов"
        indexes = [
            models.Index(fields=["answered_on", "territory", "handler_id"], name="day_tally_board"),
            models.Index(fields=["id"], condition=Q(is_folded=False), name="day_tally_to_fold"),
        ]

    def __str__(self) -> str:
        return f"{self.handler_id} {self.answered_on}: {self.change:+}"


class PromiseTally(models.Model):
    """Promised calls that are still open, by the moment they are due; kept as ``DayTally`` is."""

    id = models.BigAutoField(primary_key=True)
    territory = models.CharField(max_length=5)
    handler_id = models.BigIntegerField()
    due_at = models.DateTimeField()
    change = models.IntegerField()
    is_folded = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = "счёт обещанных звонков"
        verbose_name_plural = "счёт обещанных звонков"
        indexes = [
            models.Index(fields=["territory", "handler_id", "due_at"], name="promise_tally_board"),
            models.Index(fields=["id"], condition=Q(is_folded=False), name="promise_tally_to_fold"),
        ]

    def __str__(self) -> str:
        return f"{self.handler_id} {self.due_at:%Y-%m-%d %H:%M}: {self.change:+}"


class Queued(models.Model):
    """An open appeal nobody has taken, and since when it waits in this queue; a trigger keeps and removes it."""

    appeal_id = models.UUIDField(primary_key=True)
    territory = models.CharField(max_length=5)
    handler_id = models.BigIntegerField()
    line = models.CharField(max_length=8)
    since = models.DateTimeField()

    class Meta:
        verbose_name = "ждёт в очереди"
        verbose_name_plural = "ждут в очереди"
        indexes = [models.Index(fields=["territory", "handler_id", "line", "since"], name="queued_longest")]

    def __str__(self) -> str:
        return f"ждёт с {self.since:%Y-%m-%d %H:%M}"


class ScreenQuerySet(models.QuerySet["Screen"]):
    def accessible_to(self, employee: Employee) -> Self:
        """Screens of the organisation she works at."""
        return self.filter(organisation=employee.scope.organisation)

    def working(self, now: datetime) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=now)


class Screen(models.Model):
    """A screen on a wall that shows the board of one organisation without a sign-in, until it expires or is revoked.

    Its secret is shown once; here lies only its hash. It belongs to the organisation,
    not to who made it.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="организация")
    name = models.CharField("где висит", max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name="кто сделал")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField("действует до")
    revoked_at = models.DateTimeField("отключён", null=True)
    seen_at = models.DateTimeField("когда показывал", null=True)

    objects = ScreenQuerySet.as_manager()

    class Meta:
        verbose_name = "экран табло"
        verbose_name_plural = "экраны табло"
        indexes = [models.Index(fields=["organisation", "-made_at"], name="screens_of_organisation")]

    def __str__(self) -> str:
        return self.name
