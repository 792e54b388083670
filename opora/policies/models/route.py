"""Couriers, their days and the doors they call at."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from opora.audit.services import uuid7
from opora.organisations.models import Employee, Organisation, ScopedQuerySet
from opora.policies.models.delivery import Delivery, OfDeliveryQuerySet
from opora.policies.words import NoticeState, VisitState

EVERY_WORKDAY = 0b0011111  # bits from Monday


class Courier(models.Model):
    """Курьер: when and from where she works. ``since`` and ``until`` are minutes of her day."""

    employee = models.OneToOneField(Employee, models.PROTECT, primary_key=True, related_name="+")
    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    since = models.PositiveSmallIntegerField("работает с", default=9 * 60)
    until = models.PositiveSmallIntegerField("работает до", default=18 * 60)
    weekdays = models.PositiveSmallIntegerField("дни недели", default=EVERY_WORKDAY)
    base = models.CharField("откуда выезжает", max_length=300, blank=True, default="")
    lat = models.FloatField("широта", null=True, blank=True)
    lon = models.FloatField("долгота", null=True, blank=True)
    most = models.PositiveSmallIntegerField("визитов в день, не больше", null=True, blank=True)
    is_active = models.BooleanField("выходит на маршруты", default=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "курьер"
        verbose_name_plural = "курьеры"
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since"), until__lte=1440), name="courier_day_runs_forward"),
            models.CheckConstraint(
                condition=Q(lat=None, lon=None) | Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="courier_base_is_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return f"курьер {self.employee_id}"

    def works_on(self, weekday: int) -> bool:
        """Whether she goes out on this day of the week, 0 is Monday."""
        return self.is_active and bool(self.weekdays >> weekday & 1)


class Route(models.Model):
    """Маршрут: a courier's day. ``metres`` by road as far as places are known."""

    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name="курьер")
    day = models.DateField("день")
    metres = models.PositiveIntegerField("путь", default=0)
    planned_at = models.DateTimeField("составлен", default=timezone.now)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "маршрут"
        verbose_name_plural = "маршруты"
        constraints = [models.UniqueConstraint(fields=["employee", "day"], name="route_one_a_day")]
        indexes = [models.Index(fields=["insurer", "day"], name="route_of_day")]

    def __str__(self) -> str:
        return f"маршрут {self.employee_id} {self.day:%d.%m.%Y}"


class VisitQuerySet(OfDeliveryQuerySet):
    def ahead(self) -> Self:
        return self.filter(state=VisitState.PLANNED)


class Visit(models.Model):
    """Визит. Another courier gets a visit of her own; the former one stays as it was, taken off.

    ``planned_at`` is None in a plain list. ``is_pinned`` keeps it with its courier when the day is planned anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    route = models.ForeignKey(Route, models.PROTECT, related_name="visits")
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="visits")
    position = models.PositiveSmallIntegerField("место")
    planned_at = models.DateTimeField("когда", null=True)
    is_pinned = models.BooleanField("закреплён", default=False)
    state = models.CharField("итог", max_length=14, choices=VisitState, default=VisitState.PLANNED)
    reported_at = models.DateTimeField("итог записан", null=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = "визит"
        verbose_name_plural = "визиты"
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["delivery"], condition=Q(state=VisitState.PLANNED), name="visit_one_ahead"),
        ]

    def __str__(self) -> str:
        return f"визит {self.pk}"


class Notice(models.Model):
    """Сообщение о визите: once for a request and a day. The code of the hand-over is computed, never stored."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="notices")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="notices", db_index=False)
    day = models.DateField("о визите в день")
    state = models.CharField("состояние", max_length=10, choices=NoticeState, default=NoticeState.WAITING)
    why = models.CharField("почему", max_length=200, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField("не раньше", default=timezone.now)
    sent_at = models.DateTimeField("отправлено", null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects: models.Manager[Any] = OfDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "сообщение о визите"
        verbose_name_plural = "сообщения о визитах"
        constraints = [models.UniqueConstraint(fields=["delivery", "day"], name="notice_once_a_day")]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state=NoticeState.WAITING), name="notice_to_send"),
        ]

    def __str__(self) -> str:
        return f"сообщение {self.pk}"
