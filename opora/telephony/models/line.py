"""A line: the number an exchange knows, and whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

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
    """Линия. ``number`` is what the exchange ``pbx`` calls it; hours are those of the organisation unless round the
    clock."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="чья")
    pbx = models.CharField("АТС", max_length=40)
    number = models.CharField("номер на АТС", max_length=40)
    title = models.CharField("название", max_length=200)
    hot_line = models.ForeignKey(
        HotLine, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="номер для граждан"
    )
    is_round_the_clock = models.BooleanField("операторы круглосуточно", default=False)
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
        ]

    def __str__(self) -> str:
        return self.title
