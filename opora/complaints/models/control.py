"""A control of one clinic by one expert: its act, what was found, how the clinic took it."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from django.utils import timezone

from opora.access.scope import Scope, Sees
from opora.audit.services import uuid7
from opora.complaints.models.case import BesideCaseQuerySet, Case
from opora.complaints.models.expert import Expert
from opora.complaints.models.records import RecordsRequest
from opora.complaints.words import Conditions, ControlKind, ControlState, LiftedBy
from opora.organisations.models import Employee, Organisation


class ActNumbering(models.Model):
    """Последний номер акта of an organisation in a year. The row is locked until the act is written: no gaps."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("год")
    last = models.PositiveIntegerField("последний номер", default=0)

    class Meta:
        verbose_name = "нумерация актов"
        verbose_name_plural = "нумерация актов"
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="act_numbering_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id}, {self.year}: {self.last}"


class ControlQuerySet(BesideCaseQuerySet):
    """A clinic sees what has been handed to it."""

    def within(self, scope: Scope) -> Self:
        found = super().within(scope)
        return found.filter(handed_at__isnull=False) if scope.sees == Sees.PROVIDER else found


class Control(models.Model):
    """МЭЭ или ЭКМП. ``repeats`` is the control a fund's expert does again; ``made_by`` is who ordered it.

    The clinic sees it from ``handed_at`` on, row security says so too. A trigger refuses an expert who works in the
    clinic on the day of ``assigned_at``, and an act before the documents were asked for.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="controls")
    request = models.ForeignKey(
        RecordsRequest, models.PROTECT, null=True, related_name="controls", verbose_name="документы"
    )
    territory = models.CharField("территория", max_length=5)
    provider = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name="клиника")
    made_by = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField("вид", max_length=4, choices=ControlKind)
    ground = models.CharField("основание", max_length=40)
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="controls", verbose_name="эксперт")
    assigned_at = models.DateTimeField("поручена", default=timezone.now)
    assigned_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    repeats = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeated_by")
    state = models.CharField("состояние", max_length=10, choices=ControlState, default=ControlState.ASSIGNED)
    act_number = models.CharField("номер акта", max_length=40, blank=True, default="")
    act_on = models.DateField("дата акта", null=True)
    conclusion = models.TextField("выводы эксперта", blank=True, default="")
    handed_at = models.DateTimeField("передан клинике", null=True)
    due_on = models.DateField("ответ клиники до", null=True)
    claim_until = models.DateField("претензия до", null=True)
    law = models.CharField("по каким срокам", max_length=200, blank=True, default="")
    answered_at = models.DateTimeField("ответ клиники", null=True)
    answered_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    disagreement = models.TextField("разногласия клиники", blank=True, default="")
    reply = models.TextField("ответ на разногласия", blank=True, default="")
    final_at = models.DateTimeField("завершена", null=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = ControlQuerySet.as_manager()

    class Meta:
        verbose_name = "экспертиза"
        verbose_name_plural = "экспертизы"
        ordering = ["assigned_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(act_on=None, act_number="") | Q(act_on__isnull=False) & ~Q(act_number=""),
                name="control_act_has_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["assigned", "cancelled"]) | Q(act_on__isnull=False), name="control_goes_by_act"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["handed", "signed", "disputed"]) | Q(handed_at__isnull=False),
                name="control_handed_with_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="final", final_at__isnull=False) | ~Q(state="final") & Q(final_at=None),
                name="control_final_with_moment",
            ),
            models.UniqueConstraint(
                fields=["made_by", "act_number"], condition=~Q(act_number=""), name="control_act_number_once"
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "-handed_at"], condition=Q(handed_at__isnull=False), name="control_acts"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.act_number or self.pk}"

    @property
    def is_over(self) -> bool:
        return self.state in {ControlState.FINAL, ControlState.CANCELLED}


class Violation(models.Model):
    """Нарушение в акте. Shares are copied from the list ``edition``; the database computes the amounts, in roubles.

    ``is_upheld`` False — taken back, ``lifted_by`` whom: after a disagreement of the clinic, or by the fund on its
    claim. It counts no more, the row stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    control = models.ForeignKey(Control, models.PROTECT, related_name="violations")
    code = models.CharField("код", max_length=12)
    title = models.CharField("нарушение", max_length=500)
    edition = models.CharField("перечень", max_length=90)
    conditions = models.CharField("где лечили", max_length=12, choices=Conditions)
    billed = models.DecimalField("стоимость случая", max_digits=12, decimal_places=2)
    base = models.DecimalField("база штрафа", max_digits=12, decimal_places=2)
    nonpay_share = models.DecimalField("доля неоплаты", max_digits=5, decimal_places=3)
    fine_share = models.DecimalField("доля штрафа", max_digits=5, decimal_places=3)
    nonpay = models.GeneratedField(
        expression=Round(F("billed") * F("nonpay_share"), 2),
        output_field=models.DecimalField(max_digits=12, decimal_places=2),
        db_persist=True,
    )
    fine = models.GeneratedField(
        expression=Round(F("base") * F("fine_share"), 2),
        output_field=models.DecimalField(max_digits=12, decimal_places=2),
        db_persist=True,
    )
    note = models.CharField("в чём", max_length=1000, blank=True, default="")
    is_upheld = models.BooleanField("подтверждено", null=True)
    lifted_by = models.CharField("кем снято", max_length=8, choices=LiftedBy, blank=True, default="", db_default="")

    class Meta:
        verbose_name = "нарушение"
        verbose_name_plural = "нарушения"
        ordering = ["code", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(billed__gte=0, base__gte=0, nonpay_share__gte=0, nonpay_share__lte=1, fine_share__gte=0),
                name="violation_sums_not_below_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} в акте {self.control_id}"
