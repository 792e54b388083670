"""A sealed report that everybody may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.access.scope import Sees
from opora.audit.services import uuid7
from opora.organisations.models import Employee, Organisation, Territory
from opora.reports.models.seal import Seal

if TYPE_CHECKING:
    from opora.access.scope import Scope


class PublicationQuerySet(models.QuerySet["Publication"]):
    def accessible_to(self, employee: Employee) -> Self:
        return self.within(employee.scope)

    def within(self, scope: Scope) -> Self:
        match scope.sees:
            case Sees.ALL:
                return self
            case Sees.TERRITORY:
                return self.filter(territory=scope.territory)
            case Sees.INSURER:
                return self.filter(insurer=scope.insurer)
            case _:
                return self.none()

    def open(self) -> Self:
        return self.filter(withdrawn_at=None)


class Publication(models.Model):
    """Публикация: what the public page and its copies show, word for word.

    ``body`` is the sealed text itself; where small numbers are hidden (``least`` > 0) it is the same report with «<N»
    instead of them, and ``sha256`` is of that text. The hash of the seal stands beside. A report, subject and period is
    published once at a time; a new version takes the place of the former.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    seal = models.ForeignKey(Seal, models.PROTECT, db_index=False, related_name="publications")
    report = models.CharField("отчёт", max_length=40)
    title = models.CharField("название", max_length=500)
    territory = models.ForeignKey(Territory, models.PROTECT, db_index=False, related_name="+")
    territory_name = models.CharField(max_length=300)
    insurer = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    subject_name = models.CharField("чей", max_length=500)
    period = models.CharField("период", max_length=10)
    period_words = models.CharField(max_length=60)
    version = models.CharField("редакция формы", max_length=40)
    number = models.PositiveSmallIntegerField("версия")
    least = models.PositiveSmallIntegerField("скрывать числа меньше", default=0)
    body = models.TextField("что видно")
    sha256 = models.CharField(max_length=64)
    seal_sha256 = models.CharField(max_length=64)
    sealed_at = models.DateTimeField("закрыт")
    published_at = models.DateTimeField("опубликован", default=timezone.now)
    published_by = models.ForeignKey(Employee, models.PROTECT, db_index=False, related_name="+")
    withdrawn_at = models.DateTimeField("отозван", null=True)
    withdrawn_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    withdrawn_why = models.CharField("почему отозван", max_length=300, blank=True, default="")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = "опубликованный отчёт"
        verbose_name_plural = "опубликованные отчёты"
        ordering = ["territory_name", "subject_name", "report", "-period", "-published_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "territory", "insurer", "period"],
                condition=Q(withdrawn_at=None),
                name="publication_once_at_a_time",
                nulls_distinct=False,
            ),
        ]

        triggers = [
            pgtrigger.ReadOnly(
                name="published_stays_as_it_is", exclude=["withdrawn_at", "withdrawn_by", "withdrawn_why"]
            ),
            pgtrigger.Protect(name="published_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.subject_name}, {self.period_words}"
