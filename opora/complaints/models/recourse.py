"""Suits of recourse: who harmed a person's health is sued for what the care has cost. Source: 326-ФЗ ст. 31."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from opora.access.scope import Scope, Sees
from opora.audit.services import uuid7
from opora.complaints.words import RecourseEventKind, RecourseOutcome
from opora.insured.models import Person
from opora.organisations.models import Employee, Organisation, WithoutClinics
from opora.shared.triggers import append_only

PAYING = (RecourseOutcome.SATISFIED, RecourseOutcome.PARTLY, RecourseOutcome.SETTLED)


def sum_of(title: str) -> Any:
    return models.DecimalField(title, max_digits=12, decimal_places=2, default=0)


class Sums(models.Model):
    """What is asked for or came, in roubles, by what it is for (form ПГ, table 4)."""

    care = sum_of("за помощь")
    expertise = sum_of("за экспертизу")
    costs = sum_of("издержки")

    class Meta:
        abstract = True

    @property
    def total(self) -> Decimal:
        return self.care + self.expertise + self.costs


def sums_are_right(name: str) -> models.CheckConstraint:
    not_below_zero = Q(care__gte=0, expertise__gte=0, costs__gte=0)
    return models.CheckConstraint(
        condition=not_below_zero & (Q(care__gt=0) | Q(expertise__gt=0) | Q(costs__gt=0)), name=name
    )


class RecourseQuerySet(WithoutClinics):
    """Suits of an insurer are its own and the fund's; a clinic has no part in them."""

    def standing(self) -> Self:
        """Without those that were written by mistake."""
        return self.filter(withdrawn_at=None)


class Recourse(Sums):
    """Регрессный иск. ``insurer`` None — the fund itself sues. Sums are those of the suit.

    Nothing is changed in silence: each change leaves a ``RecourseEvent`` with what stood before. ``withdrawn_at`` — the
    row was a mistake and counts nowhere; a suit given up in court is an outcome.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="кто подал"
    )
    filed_on = models.DateField("подан")
    court = models.CharField("суд", max_length=200)
    number = models.CharField("номер дела", max_length=60, blank=True, default="")
    provider = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="клиника"
    )
    care_note = models.CharField("какую помощь оплатили", max_length=500, blank=True, default="")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кому оказали помощь"
    )
    outcome = models.CharField("исход", max_length=10, choices=RecourseOutcome, blank=True, default="")
    decided_on = models.DateField("решён", null=True, blank=True)
    made_at = models.DateTimeField("записан", default=timezone.now)
    withdrawn_at = models.DateTimeField("запись снята", null=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = RecourseQuerySet.as_manager()

    class Meta:
        verbose_name = "регрессный иск"
        verbose_name_plural = "регрессные иски"
        constraints = [
            sums_are_right("recourse_sums"),
            models.CheckConstraint(
                condition=Q(outcome="", decided_on=None) | ~Q(outcome="") & Q(decided_on__gte=F("filed_on")),
                name="recourse_decided_after_filed",
            ),
            models.UniqueConstraint(
                fields=["territory", "insurer", "court", "number"],
                condition=~Q(number="") & Q(withdrawn_at=None),
                nulls_distinct=False,
                name="recourse_written_once",
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "-filed_on", "-id"], name="recourse_of_territory"),
            models.Index(fields=["insurer", "-filed_on", "-id"], name="recourse_of_insurer"),
        ]

    def __str__(self) -> str:
        return f"регрессный иск {self.number or self.filed_on}"

    @property
    def may_be_paid(self) -> bool:
        return self.withdrawn_at is None and self.outcome in PAYING


class OfRecourseQuerySet(models.QuerySet):
    """Rows that are seen with their suit."""

    def accessible_to(self, employee: Employee) -> Self:
        return self.within(employee.scope)

    def within(self, scope: Scope) -> Self:
        return self if scope.sees == Sees.ALL else self.filter(recourse__in=Recourse.objects.within(scope))


class RecoursePayment(Sums):
    """Взыскание: money that came by a suit, on its day; a suit is often paid in parts. Taken back, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    recourse = models.ForeignKey(Recourse, models.PROTECT, related_name="payments")
    on = models.DateField("когда пришли деньги")
    made_at = models.DateTimeField("записано", default=timezone.now)
    withdrawn_at = models.DateTimeField("снято", null=True)

    objects = OfRecourseQuerySet.as_manager()

    class Meta:
        verbose_name = "взыскание по регрессу"
        verbose_name_plural = "взыскания по регрессу"
        ordering = ["on", "made_at"]
        constraints = [sums_are_right("recoursepayment_sums")]

    def __str__(self) -> str:
        return f"{self.on}: {self.total}"


class RecourseEvent(models.Model):
    """What happened to a suit: who, when, why; ``details`` hold what stood before. Append-only."""

    recourse = models.ForeignKey(Recourse, models.PROTECT, related_name="events")
    at = models.DateTimeField("когда", default=timezone.now)
    kind = models.CharField("что", max_length=10, choices=RecourseEventKind)
    employee_id = models.BigIntegerField("кто", null=True)
    employee_name = models.CharField("кто", max_length=300, blank=True, default="")
    text = models.CharField("почему", max_length=500, blank=True, default="")
    details = models.JSONField("подробности", default=dict)

    objects = OfRecourseQuerySet.as_manager()

    class Meta:
        verbose_name = "событие регрессного иска"
        verbose_name_plural = "события регрессных исков"
        ordering = ["-at", "-id"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"
