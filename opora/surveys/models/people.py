"""Whom we ask and how the asking went. Nothing here knows what was answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.insured.models import Person
from opora.organisations.models import Employee
from opora.surveys.models.round import OfRoundQuerySet, Round
from opora.surveys.words import InviteeState, Outcome


class Invitee(models.Model):
    """Кого спрашиваем. ``rank`` is his turn within the cell, drawn at random; ``zone`` his clock; ``phone`` digits.

    ``token_hash`` is of the link sent to him; the link itself is kept nowhere. Rows are erased some months after the
    round (``services.forget_people``).
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="invitees", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    cell = models.PositiveSmallIntegerField("клетка")
    rank = models.PositiveIntegerField("очередь")
    zone = models.CharField("часовой пояс", max_length=64)
    phone = models.CharField("куда", max_length=20, blank=True, default="")
    state = models.CharField("состояние", max_length=8, choices=InviteeState, default=InviteeState.WAITING)
    attempts = models.PositiveSmallIntegerField("попыток", default=0)
    not_before = models.DateTimeField("не раньше", default=timezone.now)
    is_promised = models.BooleanField("обещали перезвонить", default=False)
    employee = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    token_hash = models.CharField(max_length=64, null=True)

    objects = OfRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "кого спрашиваем"
        verbose_name_plural = "кого спрашиваем"
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="invitee_once"),
            models.UniqueConstraint(fields=["token_hash"], condition=Q(token_hash__isnull=False), name="invitee_link"),
            models.CheckConstraint(condition=~Q(state="held") | Q(employee__isnull=False), name="invitee_held_by"),
        ]
        indexes = [
            models.Index(fields=["round", "cell", "rank"], condition=Q(state="waiting"), name="invitee_next"),
            models.Index(fields=["round", "cell"], condition=Q(state="held"), name="invitee_in_hand"),
            models.Index(fields=["employee"], condition=Q(state="held"), name="invitee_of_employee"),
        ]

    def __str__(self) -> str:
        return f"опрашиваемый {self.pk}"


class Attempt(models.Model):
    """Попытка: a call or an answered link, as it ended. Changed by nobody; erased with its person."""

    invitee = models.ForeignKey(Invitee, models.CASCADE, related_name="tries")
    at = models.DateTimeField("когда", default=timezone.now)
    employee = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    outcome = models.CharField("итог", max_length=10, choices=Outcome)
    again_at = models.DateTimeField("перезвонить", null=True)

    class Meta:
        verbose_name = "попытка"
        verbose_name_plural = "попытки"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.outcome}"
