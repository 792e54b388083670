"""What is asked: a survey and its versions."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.access.scope import Sees
from opora.organisations.models import Employee, Organisation
from opora.surveys.questionnaire import Questionnaire, read


class SurveyQuerySet(models.QuerySet):
    def accessible_to(self, employee: Employee) -> Self:
        """Ready surveys and those of her organisation; a fund sees those of its territory."""
        scope = employee.scope
        ready = Q(insurer=None, territory="")
        match scope.sees:
            case Sees.ALL:
                return self
            case Sees.TERRITORY:
                return self.filter(ready | Q(territory=scope.territory))
            case Sees.INSURER:
                return self.filter(ready | Q(insurer=scope.insurer))
            case _:
                return self.none()


class Survey(models.Model):
    """Опрос. ``insurer`` and ``territory`` empty — ready, it came with the program; ``code`` is its name in packs."""

    code = models.CharField("код", max_length=40)
    territory = models.CharField("территория", max_length=5, blank=True, default="")
    insurer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField("название", max_length=200)
    source = models.CharField("источник", max_length=1000)
    is_verified = models.BooleanField("сверен с источником", default=False)
    made_at = models.DateTimeField(default=timezone.now)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = "опрос"
        verbose_name_plural = "опросы"
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["code", "territory", "insurer"], nulls_distinct=False, name="survey_once")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_ready_made(self) -> bool:
        return not self.territory and self.insurer_id is None

    @property
    def newest(self) -> SurveyVersion | None:
        return self.versions.order_by("-number").first()


class SurveyVersion(models.Model):
    """Анкета. ``content`` is a document of ``opora.surveys.questionnaire``; once used nothing of it changes."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("версия")
    label = models.CharField("редакция", max_length=40, blank=True, default="")
    content: Any = models.JSONField("анкета")
    used_at = models.DateTimeField("в работе с", null=True, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        verbose_name = "версия анкеты"
        verbose_name_plural = "версии анкет"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="survey_version_once")]

    def __str__(self) -> str:
        return f"{self.survey_id}, версия {self.number}"

    @property
    def questionnaire(self) -> Questionnaire:
        return read(self.content)
