"""A line: the number an exchange knows, and whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from opora.organisations.models import HotLine, Organisation

if TYPE_CHECKING:
    from opora.organisations.models import Employee


class OwnQuerySet(models.QuerySet[Any]):
    """Rows of one organisation: its neighbours have lines of their own."""

    def accessible_to(self, employee: Employee) -> Self:
        if employee.scope.sees == "all":
            return self
        return self.filter(organisation=employee.scope.organisation)


class Line(models.Model):
    """Линия. ``number`` is what the exchange ``pbx`` calls it.

    ``week`` — its own hours, seven texts of ``organisations.hours.day_text`` from Monday; empty — those of the
    organisation. Round the clock stands above both, ``LineDay`` above all.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="чья")
    pbx = models.CharField("АТС", max_length=40)
    number = models.CharField("номер на АТС", max_length=40)
    title = models.CharField("название", max_length=200)
    hot_line = models.ForeignKey(
        HotLine, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="номер для граждан"
    )
    is_round_the_clock = models.BooleanField("операторы круглосуточно", default=False)
    week = ArrayField(models.CharField(max_length=200), verbose_name="свои часы", default=list, blank=True)
    level = models.PositiveSmallIntegerField(
        "уровень", default=1, choices=[(level, f"{level}-й уровень") for level in (1, 2, 3)]
    )
    closed_on = models.DateField("закрыта с", null=True, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "линия"
        verbose_name_plural = "линии"
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["pbx", "number"], name="line_once_per_exchange"),
            models.CheckConstraint(condition=~Q(number=""), name="line_has_number"),
            models.CheckConstraint(condition=Q(week__len__in=(0, 7)), name="line_week_is_whole"),
        ]

    def __str__(self) -> str:
        return self.title


class LineDay(models.Model):
    """Особый день: hours of a line on one day, whatever its week and the production calendar say.

    ``hours`` is a text of ``organisations.hours.day_text``: «9:00–15:00», «выходной».
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    line = models.ForeignKey(Line, models.CASCADE, related_name="days", db_index=False)
    day = models.DateField("день")
    hours = models.CharField("часы", max_length=200)
    why = models.CharField("почему", max_length=200, blank=True, default="")

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "особый день линии"
        verbose_name_plural = "особые дни линий"
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["line", "day"], name="line_day_once")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.hours}"
