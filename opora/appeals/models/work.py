"""Work around an appeal: a promise to phone back, a draft of intake, and how long intake takes."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.appeals.models.appeal import Appeal
from opora.appeals.words import CallbackState
from opora.audit.services import uuid7
from opora.classifiers.words import Line
from opora.organisations.models import Employee, Organisation


class CallbackQuerySet(models.QuerySet["Callback"]):
    def open(self) -> Self:
        return self.filter(state=CallbackState.OPEN)

    def of_line(self, holder: int, line: Line) -> Self:
        """Open ones that are nobody's, of appeals a line of this organisation answers for."""
        houses = Organisation.objects.filter(Q(pk=holder) | Q(parent=holder)).values("pk")
        return self.open().filter(owner=None, organisation__in=houses, appeal__handler=holder, appeal__line=line)


class Callback(models.Model):
    """Обещание перезвонить: who, until when. Stays open until it is done or given up with words."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="callbacks")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="+", verbose_name="кто перезвонит")
    due_at = models.DateTimeField("перезвонить до")
    phone = models.CharField("номер", max_length=20, blank=True, default="")
    note = models.CharField("о чём", max_length=300, blank=True, default="")
    attempts = models.PositiveSmallIntegerField("попыток", default=0)
    state = models.CharField("состояние", max_length=10, choices=CallbackState, default=CallbackState.OPEN)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    done_at = models.DateTimeField(null=True)

    objects = CallbackQuerySet.as_manager()

    class Meta:
        verbose_name = "обещание перезвонить"
        verbose_name_plural = "обещания перезвонить"
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=CallbackState.OPEN, done_at=None)
                | ~Q(state=CallbackState.OPEN) & Q(done_at__isnull=False),
                name="callback_ends_with_moment",
            )
        ]
        indexes = [
            models.Index(fields=["owner", "due_at"], condition=Q(state="open"), name="callback_of_owner"),
            models.Index(fields=["organisation", "due_at"], condition=Q(state="open"), name="callback_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"перезвонить до {self.due_at:%Y-%m-%d %H:%M}"


class Draft(models.Model):
    """What an operator has typed into intake so far. Hers alone; ``step`` only grows, an older save never wins."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    body = models.JSONField("поля", default=dict)
    step = models.PositiveIntegerField("сохранение", default=0)
    call_id = models.CharField("звонок", max_length=64, blank=True, default="")
    opened_at = models.DateTimeField("открыт", default=timezone.now)
    saved_at = models.DateTimeField("сохранён", default=timezone.now)
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "черновик обращения"
        verbose_name_plural = "черновики обращений"
        indexes = [models.Index(fields=["employee", "-saved_at"], name="draft_of_employee")]

    def __str__(self) -> str:
        return f"черновик {self.pk}"


class IntakeTime(models.Model):
    """How long it took from opening intake to saving, by topic: seconds without a name. Nobody is judged by it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    line = models.CharField(max_length=8)
    topic_code = models.CharField(max_length=14)
    on = models.DateField()
    seconds = models.PositiveIntegerField()

    class Meta:
        verbose_name = "время приёма"
        verbose_name_plural = "время приёма"
        indexes = [models.Index(fields=["organisation", "on", "topic_code"], name="intake_time_by_day")]

    def __str__(self) -> str:
        return f"{self.topic_code}: {self.seconds} с"
