"""Public informing: what was told to nobody by name."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.access.scope import Scope, Sees
from opora.audit.services import uuid7
from opora.informing.public.words import PublicEventKind, PublicKind, PublicSubject
from opora.organisations.models import Employee, Organisation, WithoutClinics
from opora.shared.triggers import append_only


class PublicQuerySet(WithoutClinics):
    """Rows of an insurer are its own and the fund's."""

    def standing(self) -> Self:
        """Without those that were written by mistake."""
        return self.filter(withdrawn_at=None)


class PublicInforming(models.Model):
    """Публичное информирование. ``insurer`` None — the fund told it. ``times`` — how many events the row stands for:
    issues, broadcasts, talks, stands.

    Nothing is changed in silence: each change leaves a ``PublicEvent`` with what stood before.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="кто информировал"
    )
    on = models.DateField("когда")
    kind = models.CharField("где", max_length=10, choices=PublicKind)
    subject = models.CharField("о чём", max_length=10, choices=PublicSubject)
    title = models.CharField("тема и место", max_length=300)
    times = models.PositiveIntegerField("сколько раз", default=1)
    made_at = models.DateTimeField("записано", default=timezone.now)
    withdrawn_at = models.DateTimeField("запись снята", null=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = "публичное информирование"
        verbose_name_plural = "публичное информирование"
        constraints = [models.CheckConstraint(condition=Q(times__gte=1), name="public_at_least_once")]
        indexes = [
            models.Index(fields=["territory", "-on", "-id"], name="public_of_territory"),
            models.Index(fields=["insurer", "-on", "-id"], name="public_of_insurer"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.kind} × {self.times}"


class PublicEventQuerySet(models.QuerySet):
    """What happened to a row is seen with it."""

    def accessible_to(self, employee: Employee) -> Self:
        return self.within(employee.scope)

    def within(self, scope: Scope) -> Self:
        return self if scope.sees == Sees.ALL else self.filter(row__in=PublicInforming.objects.within(scope))


class PublicEvent(models.Model):
    """What happened to a row: who, when, why; ``details`` hold what stood before. Append-only."""

    row = models.ForeignKey(PublicInforming, models.PROTECT, related_name="events")
    at = models.DateTimeField("когда", default=timezone.now)
    kind = models.CharField("что", max_length=10, choices=PublicEventKind)
    employee_id = models.BigIntegerField("кто", null=True)
    employee_name = models.CharField("кто", max_length=300, blank=True, default="")
    text = models.CharField("почему", max_length=500, blank=True, default="")
    details = models.JSONField("подробности", default=dict)

    objects = PublicEventQuerySet.as_manager()

    class Meta:
        verbose_name = "событие публичного информирования"
        verbose_name_plural = "события публичного информирования"
        ordering = ["-at", "-id"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"
