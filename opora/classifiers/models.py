"""Editions of lists and their topics: a version is a row and never changes."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from opora.classifiers.words import Flag, Kind
from opora.shared.triggers import append_only


class EditionQuerySet(models.QuerySet["Edition"]):
    def in_force(self, on: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=on), since__lte=on)


class Edition(models.Model):
    """One version of one list: topics, or what one partner calls our words (``mapping-hmao``).

    ``territory`` is empty for all; a territory's own edition comes before it. ``moved`` says under which code a topic
    of an earlier version lives here, so that an appeal of that version still counts in a report of today.
    """

    code = models.CharField("код", max_length=40)
    territory = models.CharField("территория", max_length=5, blank=True, default="")
    version = models.CharField("версия", max_length=40)
    since = models.DateField("действует с")
    until = models.DateField("действует по", null=True, blank=True)
    title = models.CharField("название", max_length=200)
    source = models.CharField("источник", max_length=1000)
    moved = models.JSONField("куда перешли темы прошлых версий", default=dict, blank=True)
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField("загружен", db_default=Now())

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "версия классификатора"
        verbose_name_plural = "версии классификаторов"
        ordering = ["code", "territory", "-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["code", "territory", "version"], name="edition_version_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="edition_runs_forward"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Topic(models.Model):
    """Тема обращения or причина жалобы in one edition. ``code`` means the same thing in every edition.

    ``rows`` are report rows and outside codes by generation and kind: ``{"pg-a": {"consultation": "4.5", "complaint":
    "ж7"}, "pg-b": {…}, "sstu": {…}}``. ``flags`` are those every appeal on this topic carries.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="topics")
    code = models.CharField("код", max_length=14)
    parent = models.CharField("входит в", max_length=14, blank=True, default="")
    title = models.CharField("тема", max_length=255)
    kinds = ArrayField(models.CharField(max_length=16, choices=Kind), verbose_name="для каких видов", default=list)
    is_typical = models.BooleanField("типовой вопрос", default=False)
    flags = ArrayField(models.CharField(max_length=16, choices=Flag), verbose_name="признаки", default=list, blank=True)
    rows = models.JSONField("строки отчётов и коды", default=dict)
    words = models.CharField("слова для поиска", max_length=1000, blank=True, default="")
    position = models.PositiveSmallIntegerField("порядок", default=0)

    class Meta:
        verbose_name = "тема"
        verbose_name_plural = "темы"
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="topic_once_per_edition"),
            models.CheckConstraint(condition=~Q(kinds=[]), name="topic_fits_some_kind"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_on_insurer(self) -> bool:
        """Whether a complaint of this topic is on an insurer itself: the fund handles it, never an insurer."""
        return self.rows.get("pg-a", {}).get("complaint") == "ж14"


class Mapping(models.Model):
    """What a partner calls our word: ``ours`` in list ``of`` ↔ ``theirs`` for ``system``, in one edition.

    ``of`` is a list of ``words`` in small letters (kind, form, channel, origin, line, verdict, outcome, responsible,
    outside, answer_channel), ``provider`` (registry codes of clinics), ``topic``, or ``topic:<kind>`` where a partner
    numbers topics of that kind apart. ``ours`` of a topic may name flags: ``7.2+age_65``.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="mappings")
    system = models.CharField("система", max_length=20)
    of = models.CharField("список", max_length=24)
    ours = models.CharField("наше", max_length=40)
    theirs = models.CharField("их код", max_length=120)
    is_main_ours = models.BooleanField("их код читается так", default=True)
    is_main_theirs = models.BooleanField("так пишется их код", default=True)

    class Meta:
        verbose_name = "соответствие кодов"
        verbose_name_plural = "соответствия кодов"
        ordering = ["system", "of", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "of", "ours", "theirs"], name="mapping_once"),
            models.UniqueConstraint(
                fields=["edition", "of", "theirs"], condition=Q(is_main_ours=True), name="mapping_reads_one_way"
            ),
            models.UniqueConstraint(
                fields=["edition", "of", "ours"], condition=Q(is_main_theirs=True), name="mapping_writes_one_way"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.system} {self.of} {self.ours} = {self.theirs}"
