"""A line and what it promises to callers."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from opora.organisations.models import Organisation, WithoutClinics

if TYPE_CHECKING:
    from opora.organisations.models import Employee

HOT = "hot"


class Line(models.Model):
    """Линия of an organisation. ``code`` is how the exchange names it; ``hot`` is the one the journal counts into.

    ``level`` per cent of calls answered ``within`` seconds; a call takes ``talk_seconds`` and ``wrap_seconds`` after
    it; callers wait ``patience`` seconds on average before they hang up, 0 — they never do; ``shrinkage`` is the per
    cent of paid time away from the line beside the break of the shift (training, illness, visits of the chief).
    The preset figures are assumed: 80/20 is the habit of the field.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="чья линия")
    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", verbose_name="страховая, пусто — фонд"
    )
    code = models.CharField("код линии", max_length=40, default=HOT)
    title = models.CharField("название", max_length=200, default="Горячая линия", db_default="Горячая линия")
    level = models.PositiveSmallIntegerField(
        "ответить, %", default=80, db_default=80, validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    within = models.PositiveSmallIntegerField(
        "за сколько секунд", default=20, db_default=20, validators=[MaxValueValidator(600)]
    )
    talk_seconds = models.PositiveSmallIntegerField(
        "разговор, секунд", default=180, db_default=180, validators=[MinValueValidator(10), MaxValueValidator(3600)]
    )
    wrap_seconds = models.PositiveSmallIntegerField(
        "запись после разговора, секунд", default=30, db_default=30, validators=[MaxValueValidator(3600)]
    )
    patience = models.PositiveSmallIntegerField(
        "ждут до отбоя, секунд",
        default=120,
        db_default=120,
        validators=[MaxValueValidator(3600)],
        help_text="0 — считать, что никто не кладёт трубку.",
    )
    shrinkage = models.PositiveSmallIntegerField(
        "вне линии, %",
        default=15,
        db_default=15,
        validators=[MaxValueValidator(70)],
        help_text="Учёба, болезни, отлучки. Перерыв смены сюда не входит.",
    )
    is_pooled = models.BooleanField(
        "согласны принимать звонки вместе с соседями",
        default=False,
        db_default=False,
        help_text="Соседи, которые тоже согласились, увидят только число операторов: врозь и вместе.",
    )
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = WithoutClinics.as_manager()

    class Meta:
        verbose_name = "линия"
        verbose_name_plural = "линии"
        ordering = ["organisation__name", "title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="staffing_line_once"),
            models.CheckConstraint(condition=Q(level__range=(1, 99)), name="staffing_line_level"),
            models.CheckConstraint(condition=Q(shrinkage__lte=70), name="staffing_line_shrinkage"),
            models.CheckConstraint(condition=Q(talk_seconds__range=(10, 3600)), name="staffing_line_talk"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def zone(self) -> ZoneInfo:
        return self.organisation.zone

    @property
    def call_seconds(self) -> int:
        return self.talk_seconds + self.wrap_seconds

    def is_of(self, employee: Employee) -> bool:
        """Whether she may plan it: her own organisation's line, or of a branch of it."""
        home = employee.assignment.organisation_id if employee.assignment else None
        return home is not None and home in {self.organisation_id, self.organisation.parent_id}
