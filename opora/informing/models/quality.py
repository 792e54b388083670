"""How people can be reached, as counted last night. ``quality.nightly`` makes both tables anew."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from opora.insured.models import Person
from opora.organisations.models import Organisation, ScopedQuerySet


class AgeGroup(models.TextChoices):
    """18 and 40 are the edges of the check-ups of adults (handbook 07 §2)."""

    CHILDREN = "0-17", "до 18 лет"
    YOUNG = "18-39", "18–39 лет"
    MIDDLE = "40-64", "40–64 года"
    OLD = "65", "65 лет и старше"


class Reachability(models.Model):
    """Counts of living insured people of one insurer, clinic and age: how many each channel reaches.

    ``phone`` and so on: people with a working contact who have not refused that channel; ``nothing`` — none of them;
    ``sure`` — with a confirmed phone.
    """

    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="страховая")
    provider = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="клиника"
    )
    age_group = models.CharField("возраст", max_length=5, choices=AgeGroup)
    people = models.PositiveIntegerField("человек")
    phone = models.PositiveIntegerField("телефон")
    mobile = models.PositiveIntegerField("мобильный")
    messenger = models.PositiveIntegerField("мессенджер")
    email = models.PositiveIntegerField("почта")
    address = models.PositiveIntegerField("адрес")
    nothing = models.PositiveIntegerField("никак")
    sure = models.PositiveIntegerField("подтверждённый телефон")
    counted_at = models.DateTimeField("сосчитано")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "качество контактов"
        verbose_name_plural = "качество контактов"
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "insurer", "provider", "age_group"],
                nulls_distinct=False,
                name="reachability_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.insurer_id} {self.provider_id} {self.age_group}: {self.people}"


class Unreached(models.Model):
    """Somebody whom a phone, a mobile, a messenger or a letter does not reach. True — that channel does."""

    person = models.OneToOneField(
        Person, models.PROTECT, primary_key=True, db_constraint=False, related_name="+", verbose_name="кто"
    )
    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    provider = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    age_group = models.CharField("возраст", max_length=5, choices=AgeGroup)
    phone = models.BooleanField("телефон")
    mobile = models.BooleanField("мобильный")
    messenger = models.BooleanField("мессенджер")
    email = models.BooleanField("почта")
    address = models.BooleanField("адрес")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "человек без связи"
        verbose_name_plural = "люди без связи"
        indexes = [
            models.Index(fields=["insurer", "person"], name="unreached_of_insurer"),
            models.Index(fields=["provider", "person"], name="unreached_of_provider"),
            models.Index(fields=["insurer", "person"], condition=Q(phone=False), name="unreached_by_phone"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"
