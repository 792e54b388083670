"""By whom and when a day was planned, and at which hour the program plans the next one by itself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.organisations.models import Employee, Organisation, ScopedQuerySet


class Schedule(models.Model):
    """Маршруты на завтра составляет программа. ``hour`` is of the place; ``announces`` — texts go at once."""

    insurer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="страховая")
    territory = models.CharField("территория", max_length=5)
    is_on = models.BooleanField("составлять маршруты на завтра", default=False)
    hour = models.PositiveSmallIntegerField("в котором часу", default=17)
    announces = models.BooleanField("сразу сообщать людям", default=False)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "расписание маршрутов"
        verbose_name_plural = "расписания маршрутов"
        constraints = [
            models.UniqueConstraint(fields=["insurer", "territory"], name="schedule_once"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="schedule_hour_is_an_hour"),
        ]

    def __str__(self) -> str:
        return f"расписание {self.insurer_id} {self.territory}"


class DayPlan(models.Model):
    """План дня: how it came out last. ``by`` None — the program; ``refused`` says why it made none."""

    insurer = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    territory = models.CharField("территория", max_length=5)
    day = models.DateField("день")
    planned_at = models.DateTimeField("составлен", default=timezone.now)
    by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    visits = models.PositiveIntegerField("визитов", default=0)
    left = models.PositiveIntegerField("не вошло", default=0)
    is_best = models.BooleanField(default=True)
    refused = models.CharField("почему не составлен", max_length=200, blank=True, default="")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "план дня"
        verbose_name_plural = "планы дней"
        constraints = [models.UniqueConstraint(fields=["insurer", "day", "territory"], name="day_plan_once")]
        indexes = [models.Index(fields=["territory", "day"], name="day_plan_of_territory")]

    def __str__(self) -> str:
        return f"план {self.insurer_id} {self.day:%d.%m.%Y}"
