"""The case of a complaint: what is decided about it, what was restored, and everything that happened."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from opora.access.scope import Scope, Sees
from opora.appeals.models import Appeal, Reason
from opora.audit.services import uuid7
from opora.complaints.rules import NEVER
from opora.complaints.words import (
    CaseEventKind,
    CaseStage,
    Consent,
    Decision,
    DisputeOutcome,
    Filer,
    Found,
    Payer,
    Restored,
    Speaks,
    Track,
)
from opora.organisations.models import Employee, Organisation, WithoutClinics
from opora.shared.triggers import append_only

_OPEN = Q(closed_at=None)


class CaseQuerySet(WithoutClinics):
    """Clinics have no part in a case: what concerns them — requests, acts — are rows of their own."""

    def open(self) -> Self:
        return self.filter(closed_at=None)


class OfCaseQuerySet(models.QuerySet):
    """Rows that are seen with their case, whoever answers for it now."""

    def accessible_to(self, employee: Employee) -> Self:
        return self.within(employee.scope)

    def within(self, scope: Scope) -> Self:
        return self if scope.sees == Sees.ALL else self.filter(case__in=Case.objects.within(scope))


class BesideCaseQuerySet(models.QuerySet):
    """Rows that a clinic sees too, by its own ``provider``; everybody else sees them with their case."""

    way = ""  # to the row that names the case

    def accessible_to(self, employee: Employee) -> Self:
        return self.within(employee.scope)

    def within(self, scope: Scope) -> Self:
        match scope.sees:
            case Sees.ALL:
                return self
            case Sees.PROVIDER:
                return self.filter(provider=scope.provider)
            case _:
                return self.filter(**{f"{self.way}case__in": Case.objects.within(scope)})


class Case(models.Model):
    """Дело по жалобе. It follows its appeal: ``insurer`` is the one that answers for it now, None — the fund.

    ``stage`` and ``due_on`` (the nearest day something is awaited by, ``NEVER`` — nothing is) are folds of the
    rows below; services write them. ``withdrawn_at`` — the appeal was amended and is no complaint now: the case ends
    with it, and begins again when it is one. ``version`` guards against lost updates.
    """

    appeal = models.OneToOneField(Appeal, models.PROTECT, primary_key=True, related_name="control_case")
    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    expert = models.ForeignKey(
        Employee, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="кто ведёт"
    )
    speaks = models.CharField("кто жалуется", max_length=8, choices=Speaks, blank=True, default="")
    consent = models.CharField("согласие", max_length=10, choices=Consent, blank=True, default="")
    consent_note = models.CharField("чем подтверждено", max_length=300, blank=True, default="")
    decision = models.CharField("решение о проверке", max_length=10, choices=Decision, blank=True, default="")
    ground = models.CharField("основание", max_length=40, blank=True, default="")
    ground_note = models.CharField("почему", max_length=1000, blank=True, default="")
    decided_at = models.DateTimeField("решено", null=True)
    stage = models.CharField("этап", max_length=12, choices=CaseStage, default=CaseStage.OPENED)
    due_on = models.DateField("ждём до", default=NEVER)
    opened_at = models.DateTimeField("открыто", default=timezone.now)
    closed_at = models.DateTimeField("завершено", null=True)
    withdrawn_at = models.DateTimeField("обращение перестало быть жалобой", null=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "дело по жалобе"
        verbose_name_plural = "дела по жалобам"
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None) | ~Q(decision="") & Q(decided_at__isnull=False),
                name="case_decided_with_moment",
            ),
            models.CheckConstraint(
                condition=~Q(decision=Decision.NOT_NEEDED) | ~Q(ground_note=""), name="case_no_check_says_why"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) & ~Q(stage=CaseStage.CLOSED)
                | Q(closed_at__isnull=False, stage=CaseStage.CLOSED),
                name="case_closed_with_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["insurer", "due_on", "appeal"], condition=_OPEN, name="case_of_insurer"),
            models.Index(fields=["territory", "due_on", "appeal"], condition=_OPEN, name="case_of_territory"),
            models.Index(fields=["insurer", "stage", "due_on", "appeal"], condition=_OPEN, name="case_board"),
            models.Index(fields=["territory", "stage", "due_on", "appeal"], condition=_OPEN, name="case_board_of_fund"),
            models.Index(fields=["expert", "due_on", "appeal"], condition=_OPEN, name="case_of_expert"),
            models.Index(fields=["insurer", "-appeal"], condition=~_OPEN, name="case_closed"),
            models.Index(fields=["territory", "-appeal"], condition=~_OPEN, name="case_closed_of_fund"),
        ]

    def __str__(self) -> str:
        return f"дело по жалобе {self.appeal_id}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def awaited_by(self) -> date | None:
        """The nearest day, None where nothing is awaited."""
        return self.due_on if self.due_on != NEVER else None


class CaseTally(models.Model):
    """Сколько открытых дел: by who answers, stage and day. A trigger adds a change for each change of cases, a task
    folds them; a sum is right at any moment.
    """

    territory = models.CharField(max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    stage = models.CharField(max_length=12, choices=CaseStage)
    due_on = models.DateField()
    change = models.IntegerField()

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "счёт дел"
        verbose_name_plural = "счёт дел"
        indexes = [models.Index(fields=["territory", "insurer"], name="case_tally")]

    def __str__(self) -> str:
        return f"{self.stage} {self.due_on}: {self.change:+}"


class OfCase(models.Model):
    """A row of a case, seen with it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        abstract = True


class Restoration(OfCase):
    """Как восстановлено право. ``amount`` in roubles, only for money."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="restorations")
    reason = models.ForeignKey(Reason, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="причина")
    how = models.CharField("как", max_length=16, choices=Restored)
    on = models.DateField("когда")
    amount = models.DecimalField("сумма", max_digits=12, decimal_places=2, null=True, blank=True)
    note = models.CharField("подробности", max_length=500, blank=True, default="")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        verbose_name = "восстановленное право"
        verbose_name_plural = "восстановленные права"
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(how=Restored.MONEY, amount__gt=0) | ~Q(how=Restored.MONEY) & Q(amount=None),
                name="restoration_money_has_amount",
            ),
            models.CheckConstraint(
                condition=~Q(how__in=[Restored.OTHER, Restored.IMPOSSIBLE]) | ~Q(note=""), name="restoration_says_how"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.how} {self.on}"


class DoubtedService(OfCase):
    """Услуга, которой не было: a line the person saw among his services and does not know. ``found`` by the check."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="doubted")
    provider = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    provider_name = models.CharField("клиника", max_length=200, blank=True, default="")
    on = models.DateField("когда")
    title = models.CharField("услуга", max_length=300)
    found = models.CharField("что установлено", max_length=8, choices=Found, blank=True, default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "услуга, которой не было"
        verbose_name_plural = "услуги, которых не было"
        ordering = ["on", "at"]
        constraints = [models.UniqueConstraint(fields=["case", "on", "title"], name="doubted_once")]

    def __str__(self) -> str:
        return f"{self.title} {self.on}"


class Dispute(OfCase):
    """Защита до суда или в суде: who asked for what, what came of it, who paid. Sums in roubles.

    ``moral`` is the part of ``awarded`` for losses and moral harm; the rest is what was spent and came back.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="disputes")
    track = models.CharField("где", max_length=8, choices=Track)
    filer = models.CharField("кто подал", max_length=14, choices=Filer, blank=True, default="")
    filed_on = models.DateField("подано")
    place = models.CharField("суд или кому подано", max_length=200)
    number = models.CharField("номер дела", max_length=60, blank=True, default="")
    claimed = models.DecimalField("просили", max_digits=12, decimal_places=2, null=True, blank=True)
    outcome = models.CharField("исход", max_length=10, choices=DisputeOutcome, blank=True, default="")
    decided_on = models.DateField("решено", null=True, blank=True)
    awarded = models.DecimalField("присудили", max_digits=12, decimal_places=2, null=True, blank=True)
    moral = models.DecimalField(
        "из них убытки и моральный вред", max_digits=12, decimal_places=2, null=True, blank=True
    )
    payer = models.CharField("кто возместил", max_length=8, choices=Payer, blank=True, default="")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        verbose_name = "спор"
        verbose_name_plural = "споры"
        ordering = ["filed_on", "at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", decided_on=None, awarded=None)
                | ~Q(outcome="") & Q(decided_on__gte=F("filed_on")),
                name="dispute_decided_after_filed",
            ),
            models.CheckConstraint(
                condition=(Q(claimed=None) | Q(claimed__gte=0)) & (Q(awarded=None) | Q(awarded__gte=0)),
                name="dispute_sums_not_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(moral=None) | Q(moral__gte=0, moral__lte=F("awarded")), name="dispute_moral_within_awarded"
            ),
            models.CheckConstraint(condition=Q(payer="") | Q(awarded__gt=0), name="dispute_payer_paid"),
        ]

    def __str__(self) -> str:
        return f"{self.track} {self.filed_on}"


class CaseEvent(OfCase):
    """What happened to a case: who, when. Append-only. ``text`` is a reason in words; ``details`` are codes and
    ids, and what was written over (``former``: an act, a verdict, an outcome).
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    at = models.DateTimeField("когда", default=timezone.now)
    kind = models.CharField("что", max_length=16, choices=CaseEventKind)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    employee_id = models.BigIntegerField("кто", null=True)
    employee_name = models.CharField("кто", max_length=300, blank=True, default="")
    text = models.TextField("слова", blank=True, default="")
    details = models.JSONField("подробности", default=dict)

    class Meta:
        verbose_name = "событие дела"
        verbose_name_plural = "события дел"
        ordering = ["-at", "-id"]
        triggers = append_only()
        indexes = [models.Index(fields=["case", "at"], name="caseevent_of_case")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"

    @property
    def title(self) -> str:
        """What happened, in words: a right that cannot be restored was not."""
        if self.kind == CaseEventKind.RESTORED and self.details.get("how") == Restored.IMPOSSIBLE:
            return "Право восстановить нельзя"
        return CaseEventKind(self.kind).label
