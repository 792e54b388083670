"""Agreements: whose operators take the calls of a line when its own do not."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from opora.organisations.models import Employee, Organisation
from opora.telephony.models.line import Line
from opora.telephony.words import When


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def accessible_to(self, employee: Employee) -> Self:
        """Those of her organisation's lines, and those by which it helps a neighbour."""
        scope = employee.scope
        if scope.sees == "all":
            return self
        return self.filter(Q(organisation=scope.organisation) | Q(to_organisation=scope.organisation))

    def standing(self) -> Self:
        return self.filter(stopped_at=None)

    def in_force(self, on: date) -> Self:
        return self.standing().filter(Q(until=None) | Q(until__gte=on), agreed_at__isnull=False, since__lte=on)


class Agreement(models.Model):
    """Перелив: calls of ``line`` go to ``to_line`` of a neighbour ``when``, from ``since`` to ``until`` inclusive.

    It works once the neighbour has agreed, until one of the two stops it. ``title`` and ``to_title`` are copies:
    a neighbour's line is not hers to read. ``seconds`` of waiting, for ``When.WAITS`` alone.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="чья линия")
    to_organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="кто отвечает")
    line = models.ForeignKey(Line, models.PROTECT, related_name="+", verbose_name="линия")
    to_line = models.ForeignKey(Line, models.PROTECT, related_name="+", verbose_name="куда")
    title = models.CharField(max_length=200)
    to_title = models.CharField(max_length=200)
    when = models.CharField("когда", max_length=6, choices=When)
    seconds = models.PositiveSmallIntegerField("секунд ожидания", default=0)
    since = models.DateField("с")
    until = models.DateField("по", null=True, blank=True)
    paper = models.CharField("соглашение", max_length=200)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Employee, models.PROTECT, db_index=False, related_name="+")
    agreed_at = models.DateTimeField("принято", null=True)
    agreed_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    stopped_at = models.DateTimeField("прекращено", null=True)
    stopped_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "перелив звонков"
        verbose_name_plural = "переливы звонков"
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["line", "when"], condition=Q(stopped_at=None), name="agreement_once"),
            models.CheckConstraint(
                condition=Q(when="waits", seconds__range=(5, 3600)) | ~Q(when="waits") & Q(seconds=0),
                name="agreement_waits_some_seconds",
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="agreement_runs_forward"),
            models.CheckConstraint(condition=~Q(organisation=F("to_organisation")), name="agreement_is_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.title} → {self.to_title}"
