"""Where a record came from: kept for ever, because answers of a partner refer to it."""

from __future__ import annotations

from django.db import models

from opora.exchange.models.parcel import Parcel
from opora.organisations.models import Organisation


class Family(models.TextChoices):
    """Formats that share keys: a record of the workbook and one of G1R with the same number are the same record."""

    JOURNAL = "journal", "Журнал"
    USERS = "users", "Сотрудники"


class Provenance(models.Model):
    """A partner's key and what it became. ``parcel`` brought it last, ``first_parcel`` first, at ``place`` in the file.

    ``subject_id`` is the appeal (UUID) or the GUID of the employee; no foreign key: exchange and journal live apart.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    family = models.CharField("что это", max_length=8, choices=Family)
    key = models.CharField("ключ партнёра", max_length=64, db_collation="C")
    subject_id = models.UUIDField("запись")
    number = models.CharField("наш номер", max_length=32, blank=True, default="", db_collation="C")
    first_parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="+", db_index=False)
    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="provenances", db_index=False)
    place = models.PositiveIntegerField("запись по порядку")
    done = models.CharField("что сделано", max_length=8)
    digest = models.CharField(max_length=64, blank=True, default="", db_collation="C")

    class Meta:
        verbose_name = "происхождение записи"
        verbose_name_plural = "происхождение записей"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "family", "key"], name="provenance_key_once"),
        ]
        indexes = [
            models.Index(fields=["parcel", "place"], name="provenance_of_parcel"),
            models.Index(fields=["subject_id"], name="provenance_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.key}"
