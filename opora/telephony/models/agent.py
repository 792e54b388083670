"""Who sits at which extension, and what she is doing: now, and over the day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.organisations.models import Employee, Organisation
from opora.telephony.models.call import Call
from opora.telephony.models.line import OwnQuerySet
from opora.telephony.words import AgentState, Break


class Agent(models.Model):
    """An extension of an exchange and the employee at it; a change of state leaves a ``Spell`` by trigger."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    pbx = models.CharField("АТС", max_length=40)
    extension = models.CharField("добавочный", max_length=20)
    employee = models.OneToOneField(Employee, models.PROTECT, null=True, related_name="+", verbose_name="кто за ним")
    state = models.CharField("состояние", max_length=5, choices=AgentState, default=AgentState.AWAY)
    reason = models.CharField("почему", max_length=8, choices=Break, blank=True, default="")
    call = models.ForeignKey(Call, models.SET_NULL, null=True, db_index=False, related_name="+")
    since = models.DateTimeField("с", default=timezone.now)
    phone_at = models.DateTimeField("телефон в браузере был на связи", null=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "оператор на линии"
        verbose_name_plural = "операторы на линии"
        ordering = ["extension"]
        constraints = [
            models.UniqueConstraint(fields=["pbx", "extension"], name="agent_once_per_extension"),
            models.CheckConstraint(
                condition=Q(state="break") & ~Q(reason="") | ~Q(state="break") & Q(reason=""),
                name="agent_break_says_why",
            ),
            models.CheckConstraint(condition=Q(employee__isnull=False) | Q(state="away"), name="agent_is_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.extension}: {self.state}"


class Spell(models.Model):
    """From when until when an employee at an extension was in one state; written by the trigger of ``Agent``."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    pbx = models.CharField(max_length=40)
    extension = models.CharField(max_length=20)
    employee = models.ForeignKey(Employee, models.PROTECT, db_index=False, related_name="+")
    state = models.CharField(max_length=5, choices=AgentState)
    reason = models.CharField(max_length=8, choices=Break, blank=True, default="")
    call = models.ForeignKey(Call, models.SET_NULL, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "отрезок работы на линии"
        verbose_name_plural = "отрезки работы на линии"
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["pbx", "extension"], condition=Q(until=None), name="spell_open_once")
        ]
        indexes = [
            models.Index(fields=["pbx", "extension", "since"], name="spell_of_extension"),
            models.Index(fields=["organisation", "since"], name="spell_of_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.since:%H:%M} {self.state}"
