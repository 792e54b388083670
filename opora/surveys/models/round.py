"""When and whom: a round of a survey and the cells of its sample."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from opora.organisations.models import Employee, Organisation, WithoutClinics
from opora.surveys.models.survey import Survey, SurveyVersion
from opora.surveys.strata import ANYONE, stratum
from opora.surveys.words import Mode, RoundState, Source


class RoundQuerySet(WithoutClinics):
    """Rounds of surveys: a clinic has no part in one about itself."""

    def running(self) -> Self:
        return self.filter(state=RoundState.RUNNING)

    def asking(self, on: date) -> Self:
        """Those that may ask new people on a day."""
        return self.running().filter(until__gte=on)

    def overdue(self, on: date) -> Self:
        """Those that ask nobody any more and wait to be closed."""
        return self.running().filter(until__lt=on)


class Round(models.Model):
    """Опрос за период. ``insurer`` None — the fund asks; ``provider`` — the clinic asked about, where there is one.

    ``campaign_id`` and ``campaign_year`` name the informing campaign whose people are asked. ``address`` is the site in
    links of SMS. ``post_hash`` is the key of the tablet. ``silent`` are counts of those who did not answer, by reason,
    kept when the list of people is erased; ``tally`` are counts of answers (``results.fold``), made when it ends.
    ``rest_days`` is how long nobody is asked again after a talk.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="rounds")
    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="+", verbose_name="анкета")
    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    provider = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="клиника"
    )
    title = models.CharField("название", max_length=200)
    since = models.DateField("с")
    until = models.DateField("по")
    modes = ArrayField(models.CharField(max_length=8, choices=Mode), verbose_name="как спрашиваем")
    source = models.CharField("кого", max_length=10, choices=Source, default=Source.REGISTER)
    campaign_id = models.BigIntegerField("кампания", null=True, blank=True)
    campaign_year = models.PositiveSmallIntegerField(null=True, blank=True)
    wanted = models.PositiveIntegerField("сколько человек", default=0)
    reserve = models.PositiveSmallIntegerField("запас, раз", default=5)
    rest_days = models.PositiveSmallIntegerField("одного человека не чаще, чем раз в, дней", default=90, db_default=90)
    state = models.CharField("состояние", max_length=8, choices=RoundState, default=RoundState.DRAFT)
    address = models.CharField("адрес сайта", max_length=200, blank=True, default="")
    post_hash = models.CharField(max_length=64, blank=True, default="")
    silent = models.JSONField("не ответили", default=dict, blank=True)
    tally = models.JSONField("посчитано", default=dict, blank=True)
    made_at = models.DateTimeField("составлен", default=timezone.now)
    launched_at = models.DateTimeField("начат", null=True)
    closed_at = models.DateTimeField("завершён", null=True)
    by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    lock = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "опрос за период"
        verbose_name_plural = "опросы за период"
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="round_runs_forward"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | ~Q(state="closed") & Q(closed_at=None),
                name="round_closed_with_moment",
            ),
            models.CheckConstraint(
                condition=~Q(source__in=["came", "missed"]) | Q(campaign_id__isnull=False), name="round_names_campaign"
            ),
        ]
        indexes = [
            models.Index(fields=["insurer", "-id"], name="round_of_insurer"),
            models.Index(fields=["territory", "-id"], name="round_of_territory"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_running(self) -> bool:
        return self.state == RoundState.RUNNING

    @property
    def is_overdue(self) -> bool:
        """Whether its last day is over: it asks nobody new, and whoever leads it closes it."""
        return self.is_running and self.until < timezone.localdate()

    @property
    def is_closed(self) -> bool:
        return self.state == RoundState.CLOSED

    @property
    def asks_people(self) -> bool:
        """Whether a list of people is drawn for it; paper and tablets have none, after a talk it grows by itself."""
        return self.source not in {Source.NOBODY, Source.TALKS}

    @property
    def is_after_talks(self) -> bool:
        return self.source == Source.TALKS

    @property
    def mode_words(self) -> str:
        return ", ".join(str(Mode(one).label) for one in self.modes)


class OfRoundQuerySet(models.QuerySet):
    """Rows that are seen with their round."""

    def accessible_to(self, employee: Employee) -> Self:
        return self.filter(round__in=Round.objects.accessible_to(employee))


class Cell(models.Model):
    """Клетка: 1…20 of ``strata``, 0 — everybody else. ``planned`` None — no limit. The database keeps the quota."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="cells", db_index=False)
    number = models.PositiveSmallIntegerField("клетка")
    population = models.PositiveIntegerField("застраховано", default=0)
    planned = models.PositiveIntegerField("нужно", null=True)
    done = models.PositiveIntegerField("опрошено", default=0)

    objects = OfRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "клетка выборки"
        verbose_name_plural = "клетки выборки"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="cell_once"),
            models.CheckConstraint(condition=Q(number__lte=20), name="cell_is_known"),
            models.CheckConstraint(condition=Q(planned=None) | Q(done__lte=F("planned")), name="cell_within_quota"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return "без клетки" if self.number == ANYONE else stratum(self.number).title

    @property
    def is_full(self) -> bool:
        return self.planned is not None and self.done >= self.planned
