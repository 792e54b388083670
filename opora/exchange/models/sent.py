"""What we sent, record by record, and what the partner answered to each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from opora.exchange.models.parcel import Parcel
from opora.organisations.models import Organisation

if TYPE_CHECKING:
    from opora.organisations.models import Employee


class Fate(models.TextChoices):
    """What became of a record we sent."""

    SENT = "sent", "ответа нет"
    ACCEPTED = "accepted", "принята"
    REFUSED = "refused", "не принята"
    AGAIN = "again", "отправлена снова"
    DROPPED = "dropped", "снята"


class Source(models.TextChoices):
    """Which rows of ours a record was made of; ``FILE`` — of a partner's own record, which we do not rewrite."""

    ENTRY = "entry", "строка списка"
    PLAN = "plan", "план"
    TOUCH = "touch", "контакт"
    CONSENT = "consent", "согласие"
    FILE = "file", "запись файла"


class SentRecordQuerySet(models.QuerySet["SentRecord"]):
    def accessible_to(self, employee: Employee) -> Self:
        """Records of files of her organisation and its branches; for the fund — of its territory."""
        if employee.assignment is None:
            return self.none()
        return self.filter(organisation__in=Organisation.objects.manageable_by(employee))

    def answerable(self) -> Self:
        return self.filter(fate__in=(Fate.SENT, Fate.ACCEPTED, Fate.REFUSED))


class SentRecord(models.Model):
    """Отправленная запись: ``key`` is how an answer names it in the file ``parcel``, ``source_id`` what it was made of.

    ``codes`` and ``text`` are the partner's own words of the latest answer, ``enp`` and ``insurer_code`` what he found.
    """

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="sent", db_index=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    place = models.PositiveIntegerField("запись по порядку")
    key = models.CharField("ключ в файле", max_length=200, db_collation="C")
    source = models.CharField("из чего", max_length=8, choices=Source)
    source_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField("о ком", null=True)
    fate = models.CharField("что стало", max_length=8, choices=Fate, default=Fate.SENT)
    codes = ArrayField(models.CharField(max_length=20), verbose_name="коды партнёра", default=list)
    text = models.CharField("слова партнёра", max_length=1000, blank=True, default="")
    enp = models.CharField("ЕНП от партнёра", max_length=20, blank=True, default="", db_collation="C")
    insurer_code = models.CharField("страховая от партнёра", max_length=10, blank=True, default="")
    answered_by = models.ForeignKey(Parcel, models.PROTECT, null=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField("когда ответили", null=True)
    again = models.ForeignKey(Parcel, models.PROTECT, null=True, related_name="+", db_index=False)
    why = models.CharField("почему сняли", max_length=300, blank=True, default="")

    objects = SentRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "отправленная запись"
        verbose_name_plural = "отправленные записи"
        ordering = ["parcel", "place"]
        constraints = [
            models.UniqueConstraint(fields=["parcel", "place"], name="sent_record_once"),
            models.CheckConstraint(condition=~Q(fate="again") | Q(again__isnull=False), name="sent_again_says_where"),
            models.CheckConstraint(
                condition=~Q(fate__in=["accepted", "refused"]) | Q(answered_by__isnull=False),
                name="sent_fate_has_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["parcel", "key"], name="sent_by_key"),
            models.Index(fields=["organisation", "id"], condition=Q(fate="refused"), name="sent_refused"),
            models.Index(fields=["organisation", "source", "source_id"], name="sent_of_source"),
        ]

    def __str__(self) -> str:
        return f"отправленная запись {self.pk}"
