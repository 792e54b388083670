"""How an employee likes her list: saved views and columns; and the files she has asked for."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from opora.audit.services import uuid7
from opora.organisations.models import Assignment, Employee


class SavedView(models.Model):
    """A list she opens often: the words of its address under a name of her own."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="+")
    title = models.CharField("название", max_length=60)
    query = models.CharField("отбор", max_length=2000)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "сохранённый список"
        verbose_name_plural = "сохранённые списки"
        ordering = ["made_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["employee", "title"], name="saved_view_named_once")]

    def __str__(self) -> str:
        return self.title


class ListColumns(models.Model):
    """The columns of the list she has chosen, in her order."""

    employee = models.OneToOneField(Employee, models.PROTECT, primary_key=True, related_name="+")
    columns = ArrayField(models.CharField(max_length=20), verbose_name="столбцы", default=list)

    class Meta:
        verbose_name = "столбцы списка"
        verbose_name_plural = "столбцы списков"

    def __str__(self) -> str:
        return ", ".join(self.columns)


class Export(models.Model):
    """A whole selection written to a file in the background. Only who asked for it takes it away, for a day."""

    class State(models.TextChoices):
        WAITING = "waiting", "Ждёт очереди"
        RUNNING = "running", "Записывается"
        DONE = "done", "Готово"
        FAILED = "failed", "Не получилось"
        GONE = "gone", "Удалено"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="+")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+")
    query = models.CharField("отбор", max_length=2000, blank=True, default="")
    columns = ArrayField(models.CharField(max_length=20), verbose_name="столбцы", default=list)
    state = models.CharField("состояние", max_length=8, choices=State, default=State.WAITING)
    rows = models.PositiveIntegerField("записано строк", default=0)
    asked_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    purpose = models.CharField("зачем", max_length=40, blank=True, default="")

    class Meta:
        verbose_name = "выгрузка журнала"
        verbose_name_plural = "выгрузки журнала"
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["employee", "-asked_at"], name="export_of_employee")]

    def __str__(self) -> str:
        return f"выгрузка {self.pk}"
