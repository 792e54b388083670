"""A finding: one cause behind many appeals to one clinic, carried from a decision to «прекратилось»."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from opora.access.scope import Sees
from opora.appeals.models import Appeal, Bundle
from opora.audit.services import uuid7
from opora.findings.models.watch import Alarm
from opora.findings.words import Decision, EventKind, Stage, Trend, What
from opora.organisations.models import Employee, Organisation, ScopedQuerySet
from opora.shared.triggers import append_only

if TYPE_CHECKING:
    from opora.access.scope import Scope

_OPEN = Q(closed_at=None)


class FindingQuerySet(ScopedQuerySet):
    """A clinic sees what was written to it and nothing before."""

    def within(self, scope: Scope) -> Self:
        found = super().within(scope)
        return found.filter(letter_on__isnull=False) if scope.sees == Sees.PROVIDER else found

    def open(self) -> Self:
        return self.filter(closed_at=None)


class OfFindingQuerySet(models.QuerySet):
    """Rows that are seen with their finding, never by the clinic."""

    def accessible_to(self, employee: Employee) -> Self:
        return self.within(employee.scope)

    def within(self, scope: Scope) -> Self:
        if scope.sees == Sees.ALL:
            return self
        if scope.sees == Sees.PROVIDER:
            return self.none()
        return self.filter(finding__in=Finding.objects.within(scope))


class Finding(models.Model):
    """Системное нарушение. ``insurer`` keeps it, None — the fund. ``stage`` is a fold, services write it.

    ``suspicion`` of a wait: another limit holds for it; «» — of none, None — whatever it is.

    ``since`` – ``until`` is the time the cause was seen in; ``before`` and ``after`` are counts of the same cell over
    ``before_days`` and ``after_days``. ``version`` guards against lost updates.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    made_by = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    number = models.CharField("номер", max_length=32)
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="клиника")
    what = models.CharField("о чём", max_length=8, choices=What)
    code = models.CharField("тема или услуга", max_length=20, blank=True, default="")
    suspicion = models.CharField("подозрение", max_length=16, null=True)
    subject = models.CharField("тема или услуга словами", max_length=300)
    cause = models.TextField("в чём причина")
    since = models.DateField("с")
    until = models.DateField("по")
    alarm = models.ForeignKey(Alarm, models.PROTECT, null=True, related_name="findings")
    bundle = models.ForeignKey(Bundle, models.PROTECT, null=True, db_index=False, related_name="+")
    opened_at = models.DateTimeField("заведено", default=timezone.now)
    opened_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    stage = models.CharField("этап", max_length=10, choices=Stage, default=Stage.OPENED)
    decision = models.CharField("решение", max_length=10, choices=Decision, blank=True, default="")
    ground = models.TextField("основание", blank=True, default="")
    decided_on = models.DateField("решено", null=True)
    letter_number = models.CharField("исходящий номер", max_length=50, blank=True, default="")
    letter_on = models.DateField("письмо от", null=True)
    letter_text = models.TextField("текст письма", blank=True, default="")
    reply_until = models.DateField("ответить до", null=True)
    signed_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    reply = models.TextField("ответ клиники", blank=True, default="")
    replied_on = models.DateField("ответ от", null=True)
    measures = models.TextField("меры", blank=True, default="")
    measures_on = models.DateField("меры приняты", null=True)
    follow_on = models.DateField("проверить", null=True)
    trend = models.CharField("прекратилось ли", max_length=10, choices=Trend, blank=True, default="")
    before = models.PositiveIntegerField("до мер", null=True)
    before_days = models.PositiveIntegerField("дней до мер", null=True)
    after = models.PositiveIntegerField("после мер", null=True)
    after_days = models.PositiveIntegerField("дней после мер", null=True)
    followed_on = models.DateField("проверено", null=True)
    closed_at = models.DateTimeField("завершено", null=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "системное нарушение"
        verbose_name_plural = "системные нарушения"
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="finding_runs_forward"),
            models.CheckConstraint(condition=~Q(cause=""), name="finding_says_its_cause"),
            models.CheckConstraint(
                condition=Q(decision="", decided_on=None)
                | ~Q(decision="") & Q(decided_on__isnull=False) & ~Q(ground=""),
                name="finding_decided_with_ground",
            ),
            models.CheckConstraint(
                condition=Q(letter_on=None) | Q(decision=Decision.VIOLATION, letter_on__gte=F("decided_on")),
                name="finding_letter_after_decision",
            ),
            models.CheckConstraint(
                condition=Q(replied_on=None) | Q(replied_on__gte=F("letter_on")), name="finding_reply_after_letter"
            ),
            models.CheckConstraint(
                condition=Q(measures_on=None) | Q(measures_on__gte=F("since"), follow_on__gt=F("measures_on")),
                name="finding_followed_after_measures",
            ),
            models.UniqueConstraint(fields=["made_by", "number"], name="finding_number_once"),
        ]
        indexes = [
            models.Index(fields=["insurer", "-opened_at", "id"], name="finding_of_insurer"),
            models.Index(fields=["territory", "-opened_at", "id"], name="finding_of_territory"),
            models.Index(fields=["follow_on"], condition=Q(trend="") & _OPEN, name="finding_to_follow"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class FindingAppeal(models.Model):
    """An appeal that belongs to the cause. It stays in the journal as it is."""

    id = models.BigAutoField(primary_key=True)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="gathered")
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="+")

    objects = OfFindingQuerySet.as_manager()

    class Meta:
        verbose_name = "обращение системного нарушения"
        verbose_name_plural = "обращения системных нарушений"
        constraints = [models.UniqueConstraint(fields=["finding", "appeal"], name="finding_appeal_once")]

    def __str__(self) -> str:
        return f"{self.finding_id}: {self.appeal_id}"


class FindingEvent(models.Model):
    """What happened to a finding: who, when. Append-only. ``details`` are codes and numbers, ``text`` words."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="events")
    at = models.DateTimeField("когда", default=timezone.now)
    kind = models.CharField("что", max_length=10, choices=EventKind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    employee_id = models.BigIntegerField("кто", null=True)
    employee_name = models.CharField("кто", max_length=300, blank=True, default="")
    text = models.TextField("слова", blank=True, default="")
    details = models.JSONField("подробности", default=dict)

    objects = OfFindingQuerySet.as_manager()

    class Meta:
        verbose_name = "событие системного нарушения"
        verbose_name_plural = "события системных нарушений"
        ordering = ["-at", "-id"]
        triggers = append_only()
        indexes = [models.Index(fields=["finding", "at"], name="findingevent_of_finding")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"
