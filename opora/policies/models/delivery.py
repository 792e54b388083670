"""The request and everything that happened to it."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from opora.access.scope import Sees
from opora.appeals.models import Appeal
from opora.audit.services import uuid7
from opora.insured.models import Person
from opora.organisations.models import Employee, Organisation, WithoutClinics
from opora.policies.words import OPEN, DeliveryState, EventKind, Source
from opora.shared.triggers import append_only

_OPEN = Q(closed_at=None)


class DeliveryQuerySet(WithoutClinics):
    def open(self) -> Self:
        return self.filter(closed_at=None)


class Delivery(models.Model):
    """Заявка на доставку полиса. ``windows`` are pairs of minutes of the day when somebody opens the door; none — any.

    ``recipient`` and the address are copies: a courier needs no card of the person. ``left_why`` is why the last plan
    left it out. ``version`` guards against lost updates.
    """

    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recipient = models.CharField("кому", max_length=310)
    category = models.CharField("категория", max_length=40)
    category_proof = models.CharField("чем подтверждена", max_length=300, blank=True, default="")
    source = models.CharField("откуда заявка", max_length=8, choices=Source)
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, blank=True, related_name="+")
    settlement = models.CharField("населённый пункт", max_length=120)
    street = models.CharField("улица", max_length=160, blank=True, default="")
    house = models.CharField("дом", max_length=30)
    flat = models.CharField("квартира", max_length=20, blank=True, default="")
    lat = models.FloatField("широта", null=True, blank=True)
    lon = models.FloatField("долгота", null=True, blank=True)
    windows = models.JSONField("когда дома", default=list, blank=True)
    not_before = models.DateField("не раньше", default=timezone.localdate)
    phone = models.CharField("телефон", max_length=16)
    documents = models.JSONField("документы", default=list, blank=True)
    note = models.CharField("курьеру", max_length=300, blank=True, default="")
    state = models.CharField("состояние", max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField("визитов впустую", default=0)
    left_why = models.CharField("почему не в маршруте", max_length=10, blank=True, default="")
    due_on = models.DateField("доставить до")
    asked_at = models.DateTimeField("принята", default=timezone.now)
    asked_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    closed_at = models.DateTimeField("завершена", null=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "заявка на доставку"
        verbose_name_plural = "заявки на доставку"
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=_OPEN, name="delivery_one_open_per_person"),
            models.CheckConstraint(
                condition=Q(closed_at=None, state__in=OPEN) | Q(closed_at__isnull=False) & ~Q(state__in=OPEN),
                name="delivery_closed_with_moment",
            ),
            models.CheckConstraint(
                condition=Q(lat=None, lon=None) | Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="delivery_place_is_on_earth",
            ),
            models.CheckConstraint(condition=~Q(house="") & ~Q(settlement=""), name="delivery_has_address"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("asked_at")), name="delivery_runs_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["insurer", "due_on", "id"], condition=_OPEN, name="delivery_list"),
            models.Index(fields=["territory", "due_on", "id"], condition=_OPEN, name="delivery_list_of_fund"),
            models.Index(fields=["insurer", "-id"], condition=~_OPEN, name="delivery_closed_list"),
            models.Index(fields=["territory", "-id"], condition=~_OPEN, name="delivery_closed_of_fund"),
        ]

    def __str__(self) -> str:
        return f"Д-{self.pk}"

    @property
    def number(self) -> str:
        return f"Д-{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def address(self) -> str:
        flat = f"кв. {self.flat}" if self.flat else ""
        return ", ".join(part for part in (self.settlement, self.street, f"д. {self.house}", flat) if part)

    @property
    def has_place(self) -> bool:
        return self.lat is not None and self.lon is not None


class OfDeliveryQuerySet(models.QuerySet[Any]):
    """Rows that are seen with their request."""

    def accessible_to(self, employee: Employee) -> Self:
        if employee.scope.sees == Sees.ALL:
            return self
        return self.filter(delivery__in=Delivery.objects.within(employee.scope))


class DeliveryEvent(models.Model):
    """Событие заявки. ``at`` is the server's clock, ``device_at`` what the courier's phone showed; ``key`` is the
    phone's own name of the record, so one that is sent twice is written once.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    device_at = models.DateTimeField(null=True)
    key = models.UUIDField(null=True)
    kind = models.CharField(max_length=14, choices=EventKind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    employee_id = models.BigIntegerField(null=True)
    employee_name = models.CharField(max_length=310, blank=True, default="")
    text = models.CharField(max_length=1000, blank=True, default="")
    details = models.JSONField(default=dict)

    objects = OfDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "событие заявки на доставку"
        verbose_name_plural = "события заявок на доставку"
        ordering = ["-at", "-id"]
        triggers = append_only()
        constraints = [models.UniqueConstraint(fields=["key"], name="delivery_record_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.delivery_id}"
