"""Contacts as the monthly table counts them. ``monthly.nightly`` keeps both tables."""

from __future__ import annotations

from django.db import models

from opora.informing.words import Channel, Measure
from opora.insured.models import Person
from opora.organisations.models import Organisation, ScopedQuerySet, WithoutClinics


class Informed(models.Model):
    """Учтённый контакт: a touch that went out, on a day of the person's clock.

    ``theme`` and ``way`` are codes of the pack; ``is_informing`` — it reached somebody, as far as is known (not refused
    by the provider, not a vain call); ``is_first`` — the first such of the year for this person and measure.
    """

    touch_id = models.BigIntegerField(primary_key=True)
    year = models.PositiveSmallIntegerField("год плана")
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    provider = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    measure = models.CharField("повод", max_length=16, choices=Measure)
    theme = models.CharField("тема", max_length=20)
    channel = models.CharField("способ", max_length=12, choices=Channel)
    way = models.CharField("путь", max_length=12)
    on = models.DateField("когда")
    is_informing = models.BooleanField("дошло")
    is_first = models.BooleanField("впервые")
    came = models.BooleanField("пришёл после")
    cost = models.DecimalField("стоимость", max_digits=8, decimal_places=2)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "учтённый контакт"
        verbose_name_plural = "учтённые контакты"
        indexes = [models.Index(fields=["insurer", "on", "touch_id"], name="informed_of_month")]

    def __str__(self) -> str:
        return f"{self.on} {self.theme} {self.way}"


class MonthCount(models.Model):
    """Sums of one month. ``way`` empty — all ways: there a person counts once, however many ways reached him."""

    year = models.PositiveSmallIntegerField("год")
    month = models.PositiveSmallIntegerField("месяц")
    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    theme = models.CharField("тема", max_length=20, blank=True, default="")
    way = models.CharField("путь", max_length=12, blank=True, default="")
    first = models.PositiveIntegerField("впервые")
    repeated = models.PositiveIntegerField("повторно")
    people = models.PositiveIntegerField("человек")
    messages = models.PositiveIntegerField("сообщений")
    came = models.PositiveIntegerField("пришли после")
    cost = models.DecimalField("стоимость", max_digits=14, decimal_places=2)
    counted_at = models.DateTimeField("сосчитано")

    objects = WithoutClinics.as_manager()

    class Meta:
        verbose_name = "месяц информирования"
        verbose_name_plural = "месяцы информирования"
        constraints = [
            models.UniqueConstraint(
                fields=["insurer", "territory", "year", "month", "theme", "way"], name="month_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02} {self.theme} {self.way}: {self.messages}"


class ToldCount(models.Model):
    """Люди, которых известили с начала года, каждый один раз: a person stands in the month that first told her.

    Months up to one add up to the year so far. ``stream`` is of ``told.words``; ``insurer`` with its branches, empty —
    everybody's of the territory. ``told.keeping`` keeps it.
    """

    year = models.PositiveSmallIntegerField("год")
    month = models.PositiveSmallIntegerField("месяц")
    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    stream = models.CharField("поток", max_length=12)
    informed = models.PositiveIntegerField("известили впервые в году")
    repeated = models.PositiveIntegerField("известили ещё раз впервые в году")
    contacts = models.PositiveIntegerField("контактов")

    objects = WithoutClinics.as_manager()

    class Meta:
        verbose_name = "известили людей"
        verbose_name_plural = "известили людей"
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "year", "insurer", "stream", "month"], name="told_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02} {self.stream}: {self.informed}"
