"""What was answered. No column, key, order or moment here leads to a person (docs/decisions/0013)."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from opora.surveys.models.round import OfRoundQuerySet, Round
from opora.surveys.models.survey import SurveyVersion


class Waiting(models.Model):
    """Анкета в ящике: sealed, of one length with the others, until its round ends and all are mixed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="+")
    sealed = models.TextField()

    objects = OfRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "анкета в ящике"
        verbose_name_plural = "анкеты в ящике"

    def __str__(self) -> str:
        return str(self.pk)


class Sheet(models.Model):
    """Анкета. Written only by ``services.release``, a whole round in one statement and in a drawn order.

    ``cell`` 0 — unknown, or so few answered in the cell that it would tell who. ``on`` is the day the round ended, the
    same for all.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="sheets", db_index=False)
    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="+", db_index=False)
    cell = models.PositiveSmallIntegerField("клетка")
    on = models.DateField("день")
    answers = models.JSONField("ответы")

    objects = OfRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "анкета"
        verbose_name_plural = "анкеты"
        indexes = [models.Index(fields=["round", "version", "cell"], name="sheet_results")]

    def __str__(self) -> str:
        return str(self.pk)
