"""Packs as loaded: a version is a row and never changes."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from opora.shared.triggers import append_only


class PackQuerySet(models.QuerySet["Pack"]):
    def in_force(self, on: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=on), since__lte=on)

    def newest(self) -> Self:
        """The newest version of each (kind, code, territory, since)."""
        return self.order_by("kind", "code", "territory", "since", "-loaded_at", "-pk").distinct(
            "kind", "code", "territory", "since"
        )


class Pack(models.Model):
    """A versioned file of law, limits, rules or calendar days. A new edition is a new row; clocks name theirs."""

    class Kind(models.TextChoices):
        CALENDAR = "calendar", "производственный календарь"
        REGION = "region", "нерабочие дни региона"
        LAW = "law", "сроки по закону"
        WAITING = "waiting", "предельные сроки ожидания"
        ELIGIBILITY = "eligibility", "кто подлежит осмотрам"
        CONTROL = "control", "какая проверка нужна по жалобе"
        VIOLATIONS = "violations", "нарушения и доли неоплаты"
        DELIVERY = "delivery", "доставка полисов"
        SURVEY = "survey", "готовый опрос"
        REPORT = "report", "форма отчёта"

    kind = models.CharField("вид", max_length=20, choices=Kind)
    code = models.CharField("код", max_length=40)
    territory = models.CharField("территория", max_length=5, blank=True, default="")
    version = models.CharField("версия", max_length=40)
    since = models.DateField("действует с")
    until = models.DateField("действует по", null=True, blank=True)
    title = models.CharField("название", max_length=200)
    source = models.CharField("источник", max_length=1000)
    content = models.JSONField("содержимое")
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField("загружен", db_default=Now())

    objects = PackQuerySet.as_manager()

    class Meta:
        verbose_name = "пак"
        verbose_name_plural = "паки"
        ordering = ["kind", "code", "territory", "-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "territory", "version"], name="pack_version_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="pack_runs_forward"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.code} {self.version}"
