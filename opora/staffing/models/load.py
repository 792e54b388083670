"""Calls by half-hour: what was."""

from __future__ import annotations

from django.db import models

from opora.organisations.models import Organisation, WithoutClinics
from opora.staffing.models.line import Line


class Load(models.Model):
    """Нагрузка of half an hour that begins ``at``. A half-hour without a row had no calls.

    ``talk_seconds`` of all its calls together, None — not known. The exchange knows better than the journal: its rows
    are never counted over by the journal's.
    """

    class Source(models.TextChoices):
        JOURNAL = "journal", "по журналу"
        EXCHANGE = "exchange", "по телефонной станции"

    line = models.ForeignKey(Line, models.PROTECT, related_name="+", db_index=False)
    territory = models.CharField(max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField("с")
    source = models.CharField("откуда", max_length=8, choices=Source)
    calls = models.PositiveIntegerField("звонков", default=0)
    answered = models.PositiveIntegerField("отвечено", default=0)
    abandoned = models.PositiveIntegerField("не дождались", default=0)
    talk_seconds = models.PositiveIntegerField("секунд разговора", null=True)

    objects = WithoutClinics.as_manager()

    class Meta:
        verbose_name = "нагрузка"
        verbose_name_plural = "нагрузка"
        constraints = [models.UniqueConstraint(fields=["line", "at"], name="load_once")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.at:%Y-%m-%d %H:%M}: {self.calls}"


class CountedCall(models.Model):
    """An appeal by telephone as it was counted: what is counted anew leaves its former half-hour by itself."""

    appeal_id = models.UUIDField(primary_key=True)
    line = models.ForeignKey(Line, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "сосчитанный звонок"
        verbose_name_plural = "сосчитанные звонки"
        indexes = [models.Index(fields=["line", "at"], name="counted_call_of_half_hour")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.at:%Y-%m-%d %H:%M}"


class Cursor(models.Model):
    """How far the chain of the journal has been read. One row."""

    turn = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "прочитано"
        verbose_name_plural = "прочитано"

    def __str__(self) -> str:
        return str(self.turn)
