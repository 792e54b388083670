"""Who works when."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from opora.organisations.models import Employee, Organisation, WithoutClinics
from opora.staffing.models.line import Line


class ShiftQuerySet(WithoutClinics):
    def during(self, since: datetime, until: datetime) -> Self:
        return self.filter(begins_at__lt=until, ends_at__gt=since)


class Shift(models.Model):
    """Смена of an employee on a line. ``day`` is the local day it begins on; a night shift ends on the next."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="shifts", db_index=False, verbose_name="линия")
    territory = models.CharField(max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name="сотрудник")
    day = models.DateField("день")
    begins_at = models.DateTimeField("с")
    ends_at = models.DateTimeField("до")
    break_from = models.DateTimeField("перерыв с", null=True)
    break_until = models.DateTimeField("перерыв до", null=True)
    by = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField(default=timezone.now)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        verbose_name = "смена"
        verbose_name_plural = "смены"
        ordering = ["begins_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="shift_runs_forward"),
            models.CheckConstraint(
                condition=Q(break_from=None, break_until=None)
                | Q(break_from__gte=F("begins_at"), break_until__lte=F("ends_at"), break_until__gt=F("break_from")),
                name="shift_break_inside",
            ),
            ExclusionConstraint(
                name="shift_one_at_a_time",
                expressions=[
                    ("employee", RangeOperators.EQUAL),
                    (
                        Func("begins_at", "ends_at", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [models.Index(fields=["line", "begins_at"], name="shift_of_line")]

    def __str__(self) -> str:
        return f"смена {self.employee_id} {self.day:%d.%m.%Y}"
