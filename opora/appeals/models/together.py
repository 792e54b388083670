"""Appeals that belong together: linked, gathered, never merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from opora.appeals.models.appeal import Appeal
from opora.appeals.models.grant import holder_of
from opora.appeals.words import RelationKind
from opora.audit.services import uuid7
from opora.organisations.models import Employee, Organisation

if TYPE_CHECKING:
    from opora.access.scope import Scope


class Relation(models.Model):
    """Two appeals linked, with a reason; undone with a reason too, any time. ``earlier`` is the older one."""

    earlier = models.ForeignKey(Appeal, models.PROTECT, related_name="later_relations")
    later = models.ForeignKey(Appeal, models.PROTECT, related_name="earlier_relations")
    kind = models.CharField("как связаны", max_length=10, choices=RelationKind)
    why = models.CharField("почему", max_length=300)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    undone_why = models.CharField("почему снято", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "связь обращений"
        verbose_name_plural = "связи обращений"
        constraints = [
            models.UniqueConstraint(
                fields=["earlier", "later"], condition=Q(undone_at=None), name="relation_once_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(earlier=F("later")), name="relation_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.earlier_id} — {self.later_id}"


class BundleQuerySet(models.QuerySet["Bundle"]):
    def within(self, scope: Scope) -> Self:
        """Bundles of an insurer and its branches, within the territory of a branch: they work by the same grants."""
        holder = holder_of(scope)
        found = self.filter(Q(organisation=holder) | Q(organisation__parent=holder))
        return found.filter(organisation__territory=scope.territory) if scope.territory else found

    def accessible_to(self, employee: Employee) -> Self:
        return self.within(employee.scope)


class Bundle(models.Model):
    """Подборка: many appeals with one cause and one text of the answer; each keeps its number and its clock."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    title = models.CharField("о чём", max_length=200)
    cause = models.TextField("причина", blank=True, default="")
    answer_text = models.TextField("общий текст ответа", blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = BundleQuerySet.as_manager()

    class Meta:
        verbose_name = "подборка обращений"
        verbose_name_plural = "подборки обращений"
        ordering = ["-created_at", "pk"]

    def __str__(self) -> str:
        return self.title
