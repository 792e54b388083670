"""Warnings of terms that come near."""

from django.db import models
from django.utils import timezone

from opora.appeals.models.appeal import Appeal
from opora.appeals.models.clock import Clock


class Reminder(models.Model):
    """A warning of one clock on one day. Who it is for follows the appeal: its owner now, or the queue it waits in."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="reminders")
    clock = models.ForeignKey(Clock, models.PROTECT, db_index=False, related_name="+")
    on = models.DateField("на какой день")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "напоминание о сроке"
        verbose_name_plural = "напоминания о сроках"
        constraints = [models.UniqueConstraint(fields=["clock", "on"], name="reminder_once_a_day")]
        indexes = [models.Index(fields=["on"], name="reminder_by_day")]

    def __str__(self) -> str:
        return f"{self.clock_id}: {self.on}"
