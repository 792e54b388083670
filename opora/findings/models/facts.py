"""What appeals say of clinics, and the same counted by days. Both are folds of the journal: they may be made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from opora.access.scope import Sees
from opora.appeals.models import Appeal, Grant
from opora.appeals.words import Depth
from opora.classifiers.words import Kind
from opora.findings.words import What
from opora.organisations.models import WithoutClinics

if TYPE_CHECKING:
    from opora.access.scope import Scope
    from opora.organisations.models import Employee

NOBODY = 0  # instead of an insurer: the fund answers; instead of a clinic: none was named


class FactQuerySet(models.QuerySet["Fact"]):
    """A fact is seen as deep as the reasons of its appeal."""

    def accessible_to(self, employee: Employee) -> Self:
        return self.within(employee.scope)

    def within(self, scope: Scope) -> Self:
        if scope.sees == Sees.ALL:
            return self
        seen = Grant.objects.within(scope).of_depth(scope, Depth.TEXT)
        return self.filter(Exists(seen.filter(appeal=OuterRef("appeal_id"))))


class Cell(models.Model):
    """What facts and counts are told apart by. ``day`` is local to the territory; ``code`` — topic or service."""

    id = models.BigAutoField(primary_key=True)
    territory = models.CharField("территория", max_length=5)
    day = models.DateField("день")
    insurer_id = models.BigIntegerField("страховая", default=NOBODY)
    provider_id = models.BigIntegerField("клиника", default=NOBODY)
    what = models.CharField("о чём", max_length=8, choices=What)
    code = models.CharField("тема или услуга", max_length=20, blank=True, default="")
    suspicion = models.CharField("подозрение", max_length=16, blank=True, default="")
    kind = models.CharField("вид", max_length=16, choices=Kind)

    class Meta:
        abstract = True


class Fact(Cell):
    """What one appeal says of one clinic. ``days`` None — nobody said how long; ``appeal`` may have several facts."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="+")
    days = models.PositiveIntegerField("сколько дней ждать", null=True)
    is_over = models.BooleanField("дольше предела", default=False)

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = "факт"
        verbose_name_plural = "факты"
        indexes = [
            models.Index(fields=["territory", "day"], name="fact_of_day"),
            models.Index(fields=["provider_id", "what", "day"], name="fact_of_clinic"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.provider_id} {self.code}"


class Day(Cell):
    """Facts of one cell counted: ``number`` appeals, ``over`` of them over the limit, ``days`` told, ascending."""

    number = models.PositiveIntegerField("обращений")
    over = models.PositiveIntegerField("дольше предела")
    days = ArrayField(models.PositiveIntegerField(), verbose_name="сколько ждать", default=list)

    objects = WithoutClinics.as_manager()

    class Meta:
        verbose_name = "счёт за день"
        verbose_name_plural = "счёт по дням"
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "day", "insurer_id", "provider_id", "what", "code", "suspicion", "kind"],
                name="day_cell_once",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="day_counts_something"),
        ]
        indexes = [
            models.Index(fields=["insurer_id", "day"], name="day_of_insurer"),
            models.Index(fields=["provider_id", "day"], name="day_of_clinic"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.provider_id} {self.code}: {self.number}"


class Cursor(models.Model):
    """How far the chain has been read: one row. Its lock lets one process read at a time."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    turn = models.BigIntegerField("очередь", default=0)
    read_at = models.DateTimeField("когда прочитано", null=True)

    class Meta:
        verbose_name = "прочитано из журнала"
        verbose_name_plural = "прочитано из журнала"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="findings_one_cursor")]

    def __str__(self) -> str:
        return str(self.turn)
