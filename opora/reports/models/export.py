"""A file somebody has asked for: a report, or the rows behind a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from opora.audit.services import uuid7
from opora.organisations.models import Assignment, Employee
from opora.reports.models.seal import Seal

if TYPE_CHECKING:
    from datetime import datetime


class ExportQuerySet(models.QuerySet["Export"]):
    def accessible_to(self, employee: Employee) -> Self:
        """Only her own."""
        return self.filter(employee=employee)

    def under_way(self) -> Self:
        return self.filter(state__in=[Export.State.WAITING, Export.State.RUNNING])


class Export(models.Model):
    """Выгрузка: written in the background, taken away only by who asked, kept for some days.

    ``filters`` narrow it, as the address holds them (``narrowing.texts``). Without ``row`` it is the whole report;
    ``table``, ``row`` and ``column`` name the number whose rows are written. ``names_people`` — a personal list: it was
    asked for with a purpose and says so in the file. ``total`` is how many rows there will be, ``rows`` how many are
    written.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Ждёт очереди"
        RUNNING = "running", "Записывается"
        DONE = "done", "Готово"
        FAILED = "failed", "Не получилось"
        STOPPED = "stopped", "Остановлена"
        GONE = "gone", "Файл удалён"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, models.PROTECT, db_index=False, related_name="+")
    assignment = models.ForeignKey(Assignment, models.PROTECT, db_index=False, related_name="+")
    report = models.CharField("отчёт", max_length=40)
    subject = models.CharField("чей", max_length=20)
    period = models.CharField("период", max_length=10)
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, db_index=False, related_name="+")
    filters = models.JSONField("отборы", default=dict, blank=True)
    table = models.CharField("таблица", max_length=40, blank=True, default="")
    row = models.CharField("строка", max_length=40, blank=True, default="")
    column = models.CharField("графа", max_length=40, blank=True, default="")
    form = models.CharField("вид файла", max_length=4)
    title = models.CharField("что выгружают", max_length=600)
    names_people = models.BooleanField("с именами", default=False)
    purpose = models.CharField("зачем", max_length=40, blank=True, default="")
    state = models.CharField("состояние", max_length=8, choices=State, default=State.WAITING)
    rows = models.PositiveIntegerField("записано строк", default=0)
    total = models.PositiveIntegerField("всего строк", default=0)
    fault = models.CharField("почему не получилось", max_length=300, blank=True, default="")
    asked_at = models.DateTimeField("попросили", default=timezone.now)
    done_at = models.DateTimeField("записана", null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = "выгрузка отчёта"
        verbose_name_plural = "выгрузки отчётов"
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["employee", "-asked_at"], name="report_export_of_employee"),
            models.Index(fields=["asked_at"], condition=~models.Q(state="gone"), name="report_export_to_forget"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_rows(self) -> bool:
        return bool(self.row)

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.WAITING, self.State.RUNNING}

    @property
    def kept_until(self) -> datetime:
        from opora.reports.exports import KEPT

        return self.asked_at + KEPT
