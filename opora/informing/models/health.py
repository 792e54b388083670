"""Dispensary observation and planned admissions: health data, in tables of their own with a right of their own."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from opora.informing.models.roll import OfRoll
from opora.informing.words import Sequence


class Observation(OfRoll):
    """Диспансерное наблюдение of one person for one diagnosis (МКБ-10). Read by right ``informing:health``, logged."""

    diagnosis = models.CharField("диагноз", max_length=10)
    group = models.CharField("группа", max_length=10, blank=True, default="")
    diagnosed_on = models.DateField("установлен", null=True)
    since = models.DateField("взят под наблюдение", null=True)
    until = models.DateField("снят", null=True)
    reason_in = models.CharField("основание", max_length=50, blank=True, default="")
    reason_out = models.CharField("почему снят", max_length=50, blank=True, default="")
    specialty = models.CharField("специальность", max_length=10, blank=True, default="")
    doctor_snils = models.CharField("СНИЛС врача", max_length=11, blank=True, default="")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "диспансерное наблюдение"
        verbose_name_plural = "диспансерное наблюдение"
        constraints = [
            models.UniqueConstraint(fields=["person", "diagnosis"], name="observation_once"),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")), name="observation_runs_forward"
            ),
        ]
        indexes = [models.Index(fields=["insurer", "diagnosis"], name="observation_of_insurer")]

    def __str__(self) -> str:
        return f"наблюдение {self.pk}"


class PlannedVisit(OfRoll):
    """Плановая явка of dispensary observation: until when to inform, first or repeated, the period of the visit."""

    diagnosis = models.CharField("диагноз", max_length=10, blank=True, default="")
    visit_from = models.DateField("ждут с")
    visit_to = models.DateField("ждут по")
    inform_by = models.DateField("сообщить до", null=True)
    sequence = models.CharField("первичное или повторное", max_length=6, choices=Sequence, blank=True, default="")
    came_on = models.DateField("пришёл", null=True)

    class Meta:
        verbose_name = "плановая явка"
        verbose_name_plural = "плановые явки"
        constraints = [
            models.UniqueConstraint(fields=["person", "diagnosis", "visit_from", "visit_to"], name="plannedvisit_once"),
            models.CheckConstraint(condition=Q(visit_to__gte=F("visit_from")), name="plannedvisit_runs_forward"),
        ]
        indexes = [
            models.Index(fields=["insurer", "visit_to"], condition=Q(came_on=None), name="plannedvisit_missed"),
        ]

    def __str__(self) -> str:
        return f"явка {self.pk}"


class Referral(OfRoll):
    """Направление на плановую госпитализацию and what became of it."""

    number = models.CharField("номер", max_length=36)
    issued_on = models.DateField("выдано")
    planned_on = models.DateField("ждут", null=True)
    diagnosis = models.CharField("диагноз", max_length=10, blank=True, default="")
    from_code = models.CharField("кто направил", max_length=20, blank=True, default="")
    hospital_code = models.CharField("куда", max_length=20, blank=True, default="")
    profile = models.CharField("профиль", max_length=10, blank=True, default="")
    bed_profile = models.CharField("профиль койки", max_length=10, blank=True, default="")
    form = models.CharField("форма помощи", max_length=2, blank=True, default="")
    cancelled_on = models.DateField("аннулировано", null=True)
    cancel_reason = models.CharField("почему", max_length=20, blank=True, default="")
    admitted_on = models.DateField("госпитализирован", null=True)

    class Meta:
        verbose_name = "направление"
        verbose_name_plural = "направления"
        constraints = [models.UniqueConstraint(fields=["territory", "number"], name="referral_once")]
        indexes = [models.Index(fields=["insurer", "planned_on"], name="referral_by_day")]

    def __str__(self) -> str:
        return f"направление {self.pk}"
