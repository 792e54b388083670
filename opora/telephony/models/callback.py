"""Somebody waits for our call."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.organisations.models import Employee, Organisation
from opora.telephony.models.call import Call
from opora.telephony.models.line import Line, OwnQuerySet
from opora.telephony.words import TaskState, Why


class CallBackQuerySet(OwnQuerySet):
    def open(self) -> CallBackQuerySet:
        return self.filter(state=TaskState.OPEN)


class CallBack(models.Model):
    """Перезвонить: one open task for a number and an organisation, one owner; ``missed`` counts unanswered calls.

    ``called_at`` is his latest call; a later conversation with him closes the task by itself. ``not_before`` is when
    to try again after nobody answered us. ``place`` — which he was in the queue when he asked to be called back.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    line = models.ForeignKey(Line, models.PROTECT, related_name="+", verbose_name="линия")
    call = models.OneToOneField(Call, models.PROTECT, related_name="+", verbose_name="первый звонок")
    caller = models.CharField("номер", max_length=20, blank=True, default="")
    why = models.CharField("почему", max_length=9, choices=Why)
    place = models.PositiveSmallIntegerField("место в очереди", null=True)
    voice = models.CharField("голосовое сообщение", max_length=300, blank=True, default="")
    called_at = models.DateTimeField("звонил")
    missed = models.PositiveSmallIntegerField("раз звонил", default=1)
    due_at = models.DateTimeField("перезвонить до")
    not_before = models.DateTimeField("не раньше", null=True)
    owner = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="+", verbose_name="кто перезвонит")
    attempts = models.PositiveSmallIntegerField("попыток", default=0)
    state = models.CharField("состояние", max_length=8, choices=TaskState, default=TaskState.OPEN)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = CallBackQuerySet.as_manager()

    class Meta:
        verbose_name = "звонок для перезвона"
        verbose_name_plural = "звонки для перезвона"
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "caller"], condition=Q(state="open") & ~Q(caller=""), name="call_back_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open", done_at=None) | ~Q(state="open") & Q(done_at__isnull=False),
                name="call_back_ends_with_moment",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "due_at"], condition=Q(state="open"), name="call_back_waiting")]

    def __str__(self) -> str:
        return f"перезвонить до {self.due_at:%Y-%m-%d %H:%M}"
