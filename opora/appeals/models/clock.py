"""Running terms of an appeal."""

from django.db import models
from django.db.models import Q

from opora.appeals.models.appeal import Appeal
from opora.appeals.words import ClockState


class Clock(models.Model):
    """One term of one appeal: its inputs, its last day, the versions it was counted by. Several run side by side.

    ``due_at`` is the end of the day ``due_on`` in the handler's time zone (or the moment itself for terms in hours).
    ``pauses`` are [since, until, why]; the proof is counted again from these inputs when somebody asks.
    """

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="clocks")
    term = models.CharField("срок", max_length=40)
    title = models.CharField("название", max_length=200)
    is_main = models.BooleanField("ответ заявителю", default=False)
    started_at = models.DateTimeField("начало")
    started_on = models.DateField("день 0")
    extension = models.PositiveSmallIntegerField("продлён на", default=0)
    order_number = models.CharField("приказ о продлении", max_length=100, blank=True, default="")
    pauses = models.JSONField("приостановки", default=list, blank=True)
    due_on = models.DateField("последний день")
    due_at = models.DateTimeField("до")
    warn_on = models.JSONField("когда напомнить", default=list, blank=True)
    law_version = models.CharField("версия сроков", max_length=90)
    calendar_version = models.CharField("версия календаря", max_length=200)
    territory = models.CharField("территория", max_length=5)
    state = models.CharField("состояние", max_length=8, choices=ClockState, default=ClockState.RUNNING)
    stopped_at = models.DateTimeField("остановлен", null=True)

    class Meta:
        verbose_name = "часы обращения"
        verbose_name_plural = "часы обращений"
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["appeal", "term", "started_at"], name="clock_once"),
            models.CheckConstraint(
                condition=Q(state=ClockState.RUNNING, stopped_at=None)
                | ~Q(state=ClockState.RUNNING) & Q(stopped_at__isnull=False),
                name="clock_stops_with_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "due_on"], condition=Q(state="running"), name="clock_running"),
        ]

    def __str__(self) -> str:
        return f"{self.term} до {self.due_on}"
