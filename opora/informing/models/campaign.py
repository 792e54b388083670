"""What is to be said to whom, by which ladder of channels, and how far it has come."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.informing.words import CampaignState, Channel, Lane, Measure, Purpose, TouchState, WaveState
from opora.organisations.models import Organisation, ScopedQuerySet


class Template(models.Model):
    """Текст for a measure, purpose, channel and language. A change is a new version; sent ones keep the one they had.

    Merge fields are ``{{ имя }}``-like names of ``opora.informing.merge``; ``organisation`` None — shipped with the
    program. Nothing that others may read names a diagnosis: ``merge`` refuses such a field outside of talks.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    measure = models.CharField("повод", max_length=16, choices=Measure)
    purpose = models.CharField("зачем", max_length=16, choices=Purpose)
    channel = models.CharField("способ", max_length=12, choices=Channel)
    language = models.CharField("язык", max_length=8, default="ru")
    version = models.PositiveSmallIntegerField("версия", default=1)
    subject = models.CharField("тема", max_length=200, blank=True, default="")
    text = models.TextField("текст")
    is_current = models.BooleanField("действует", default=True)
    made_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey("organisations.Employee", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "текст информирования"
        verbose_name_plural = "тексты информирования"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "measure", "purpose", "channel", "language", "version"],
                nulls_distinct=False,
                name="informing_template_version_once",
            ),
            models.UniqueConstraint(
                fields=["organisation", "measure", "purpose", "channel", "language"],
                condition=Q(is_current=True),
                nulls_distinct=False,
                name="informing_template_one_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}: {self.get_purpose_display()}, {self.get_channel_display()}"


class Campaign(models.Model):
    """Кампания: one measure of one year for the people of one insurer, and the ladder they climb.

    ``audience`` (``opora.informing.audience``) names months and clinics, empty — everybody of the plan; ``limits``
    (``opora.informing.pacing``) are touches a day, a clinic's day, days between touches, operators on shift.
    """

    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="кто информирует")
    provider = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    title = models.CharField("название", max_length=200)
    measure = models.CharField("повод", max_length=16, choices=Measure)
    year = models.PositiveSmallIntegerField("год")
    lane = models.CharField("полоса", max_length=6, choices=Lane, default=Lane.BULK)
    audience = models.JSONField("кого", default=dict, blank=True)
    limits = models.JSONField("пределы", default=dict, blank=True)
    holdout = models.PositiveSmallIntegerField("контрольная группа, %", default=0)
    state = models.CharField("состояние", max_length=8, choices=CampaignState, default=CampaignState.DRAFT)
    made_at = models.DateTimeField("создана", default=timezone.now)
    launched_at = models.DateTimeField("запущена", null=True)
    finished_at = models.DateTimeField("завершена", null=True)
    by = models.ForeignKey("organisations.Employee", models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "кампания"
        verbose_name_plural = "кампании"
        constraints = [
            models.CheckConstraint(condition=Q(holdout__lte=50), name="campaign_holdout_is_a_part"),
            models.UniqueConstraint(fields=["insurer", "year", "title"], name="campaign_title_once"),
        ]
        indexes = [
            models.Index(fields=["insurer", "-id"], name="campaign_of_insurer"),
            models.Index(fields=["territory", "-id"], name="campaign_of_territory"),
        ]

    def __str__(self) -> str:
        return self.title


class Rung(models.Model):
    """Ступень: the next way to reach those who have not come, ``wait_days`` after the former rung ended for them."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="rungs", verbose_name="кампания")
    step = models.PositiveSmallIntegerField("ступень")
    channel = models.CharField("способ", max_length=12, choices=Channel)
    purpose = models.CharField("зачем", max_length=16, choices=Purpose, default=Purpose.INVITE)
    template = models.ForeignKey(
        Template, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="текст"
    )
    wait_days = models.PositiveSmallIntegerField("ждать дней", default=0)

    class Meta:
        verbose_name = "ступень"
        verbose_name_plural = "ступени"
        ordering = ["step"]
        constraints = [models.UniqueConstraint(fields=["campaign", "step"], name="rung_once")]

    def __str__(self) -> str:
        return f"{self.step}. {self.get_channel_display()}"


class Wave(models.Model):
    """Волна: one round of a campaign over one rung. ``round`` is part of the key of every touch.

    ``listed`` and ``matched`` are lines of lists as they were at the launch, ``reasons`` — how many were left out why
    (``{"dead": 3}``): a map shows numbers that were counted once.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="waves", verbose_name="кампания")
    rung = models.ForeignKey(Rung, models.PROTECT, related_name="waves", verbose_name="ступень")
    round = models.PositiveSmallIntegerField("раунд")
    state = models.CharField("состояние", max_length=8, choices=WaveState, default=WaveState.PLANNED)
    planned = models.PositiveIntegerField("запланировано", default=0)
    excluded = models.PositiveIntegerField("исключено", default=0)
    listed = models.PositiveIntegerField("строк в списках", default=0)
    matched = models.PositiveIntegerField("из них найдено", default=0)
    reasons = models.JSONField("исключено по причинам", default=dict, blank=True)
    made_at = models.DateTimeField("создана", default=timezone.now)
    launched_at = models.DateTimeField("запущена", null=True)
    finished_at = models.DateTimeField("завершена", null=True)
    by = models.ForeignKey("organisations.Employee", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "волна"
        verbose_name_plural = "волны"
        ordering = ["round"]
        constraints = [models.UniqueConstraint(fields=["campaign", "round"], name="wave_round_once")]

    def __str__(self) -> str:
        return f"волна {self.round}"


class TouchTally(models.Model):
    """Counts of touches by state: triggers add ``change`` rows, the dispatcher folds them together.

    The sum over (wave, channel, state, outcome) is the number of touches there; nobody waits for it and nobody counts.
    """

    id = models.BigAutoField(primary_key=True)
    campaign_id = models.BigIntegerField()
    wave_id = models.BigIntegerField()
    channel = models.CharField(max_length=12, choices=Channel)
    state = models.CharField(max_length=10, choices=TouchState)
    outcome = models.CharField(max_length=16, blank=True, default="")
    came = models.BooleanField(default=False)
    change = models.IntegerField()
    segments = models.IntegerField(default=0)
    cost = models.DecimalField(max_digits=14, decimal_places=2, default=0)

    class Meta:
        verbose_name = "счёт контактов"
        verbose_name_plural = "счёт контактов"
        indexes = [models.Index(fields=["campaign_id", "wave_id"], name="touchtally_of_campaign")]

    def __str__(self) -> str:
        return f"{self.wave_id} {self.state}: {self.change:+}"
