"""Files she has asked for."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from opora.audit.services import uuid7
from opora.organisations.models import Assignment, Employee


class Export(models.Model):
    """A selection of this room written to a file in the background. Only who asked for it takes it away, for a day."""

    class State(models.TextChoices):
        WAITING = "waiting", "Ждёт очереди"
        RUNNING = "running", "Записывается"
        DONE = "done", "Готово"
        FAILED = "failed", "Не получилось"
        GONE = "gone", "Удалено"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    what = models.CharField("что", max_length=16)
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="+", db_index=False)
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+")
    query = models.CharField("отбор", max_length=1000, blank=True, default="")
    state = models.CharField("состояние", max_length=8, choices=State, default=State.WAITING)
    rows = models.PositiveIntegerField("записано строк", default=0)
    asked_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    purpose = models.CharField("зачем", max_length=40, blank=True, default="")

    class Meta:
        verbose_name = "выгрузка информирования"
        verbose_name_plural = "выгрузки информирования"
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["employee", "-asked_at"], name="informing_export_of_employee")]

    def __str__(self) -> str:
        return f"выгрузка {self.pk}"
