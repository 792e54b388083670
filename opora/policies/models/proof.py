"""What proves that a policy reached its owner, and where houses stand."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.audit.services import uuid7
from opora.organisations.models import Employee
from opora.policies.models.delivery import Delivery, OfDeliveryQuerySet
from opora.policies.models.route import Visit
from opora.policies.words import Proof


class HandOver(models.Model):
    """Вручение: one for a request, whatever couriers there were. ``at`` is the moment as the server reckons it from
    the phone's clock, ``device_at`` as the phone showed it, ``received_at`` when the record came.

    The signature lies where the files of the journal lie, under its hash; nothing serves that folder.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="hand_over")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="+", db_index=False)
    courier = models.ForeignKey(Employee, models.PROTECT, related_name="+", db_index=False)
    proof = models.CharField("чем подтверждено", max_length=10, choices=Proof)
    signature = models.CharField(max_length=64, blank=True, default="")
    taken_by = models.CharField("кто принял", max_length=200, blank=True, default="")
    on = models.DateField("день")
    at = models.DateTimeField("когда")
    device_at = models.DateTimeField("по часам телефона")
    received_at = models.DateTimeField("запись пришла", default=timezone.now)

    objects = OfDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "вручение полиса"
        verbose_name_plural = "вручения полисов"
        constraints = [
            models.CheckConstraint(
                condition=Q(proof=Proof.SIGNATURE) & ~Q(signature="") | Q(proof=Proof.CODE, signature=""),
                name="hand_over_is_proved",
            ),
        ]
        indexes = [models.Index(fields=["on"], name="hand_over_by_day")]

    def __str__(self) -> str:
        return f"вручение {self.delivery_id}"


class AddressPoint(models.Model):
    """Где стоит дом: a line of the list of addresses an organisation has loaded. Holds nothing about people."""

    territory = models.CharField("территория", max_length=5)
    key = models.CharField(max_length=320, db_collation="C")
    lat = models.FloatField("широта")
    lon = models.FloatField("долгота")

    class Meta:
        verbose_name = "точка адреса"
        verbose_name_plural = "точки адресов"
        constraints = [
            models.UniqueConstraint(fields=["territory", "key"], name="address_point_once"),
            models.CheckConstraint(condition=Q(lat__range=(-90, 90), lon__range=(-180, 180)), name="point_is_on_earth"),
        ]

    def __str__(self) -> str:
        return self.key
