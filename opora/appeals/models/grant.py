"""What an organisation sees of an appeal; its lists are read from the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.appeals.words import Depth, GrantReason, Stage
from opora.classifiers.words import Channel, Kind, Line
from opora.organisations.models import Organisation

if TYPE_CHECKING:
    from opora.access.scope import Scope
    from opora.organisations.models import Employee


def holder_of(scope: Scope) -> int | None:
    """Return the organisation whose grants a scope reads: a branch reads its insurer's, within its territory."""
    return scope.insurer or scope.provider or scope.organisation


def depth_column(scope: Scope) -> str:
    """Return the column that says how deep a scope sees: those without a level see as level 3."""
    return f"depth{scope.level}" if scope.level in {1, 2} else "depth3"


class GrantQuerySet(models.QuerySet["Grant"]):
    def accessible_to(self, employee: Employee) -> Self:
        return self.within(employee.scope)

    def within(self, scope: Scope) -> Self:
        """Rows of the scope's organisation: the base of every list, counter, export and feed."""
        if scope.sees == "all":
            return self
        found = self.filter(organisation=holder_of(scope))
        return found.filter(territory=scope.territory) if scope.territory else found

    def of_depth(self, scope: Scope, depth: Depth) -> Self:
        return self if scope.sees == "all" else self.filter(**{f"{depth_column(scope)}__gte": depth})

    def open(self) -> Self:
        return self.filter(closed_at=None)


class Grant(models.Model):
    """One organisation's sight of one appeal: how deep, by level of the representative, and why.

    The columns below the depths are copies from the appeal, kept by a trigger: each list of an organisation is a range
    of one index of this table. Only what stands at depth ``STAGE`` may filter by them.
    """

    appeal = models.ForeignKey("appeals.Appeal", models.PROTECT, db_index=False, related_name="grants")
    organisation = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    territory = models.CharField(max_length=5)
    registrar_id = models.BigIntegerField()
    reason = models.CharField("почему", max_length=12, choices=GrantReason)
    depth1 = models.PositiveSmallIntegerField("видит 1-й уровень", choices=Depth)
    depth2 = models.PositiveSmallIntegerField("видит 2-й уровень", choices=Depth)
    depth3 = models.PositiveSmallIntegerField("видят 3-й уровень и остальные", choices=Depth)
    granted_at = models.DateTimeField(default=timezone.now)

    registered_at = models.DateTimeField()
    kind = models.CharField(max_length=16, choices=Kind)
    topic_code = models.CharField(max_length=14)
    channel = models.CharField(max_length=12, choices=Channel)
    stage = models.CharField(max_length=12, choices=Stage)
    line = models.CharField(max_length=8, choices=Line)
    handler_id = models.BigIntegerField()
    owner_id = models.BigIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = "доступ к обращению"
        verbose_name_plural = "доступы к обращениям"
        constraints = [
            models.UniqueConstraint(fields=["appeal", "organisation"], name="grant_once"),
            models.CheckConstraint(
                condition=Q(depth1__range=(0, 4), depth2__range=(0, 4), depth3__range=(0, 4)), name="grant_depth_known"
            ),
        ]
        # ``territory`` stands last where a branch reads: others' rows are passed over without leaving the index.
        indexes = [
            models.Index(
                fields=["organisation", "due_at", "appeal", "territory"],
                condition=Q(closed_at=None),
                name="grant_open_by_due",
            ),
            models.Index(
                fields=["organisation", "owner_id", "due_at", "appeal"],
                condition=Q(closed_at=None),
                name="grant_open_by_owner",
            ),
            models.Index(
                fields=["organisation", "handler_id", "line", "due_at", "appeal"],
                condition=Q(closed_at=None),
                name="grant_open_by_queue",
            ),
            models.Index(fields=["organisation", "registered_at", "appeal", "territory"], name="grant_by_day"),
            models.Index(fields=["organisation", "kind", "registered_at", "appeal", "territory"], name="grant_by_kind"),
            models.Index(
                fields=["organisation", "topic_code", "registered_at", "appeal", "territory"], name="grant_by_topic"
            ),
            models.Index(fields=["organisation", "owner_id", "registered_at", "appeal"], name="grant_by_owner"),
            models.Index(fields=["organisation", "line", "registered_at", "appeal"], name="grant_by_line"),
            models.Index(fields=["organisation", "handler_id", "registered_at", "appeal"], name="grant_by_handler"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} видит {self.appeal_id}"


class Tally(models.Model):
    """Open appeals counted by the day they are due: triggers add ``change`` rows, the chainer folds them together.

    The sum of ``change`` over (handler, line, owner, due_on) is the number of open appeals there; nobody waits for it.
    """

    id = models.BigAutoField(primary_key=True)
    territory = models.CharField(max_length=5)
    handler_id = models.BigIntegerField()
    line = models.CharField(max_length=8)
    owner_id = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=16)
    due_on = models.DateField()
    change = models.IntegerField()

    class Meta:
        verbose_name = "счёт открытых"
        verbose_name_plural = "счёт открытых"
        indexes = [
            models.Index(fields=["handler_id", "owner_id", "due_on"], name="tally_by_owner"),
            models.Index(fields=["territory", "due_on"], name="tally_by_territory"),
        ]

    def __str__(self) -> str:
        return f"{self.handler_id} {self.due_on}: {self.change:+}"
