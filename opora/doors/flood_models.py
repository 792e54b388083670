"""What was decided about a flood as a whole."""

from __future__ import annotations

from datetime import datetime, timedelta

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.audit.services import uuid7
from opora.doors.words import FloodKind
from opora.organisations.models import Employee, Organisation, OwnAndBranches
from opora.shared.triggers import never_emptied

UNDONE_WITHIN = timedelta(days=7)  # assumed: a week holds a shift that comes back from its days off


class FloodDecision(models.Model):
    """Решение о лавине: one for all letters of a door that lay apart, or for those of one sender, never named here.

    Written once; afterwards it is only undone, once, within ``UNDONE_WITHIN``.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    door = models.ForeignKey("doors.Door", models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField("что решили", max_length=8, choices=FloodKind)
    why = models.CharField("почему", max_length=300, blank=True, default="")
    is_of_one = models.BooleanField("письма одного отправителя")
    number = models.PositiveIntegerField("писем")
    by = models.ForeignKey(Employee, models.PROTECT, db_index=False, related_name="+")
    at = models.DateTimeField("когда", default=timezone.now)
    undone_at = models.DateTimeField("отменено", null=True)
    undone_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")

    objects = OwnAndBranches.as_manager()

    class Meta:
        verbose_name = "решение о лавине"
        verbose_name_plural = "решения о лавине"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kind=FloodKind.ASIDE) | ~Q(why=""), name="flood_aside_for_a_reason"),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="flood_undone_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-at", "-id"], name="flood_decisions_latest")]
        triggers = [
            pgtrigger.Trigger(
                name="undone_once",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    IF TG_OP = 'DELETE' OR OLD.undone_at IS NOT NULL
                       OR to_jsonb(NEW) - 'undone_at' - 'undone_by_id' <> to_jsonb(OLD) - 'undone_at' - 'undone_by_id'
                    THEN
                      RAISE EXCEPTION 'append-only: a decision about a flood is only undone, once';
                    END IF;
                    RETURN NEW;
                """,
            ),
            never_emptied(),
        ]

    def __str__(self) -> str:
        return f"решение о лавине {self.pk}"

    @property
    def may_be_undone_until(self) -> datetime:
        return self.at + UNDONE_WITHIN

    @property
    def may_be_undone(self) -> bool:
        return self.undone_at is None and timezone.now() < self.may_be_undone_until
