"""Imports of the register: how a partner writes, what was loaded, which rows wait for a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from opora.organisations.models import Organisation

if TYPE_CHECKING:
    from opora.organisations.models import Employee


class OwnedQuerySet[Row: models.Model](models.QuerySet[Row]):
    def accessible_to(self, employee: Employee) -> Self:
        """Rows of organisations whose register she may fill: her own and its branches; for the fund — its territory."""
        if employee.assignment is None:
            return self.none()
        return self.filter(organisation__in=Organisation.objects.manageable_by(employee))


class ImportProfile(models.Model):
    """How one partner writes: ``rules`` are those of ``importing.profile.Profile``."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name="чей файл", db_index=False
    )
    name = models.SlugField("имя", max_length=50, db_index=False)
    rules = models.JSONField("правила", default=dict)

    objects = OwnedQuerySet["ImportProfile"].as_manager()

    class Meta:
        verbose_name = "профиль загрузки"
        verbose_name_plural = "профили загрузки"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="import_profile_once")]

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One file loaded, tried or refused. Holds no personal data: those are in the protocol on disk."""

    class Mode(models.TextChoices):
        FULL = "full", "полный список"
        DELTA = "delta", "изменения"

    class State(models.TextChoices):
        WAITING = "waiting", "ждёт очереди"
        READING = "reading", "читаем файл"
        MERGING = "merging", "сводим с регистром"
        DONE = "done", "загружен"
        TRIED = "tried", "проверен без записи"
        REFUSED = "refused", "не принят"
        BROKEN = "broken", "прерван"

    UNFINISHED = (State.WAITING, State.READING, State.MERGING)

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField("кто", max_length=300, blank=True, default="")
    file_name = models.CharField("файл", max_length=200)
    sha256 = models.CharField(max_length=64, blank=True, default="", db_collation="C")
    format = models.CharField("формат", max_length=8, blank=True, default="")
    mode = models.CharField("что в файле", max_length=8, choices=Mode, default=Mode.DELTA)
    profile = models.CharField("профиль", max_length=50, blank=True, default="")
    options = models.JSONField(default=dict)
    is_trial = models.BooleanField("без записи", default=False)
    state = models.CharField("состояние", max_length=8, choices=State, default=State.WAITING)
    done_percent = models.PositiveSmallIntegerField(default=0)
    counts = models.JSONField("итог", default=dict)
    refusal = models.CharField("почему не принят", max_length=500, blank=True, default="")
    protocol = models.CharField("протокол", max_length=300, blank=True, default="")
    created_at = models.DateTimeField("начата", db_default=Now())
    finished_at = models.DateTimeField("закончена", null=True, blank=True)

    objects = OwnedQuerySet["ImportRun"].as_manager()

    class Meta:
        verbose_name = "загрузка регистра"
        verbose_name_plural = "загрузки регистра"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="import_run_list"),
            models.Index(fields=["organisation", "sha256"], name="import_run_same_file"),
        ]

    def __str__(self) -> str:
        return f"загрузка {self.pk}"

    @property
    def is_finished(self) -> bool:
        return self.state not in self.UNFINISHED


class MatchTaskQuerySet(OwnedQuerySet["MatchTask"]):
    def open(self) -> Self:
        return self.filter(state=MatchTask.State.OPEN)


class MatchTask(models.Model):
    """A row whose person is not certain: the row as given, the candidates, and what an employee decided."""

    class State(models.TextChoices):
        OPEN = "open", "ждёт решения"
        CHOSEN = "chosen", "тот же человек"
        NEW = "new", "новый человек"
        SKIPPED = "skipped", "не загружать"

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="tasks")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    line = models.PositiveIntegerField("строка файла")
    why = models.CharField("почему не ясно", max_length=200)
    fingerprint = models.CharField(max_length=32, db_collation="C")
    given = models.JSONField("строка")
    candidates = ArrayField(models.BigIntegerField(), default=list)
    state = models.CharField("решение", max_length=8, choices=State, default=State.OPEN, db_default=State.OPEN)
    chosen_id = models.BigIntegerField(null=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField("кто решил", max_length=300, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = MatchTaskQuerySet.as_manager()

    class Meta:
        verbose_name = "неоднозначная строка"
        verbose_name_plural = "неоднозначные строки"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "fingerprint"], condition=Q(state="open"), name="match_task_asked_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("chosen", "new")) | Q(chosen_id__isnull=False), name="match_task_has_person"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "id"], condition=Q(state="open"), name="match_task_work_list"),
            models.Index(fields=["organisation", "fingerprint"], name="match_task_memory"),
        ]

    def __str__(self) -> str:
        return f"строка {self.line} загрузки {self.run_id}"


def safe_file_name(name: str) -> str:
    """Return a file's name for lists and logs: long numbers, which may be somebody's, are hidden.

    >>> safe_file_name("/in/polis_5476410835001236.csv")
    'polis_…1236.csv'
    """
    return re.sub(r"\d{7,}(?=\d{4})", "…", name.replace("\\", "/").rsplit("/", 1)[-1])[:200]


def sentence_of(fault: Any) -> str:
    """Return the sentence of a refusal, short enough for the run."""
    return str(getattr(fault, "sentence", fault))[:500]
