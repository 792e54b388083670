"""How long somebody waits for a service, as he said it: a fact of its own, because a consultation has no reasons."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from opora.appeals.models.appeal import Appeal
from opora.deadlines.waiting import Suspicion
from opora.organisations.models import Organisation

SUSPICIONS = [(str(one), one.words) for one in Suspicion]


class Wait(models.Model):
    """Ожидание: a service of the waiting limits, ``days`` calendar days from ``started_on`` to the day offered.

    ``due_on`` (None for limits in hours), ``limit`` and ``pack`` are those in force on ``started_on``, kept as
    they were judged; ``is_over`` — the wait is longer than lawful.
    """

    appeal = models.OneToOneField(Appeal, models.PROTECT, primary_key=True, related_name="wait")
    service = models.CharField("услуга", max_length=20)
    suspicion = models.CharField("подозрение", max_length=16, choices=SUSPICIONS, blank=True, default="")
    days = models.PositiveSmallIntegerField("сколько дней ждать")
    started_on = models.DateField("с какого дня")
    provider = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="клиника"
    )
    provider_name = models.CharField("клиника словами", max_length=200, blank=True, default="")
    title = models.CharField("услуга словами", max_length=200)
    limit = models.CharField("предел", max_length=60)
    due_on = models.DateField("законный последний день", null=True)
    pack = models.CharField("версия пределов", max_length=40)
    is_over = models.BooleanField("дольше предела")
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "ожидание услуги"
        verbose_name_plural = "ожидания услуг"
        constraints = [models.CheckConstraint(condition=Q(days__lte=3660), name="wait_not_longer_than_ten_years")]

    def __str__(self) -> str:
        return f"{self.service} {self.days}"
