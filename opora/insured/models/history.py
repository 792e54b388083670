"""What was changed in a card: append-only."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from opora.insured.models.person import Person
from opora.shared.triggers import append_only


class PersonChange(models.Model):
    """One changed field of one card: who, when, from what to what. A trigger refuses UPDATE and DELETE."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="changes", db_index=False)
    at = models.DateTimeField("когда", db_default=Now())
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField("кто", max_length=300, blank=True, default="")
    source = models.CharField("откуда", max_length=100, blank=True, default="")
    row = models.CharField("что за запись", max_length=32)
    field = models.CharField("поле", max_length=32)
    before = models.TextField("было", blank=True, default="")
    after = models.TextField("стало", blank=True, default="")

    class Meta:
        verbose_name = "изменение карточки"
        verbose_name_plural = "изменения карточки"
        triggers = append_only()
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["person", "-at"], name="person_change_history")]

    def __str__(self) -> str:
        return f"изменение {self.pk}"
