"""A clinic's claim to the fund against an act. Source: 326-ФЗ ст. 42; domain handbook 05 §4."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.audit.services import uuid7
from opora.complaints.models.case import BesideCaseQuerySet
from opora.complaints.models.control import Control
from opora.complaints.words import ClaimDecision
from opora.organisations.models import Employee, Organisation


class ClaimQuerySet(BesideCaseQuerySet):
    way = "control__"


class Claim(models.Model):
    """Претензия. The insurer whose act is disputed sees it; the fund decides. ``is_late`` — filed after its term."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    control = models.OneToOneField(Control, models.PROTECT, related_name="claim")
    territory = models.CharField("территория", max_length=5)
    provider = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name="клиника")
    number = models.CharField("номер у клиники", max_length=50)
    grounds = models.TextField("с чем не согласны")
    filed_at = models.DateTimeField("подана", default=timezone.now)
    filed_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    is_late = models.BooleanField("позже срока", default=False)
    due_on = models.DateField("решить до")
    law = models.CharField("по каким срокам", max_length=90)
    review = models.OneToOneField(Control, models.PROTECT, null=True, related_name="reviews")
    decision = models.CharField("решение", max_length=12, choices=ClaimDecision, blank=True, default="")
    decided_at = models.DateTimeField("решено", null=True)
    decided_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    answer = models.TextField("ответ клинике", blank=True, default="")
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = "претензия клиники"
        verbose_name_plural = "претензии клиник"
        ordering = ["filed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None)
                | ~Q(decision="") & Q(decided_at__isnull=False) & ~Q(answer=""),
                name="claim_decided_with_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "due_on"], condition=Q(decision=""), name="claim_to_decide"),
            models.Index(fields=["provider", "-filed_at"], name="claim_of_clinic"),
        ]

    def __str__(self) -> str:
        return f"претензия {self.number}"
