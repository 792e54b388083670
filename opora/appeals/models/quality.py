"""Quality of closed talks: a sheet of criteria, a random sample that can be drawn again, marks."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from opora.appeals.models.appeal import Appeal
from opora.audit.services import uuid7
from opora.organisations.models import Employee, Organisation
from opora.shared.triggers import append_only


class SampleSource(models.TextChoices):
    APPEAL = "appeal", "обращения"
    CALL = "call", "звонки"


class ScoreSheet(models.Model):
    """One version of what a talk is judged by; it never changes, a new version is a new row.

    ``criteria`` are ``[{"code", "title", "help", "most"}]``: from 0 to ``most`` points each.
    """

    code = models.CharField("код", max_length=40)
    version = models.CharField("версия", max_length=20)
    title = models.CharField("название", max_length=200)
    criteria = models.JSONField("критерии", default=list)
    since = models.DateField("действует с")

    class Meta:
        verbose_name = "оценочный лист"
        verbose_name_plural = "оценочные листы"
        ordering = ["code", "-since", "-pk"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="score_sheet_version_once")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.title}, {self.version}"


class QualitySample(models.Model):
    """A random sample of one organisation: of closed appeals, or of calls. ``seed`` and the bounds give it again.

    ``bounds`` are those the room of the calls has added; ``population`` — among how many it was drawn.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    source = models.CharField("из чего", max_length=6, choices=SampleSource, default=SampleSource.APPEAL)
    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="+")
    since = models.DateField("закрыты с")
    until = models.DateField("закрыты по")
    line = models.CharField("линия", max_length=8, blank=True, default="")
    asked = models.PositiveSmallIntegerField("сколько просили")
    bounds = models.JSONField("ещё границы", default=dict)
    population = models.PositiveIntegerField("из скольких", null=True)
    seed = models.BigIntegerField("зерно")
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(Employee, models.PROTECT, db_index=False, related_name="+")

    class Meta:
        verbose_name = "выборка для оценки"
        verbose_name_plural = "выборки для оценки"
        ordering = ["-made_at"]
        constraints = [models.CheckConstraint(condition=Q(until__gte=F("since")), name="sample_runs_forward")]
        indexes = [models.Index(fields=["organisation", "-made_at"], name="sample_of_organisation")]

    def __str__(self) -> str:
        return f"выборка {self.made_at:%d.%m.%Y}"


class Score(models.Model):
    """One talk of a sample: whose it was and, once somebody has listened, its marks.

    It is an appeal or a call (``call_id``, as appeals carry it). ``acknowledged_at`` — she has read what was said.
    """

    sample = models.ForeignKey(QualitySample, models.PROTECT, related_name="scores")
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, related_name="+")
    call_id = models.CharField("звонок", max_length=64, blank=True, default="")
    organisation_id = models.BigIntegerField()
    employee = models.ForeignKey(
        Employee, models.PROTECT, db_index=False, related_name="+", verbose_name="чей разговор"
    )
    place = models.PositiveSmallIntegerField("по порядку")
    marks = models.JSONField("оценки", default=dict)
    total = models.PositiveSmallIntegerField("итог, %", null=True)
    comment = models.TextField("что сказать сотруднику", blank=True, default="")
    scored_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    scored_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField("прочитано", null=True)

    class Meta:
        verbose_name = "оценка разговора"
        verbose_name_plural = "оценки разговоров"
        ordering = ["sample", "place"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "appeal"], name="score_once_per_sample"),
            models.UniqueConstraint(fields=["sample", "call_id"], condition=~Q(call_id=""), name="score_once_per_call"),
            models.CheckConstraint(
                condition=Q(appeal__isnull=False, call_id="") | Q(appeal=None) & ~Q(call_id=""),
                name="score_of_one_talk",
            ),
            models.CheckConstraint(
                condition=Q(scored_at=None, total=None) | Q(scored_at__isnull=False, total__range=(0, 100)),
                name="score_has_moment",
            ),
        ]
        indexes = [models.Index(fields=["employee", "-scored_at"], name="score_of_employee")]

    def __str__(self) -> str:
        return f"оценка {self.appeal_id or self.call_id}"
