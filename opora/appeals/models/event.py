"""What happened to an appeal: the fact itself. Append-only, partitioned by month, chained by organisation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from opora.appeals.models.appeal import Appeal
from opora.appeals.words import Depth, EventKind
from opora.classifiers.words import Line
from opora.shared.triggers import append_only

if TYPE_CHECKING:
    from typing import ClassVar

SLACK = timedelta(days=2)  # a file of a partner whose clock is fast registers later than it was taken


class EventQuerySet(models.QuerySet["Event"]):
    def of(self, appeal: Appeal) -> Self:
        """What happened to one appeal."""
        return self.filter(appeal=appeal, at__gte=Event.not_before(appeal))


class Event(models.Model):
    """One fact: who of which organisation, when, what. ``organisation_id`` is the actor's, its chain holds the event.

    ``details`` are codes and ids, never names or texts of citizens; ``text`` is a reason or a note in words and makes
    the event at least as deep as ``TEXT``. ``employee_name`` is copied: the line outlives the account.
    """

    pk = models.CompositePrimaryKey("at", "id")
    at = models.DateTimeField("когда", default=timezone.now)
    id = models.UUIDField()
    appeal = models.ForeignKey(Appeal, models.PROTECT, db_index=False, related_name="events")
    territory = models.CharField("территория", max_length=5)
    organisation_id = models.BigIntegerField("организация")
    kind = models.CharField("что произошло", max_length=20, choices=EventKind)
    employee_id = models.BigIntegerField("кто", null=True)
    employee_name = models.CharField("кто", max_length=300, blank=True, default="")
    line = models.CharField("линия", max_length=8, choices=Line, blank=True, default="")
    depth = models.PositiveSmallIntegerField("с какой глубины видно", choices=Depth, default=Depth.STAGE)
    details = models.JSONField("подробности", default=dict)
    text = models.TextField("слова", blank=True, default="")

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "событие обращения"
        verbose_name_plural = "события обращений"
        triggers = append_only()
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["appeal", "at"], name="event_of_appeal"),
            models.Index(fields=["organisation_id", "at"], name="event_by_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind}"

    @staticmethod
    def not_before(appeal: Appeal) -> datetime:
        """Return the moment before which nothing happened to an appeal: earlier months are not looked into."""
        return appeal.registered_at - SLACK
