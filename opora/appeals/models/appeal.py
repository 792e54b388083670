"""The appeal: the fold of its events. Its text and its people are rows of their own, under deeper security."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from opora.appeals.models.grant import Grant
from opora.appeals.words import Depth, Stage
from opora.audit.services import uuid7
from opora.classifiers.models import Topic
from opora.classifiers.words import (
    Channel,
    Flag,
    Form,
    Kind,
    Line,
    Origin,
    Outcome,
    Outside,
    Responsible,
    Standing,
    Verdict,
)
from opora.organisations.models import Employee, Organisation, Territory

if TYPE_CHECKING:
    from opora.access.scope import Scope

NO_ANSWER_NEEDED = (Outcome.WITHDRAWN, Outcome.REDIRECTED, Outcome.CALL_REDIRECTED)


class AppealQuerySet(models.QuerySet["Appeal"]):
    def accessible_to(self, employee: Employee, depth: Depth = Depth.STAGE) -> Self:
        """Appeals of which her organisation, at her level, may see at least ``depth``."""
        return self.within(employee.scope, depth)

    def within(self, scope: Scope, depth: Depth = Depth.STAGE) -> Self:
        if scope.sees == "all":
            return self
        seen = Grant.objects.within(scope).of_depth(scope, depth)
        return self.filter(Exists(seen.filter(appeal=OuterRef("pk"))))

    def open(self) -> Self:
        return self.filter(closed_at=None)


class Appeal(models.Model):
    """Обращение. ``organisation`` registered it and gave the number; ``handler`` answers for it now; without an
    ``owner`` it waits in the queue of ``handler`` × ``line``. ``due_at`` is the nearest running clock.
    Changed only by services, each change beside its event in one transaction; ``version`` guards against lost updates.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    territory = models.ForeignKey(Territory, models.PROTECT, db_index=False, verbose_name="территория")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name="зарегистрировано в"
    )
    year = models.PositiveSmallIntegerField("год")
    sequence = models.PositiveIntegerField("порядковый номер")
    number = models.CharField("номер", max_length=32, db_collation="C")
    kind = models.CharField("вид", max_length=16, choices=Kind)
    form = models.CharField("форма", max_length=8, choices=Form)
    channel = models.CharField("способ", max_length=12, choices=Channel)
    origin = models.CharField("источник", max_length=20, choices=Origin, default=Origin.DIRECT)
    origin_name = models.CharField("организация-источник", max_length=250, blank=True, default="")
    standing = models.CharField("статус по 59-ФЗ", max_length=12, choices=Standing, default=Standing.IDENTIFIED)
    topic = models.ForeignKey(Topic, models.PROTECT, db_index=False, related_name="+", verbose_name="тема")
    topic_code = models.CharField("код темы", max_length=14)
    topic_note = models.CharField("примечание к теме", max_length=500, blank=True, default="")
    flags = ArrayField(models.CharField(max_length=16, choices=Flag), verbose_name="признаки", default=list, blank=True)
    received_at = models.DateTimeField("поступило")
    registered_at = models.DateTimeField("зарегистрировано", default=timezone.now)
    registered_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="кто принял"
    )
    line_received = models.CharField("линия принятия", max_length=8, choices=Line)
    line = models.CharField("линия рассмотрения", max_length=8, choices=Line)
    handler = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+", verbose_name="кто отвечает"
    )
    responsible = models.CharField("тип ответственной организации", max_length=24, choices=Responsible)
    owner = models.ForeignKey(
        Employee, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="у кого"
    )
    stage = models.CharField("этап", max_length=12, choices=Stage, default=Stage.REGISTERED)
    due_at = models.DateTimeField("ответить до", null=True)
    due_on = models.DateField("последний день", null=True)
    needs_answer = models.BooleanField("нужен ответ заявителю", default=True)
    interim_answered_at = models.DateTimeField("промежуточный ответ", null=True)
    answered_at = models.DateTimeField("ответ дан", null=True)
    closed_at = models.DateTimeField("закрыто", null=True)
    outcome = models.CharField("исход", max_length=20, choices=Outcome, blank=True, default="")
    verdict = models.CharField("сведения о жалобе", max_length=12, choices=Verdict, blank=True, default="")
    outside = models.CharField("направлено наружу", max_length=12, choices=Outside, blank=True, default="")
    outside_at = models.DateTimeField("когда направлено", null=True)
    incoming_number = models.CharField("входящий номер", max_length=50, blank=True, default="")
    incoming_on = models.DateField("дата входящего", null=True)
    outgoing_number = models.CharField("исходящий номер", max_length=50, blank=True, default="")
    outgoing_on = models.DateField("дата исходящего", null=True)
    is_repeat = models.BooleanField("повторное", default=False)
    call_id = models.CharField("звонок", max_length=64, blank=True, default="")
    bundle = models.ForeignKey("appeals.Bundle", models.PROTECT, null=True, related_name="appeals")
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = "обращение"
        verbose_name_plural = "обращения"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year", "sequence"], name="appeal_number_once"),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="appeal_numbers_from_one"),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") & ~Q(stage=Stage.CLOSED)
                | Q(closed_at__isnull=False, stage=Stage.CLOSED) & ~Q(outcome=""),
                name="appeal_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("received_at")), name="appeal_closed_after_received"
            ),
            models.CheckConstraint(
                condition=Q(registered_at__gte=F("received_at")), name="appeal_registered_after_received"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None)
                | Q(needs_answer=False)
                | Q(answered_at__isnull=False)
                | Q(outcome__in=NO_ANSWER_NEEDED),
                name="appeal_closed_with_answer",
            ),
            models.CheckConstraint(
                condition=Q(verdict="") | Q(kind=Kind.COMPLAINT), name="appeal_verdict_on_complaint"
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.COMPLAINT)
                | Q(closed_at=None)
                | Q(outcome__in=NO_ANSWER_NEEDED)
                | ~Q(verdict=""),
                name="appeal_complaint_closed_with_verdict",
            ),
            models.CheckConstraint(
                condition=~Q(origin=Origin.OTHER) | ~Q(origin_name=""), name="appeal_other_origin_named"
            ),
            models.CheckConstraint(
                condition=Q(outside="", outside_at=None) | ~Q(outside="") & Q(outside_at__isnull=False),
                name="appeal_outside_with_moment",
            ),
            models.CheckConstraint(
                condition=Q(due_at=None, due_on=None) | Q(due_at__isnull=False, due_on__isnull=False),
                name="appeal_due_has_day",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) | Q(due_at__isnull=False), name="appeal_open_has_clock"
            ),
        ]
        indexes = [
            models.Index(fields=["number"], name="appeal_by_number"),
            models.Index(fields=["incoming_number"], condition=~Q(incoming_number=""), name="appeal_by_incoming"),
            models.Index(fields=["bundle"], condition=Q(bundle__isnull=False), name="appeal_by_bundle"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class AppealText(models.Model):
    """What was said or written. Seen from depth ``TEXT`` on."""

    appeal = models.OneToOneField(Appeal, models.PROTECT, primary_key=True, related_name="content")
    text = models.TextField("содержание", blank=True, default="")

    class Meta:
        verbose_name = "содержание обращения"
        verbose_name_plural = "содержания обращений"

    def __str__(self) -> str:
        return f"текст обращения {self.appeal_id}"


class Numbering(models.Model):
    """The last number given in an organisation in a year. It moves in the registering transaction: no gap is left."""

    pk = models.CompositePrimaryKey("organisation_id", "year")
    organisation_id = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        verbose_name = "нумерация"
        verbose_name_plural = "нумерации"

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year}: {self.last}"
