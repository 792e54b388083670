"""What happened to a paper: who, when, why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.audit.services import uuid7
from opora.mailroom.models.incoming import Incoming
from opora.mailroom.models.outgoing import Outgoing
from opora.mailroom.words import EventKind
from opora.organisations.models import Organisation, OwnAndBranches
from opora.shared.triggers import never_emptied

if TYPE_CHECKING:
    from opora.organisations.models import Employee

_STAYS = pgtrigger.Trigger(
    name="stays",
    operation=pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    declare=[("until_moment", "timestamptz")],
    func="""
        IF TG_OP = 'UPDATE' THEN
          RAISE EXCEPTION 'append-only: what happened to a paper stays as it was';
        END IF;
        SELECT coalesce((SELECT forget_at FROM mailroom_incoming WHERE id = OLD.incoming_id),
                        (SELECT forget_at FROM mailroom_outgoing WHERE id = OLD.outgoing_id)) INTO until_moment;
        IF until_moment IS NULL OR until_moment > now() THEN
          RAISE EXCEPTION 'append-only: what happened to a paper stays until the paper may be forgotten';
        END IF;
        RETURN OLD;
    """,
)


class PaperEventQuerySet(OwnAndBranches):
    def accessible_to(self, employee: Employee) -> Self:
        return self.within(employee.scope)


class PaperEvent(models.Model):
    """Append-only; goes when its paper is forgotten. ``details`` are codes and numbers, ``text`` words of a person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    incoming = models.ForeignKey(Incoming, models.PROTECT, null=True, related_name="events")
    outgoing = models.ForeignKey(Outgoing, models.PROTECT, null=True, related_name="events")
    at = models.DateTimeField("когда", default=timezone.now)
    kind = models.CharField("что", max_length=10, choices=EventKind)
    employee_id = models.BigIntegerField("кто", null=True)
    employee_name = models.CharField("кто", max_length=300, blank=True, default="")
    text = models.CharField("слова", max_length=300, blank=True, default="")
    details = models.JSONField("подробности", default=dict)

    objects = PaperEventQuerySet.as_manager()

    class Meta:
        verbose_name = "событие письма"
        verbose_name_plural = "события писем"
        ordering = ["-at", "-id"]
        triggers = [_STAYS, never_emptied()]
        constraints = [
            models.CheckConstraint(
                condition=Q(incoming__isnull=False, outgoing=None) | Q(incoming=None, outgoing__isnull=False),
                name="paper_event_is_of_one_paper",
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"
