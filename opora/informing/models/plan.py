"""Who is to be informed of what in which year: the denominators."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.informing.words import Exclude, Measure, PlanState
from opora.insured.models import Person
from opora.organisations.models import Organisation, ScopedQuerySet


class Seal(models.Model):
    """Печать на знаменателе: so many people were to be informed that day. ``digest`` is SHA-256 of their sorted ids."""

    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="страховая")
    provider = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    measure = models.CharField("повод", max_length=16, choices=Measure)
    year = models.PositiveSmallIntegerField("год")
    count = models.PositiveIntegerField("человек")
    digest = models.CharField("отпечаток", max_length=64)
    sealed_at = models.DateTimeField("когда", default=timezone.now)
    by = models.ForeignKey("organisations.Employee", models.PROTECT, null=True, related_name="+", verbose_name="кто")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "печать плана"
        verbose_name_plural = "печати планов"
        constraints = [models.UniqueConstraint(fields=["insurer", "territory", "year", "measure"], name="seal_once")]

    def __str__(self) -> str:
        return f"{self.measure} {self.year}: {self.count}"


class PlanEntry(models.Model):
    """Подлежит информированию: one person, one measure, one year, one insurer. Partitioned by year.

    A row without ``seal`` in a sealed plan came later: that is how a share above one hundred percent explains itself.
    """

    pk = models.CompositePrimaryKey("year", "measure", "person", "insurer")
    year = models.PositiveSmallIntegerField("год")
    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    provider = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    measure = models.CharField("повод", max_length=16, choices=Measure)
    month = models.PositiveSmallIntegerField("месяц", null=True)
    inform_by = models.DateField("сообщить до", null=True)
    roll_id = models.BigIntegerField("из какого списка", null=True)
    seal_id = models.BigIntegerField("под какой печатью", null=True)
    state = models.CharField("состояние", max_length=8, choices=PlanState, default=PlanState.OPEN)
    excluded = models.CharField("почему исключён", max_length=16, choices=Exclude, blank=True, default="")
    passed_on = models.DateField("пришёл", null=True)
    added_at = models.DateTimeField("добавлен", default=timezone.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "подлежащий информированию"
        verbose_name_plural = "подлежащие информированию"
        constraints = [
            models.CheckConstraint(condition=Q(month=None) | Q(month__range=(1, 12)), name="planentry_month_known"),
            models.CheckConstraint(
                condition=Q(state="passed", passed_on__isnull=False) | ~Q(state="passed"), name="planentry_passed_when"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "year"], name="planentry_of_person"),
            models.Index(fields=["insurer", "year", "measure", "month"], name="planentry_audience"),
        ]

    def __str__(self) -> str:
        return f"план {self.year} {self.measure} {self.person_id}"
