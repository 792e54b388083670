"""Weeks that were tested for bursts, and what was found in them."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from opora.findings.models.facts import NOBODY
from opora.findings.words import Look, What
from opora.organisations.models import Employee, Organisation, WithoutClinics


class Watch(models.Model):
    """One week of one territory as one watcher sees it: an insurer its own facts, the fund (0) all of them.

    ``series`` were tested at the rate ``rate``; a week is tested once.
    """

    id = models.BigAutoField(primary_key=True)
    territory = models.CharField("территория", max_length=5)
    insurer_id = models.BigIntegerField("страховая", default=NOBODY)
    week = models.DateField("неделя с понедельника")
    series = models.PositiveIntegerField("проверено рядов")
    rate = models.FloatField("доля ложных тревог")
    weeks = models.PositiveSmallIntegerField("недель прошлого")
    tested_at = models.DateTimeField(default=timezone.now)

    objects = WithoutClinics.as_manager()

    class Meta:
        verbose_name = "проверенная неделя"
        verbose_name_plural = "проверенные недели"
        constraints = [models.UniqueConstraint(fields=["territory", "insurer_id", "week"], name="watch_week_once")]

    def __str__(self) -> str:
        return f"{self.territory} {self.week}"


class AlarmQuerySet(WithoutClinics):
    def waiting(self) -> AlarmQuerySet:
        """Nobody has looked at them yet."""
        return self.filter(looked_at=None)


class Alarm(models.Model):
    """Всплеск: more in a week than this clinic's own past explains. ``chance`` — of so many with nothing happening."""

    id = models.BigAutoField(primary_key=True)
    watch = models.ForeignKey(Watch, models.PROTECT, related_name="alarms")
    territory = models.CharField("территория", max_length=5)
    insurer_id = models.BigIntegerField("страховая", default=NOBODY)
    week = models.DateField("неделя с понедельника")
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="клиника")
    what = models.CharField("о чём", max_length=8, choices=What)
    code = models.CharField("тема или услуга", max_length=20, blank=True, default="")
    number = models.PositiveIntegerField("обращений за неделю")
    expected = models.FloatField("обычно за неделю")
    chance = models.FloatField("вероятность случайности")
    looked_at = models.DateTimeField("разобрано", null=True)
    looked_by = models.ForeignKey(Employee, models.PROTECT, null=True, db_index=False, related_name="+")
    look = models.CharField("что решили", max_length=10, choices=Look, blank=True, default="")
    why = models.CharField("почему", max_length=500, blank=True, default="")

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = "всплеск"
        verbose_name_plural = "всплески"
        ordering = ["-week", "chance", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["watch", "provider", "what", "code"], name="alarm_once_a_week"),
            models.CheckConstraint(
                condition=Q(looked_at=None, look="") | Q(looked_at__isnull=False) & ~Q(look=""),
                name="alarm_looked_with_decision",
            ),
            models.CheckConstraint(condition=~Q(look=Look.DISMISSED) | ~Q(why=""), name="alarm_dismissed_says_why"),
            models.CheckConstraint(condition=Q(number__gt=F("expected")), name="alarm_is_more_than_usual"),
        ]
        indexes = [
            models.Index(fields=["insurer_id", "week"], condition=Q(looked_at=None), name="alarm_waiting"),
            models.Index(fields=["territory", "week"], condition=Q(looked_at=None), name="alarm_waiting_of_fund"),
        ]

    def __str__(self) -> str:
        return f"{self.week} {self.provider_id} {self.code}: {self.number}"

    @property
    def until(self) -> date:
        """The Sunday of the week."""
        return self.week + timedelta(days=6)
