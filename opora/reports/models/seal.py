"""A sealed report: the same bytes for ever; and what changed under it later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from opora.audit.services import uuid7
from opora.deadlines.models import Pack
from opora.organisations.models import Employee, Organisation, Territory
from opora.shared.triggers import append_only

if TYPE_CHECKING:
    from opora.access.scope import Scope


class SealQuerySet(models.QuerySet["Seal"]):
    def accessible_to(self, employee: Employee) -> Self:
        return self.within(employee.scope)

    def within(self, scope: Scope) -> Self:
        match scope.sees:
            case "all":
                return self
            case "territory":
                return self.filter(territory=scope.territory)
            case "insurer":
                found = self.filter(insurer=scope.insurer)
                return found.filter(territory=scope.territory) if scope.territory else found
            case _:
                return self.none()


class Seal(models.Model):
    """Закрытый период одного отчёта. ``number`` counts versions of the same report, subject and period.

    ``body`` is the report as it was counted (``counting.Counted`` as canonical JSON text), ``sha256`` — of its bytes;
    ``sources`` — for each source of facts how many rows lay in the period and the hash over them. ``since``–``until``
    (the last day) is the widest span its columns count. ``corrections`` — cells that differ from the former version.
    ``insurer`` None — the territory as a whole, the fund — the fund alone. ``last_change`` is the last change written
    before it: those after it give the period back. Append-only.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    report = models.CharField("отчёт", max_length=40)
    pack = models.ForeignKey(Pack, models.PROTECT, related_name="+", verbose_name="форма")
    territory = models.ForeignKey(Territory, models.PROTECT, db_index=False, related_name="+")
    insurer = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    period = models.CharField("период", max_length=10)
    since = models.DateField("с")
    until = models.DateField("по")
    number = models.PositiveSmallIntegerField("версия")
    body = models.TextField("отчёт")
    sha256 = models.CharField(max_length=64)
    sources = models.JSONField("источники")
    source_names = ArrayField(models.CharField(max_length=20))
    corrections = models.JSONField("исправления", default=list)
    note = models.CharField("зачем новая версия", max_length=500, blank=True, default="")
    last_change = models.BigIntegerField(default=0)
    sealed_at = models.DateTimeField("закрыт")
    sealed_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    sealed_by_name = models.CharField("кто закрыл", max_length=300)

    objects = SealQuerySet.as_manager()

    class Meta:
        verbose_name = "закрытый отчёт"
        verbose_name_plural = "закрытые отчёты"
        ordering = ["-sealed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "territory", "insurer", "period", "number"],
                name="seal_version_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="seal_runs_forward"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.report} {self.period}, версия {self.number}"


class Change(models.Model):
    """A fact inside a sealed period that changed afterwards: ``old`` is the former row, None — there was none.

    Written by triggers of the tables of facts (``reports_keep_sealed``) only where a seal covers the row; with the
    present rows it gives every sealed period back as it was. ``insurers`` are those the row names, before and after.
    Append-only.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    territory = models.CharField(max_length=5)
    at = models.DateTimeField("когда")
    insurers = ArrayField(models.BigIntegerField(), default=list)
    old = models.JSONField("было", null=True)

    class Meta:
        verbose_name = "изменение после закрытия"
        verbose_name_plural = "изменения после закрытия"
        triggers = append_only()
        indexes = [models.Index(fields=["source", "key", "id"], name="change_of_fact")]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"
