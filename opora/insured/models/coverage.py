"""Who insures him and where he is attached, over time."""

from __future__ import annotations

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Reverse

from opora.insured.models.person import Person
from opora.organisations.models import Organisation, Site


class Policy(models.Model):
    """A policy of compulsory insurance from ``since`` to ``until`` (inclusive, ``None`` — still); kind by F008."""

    class Kind(models.IntegerChoices):
        OLD = 1, "полис старого образца"
        TEMPORARY = 2, "временное свидетельство"
        UNIFORM = 3, "полис единого образца"
        ELECTRONIC = 4, "электронный полис"

    person = models.ForeignKey(Person, models.CASCADE, related_name="policies", db_index=False)
    kind = models.PositiveSmallIntegerField("вид", choices=Kind)
    series = models.CharField("серия", max_length=10, blank=True, default="")
    number = models.CharField("номер", max_length=20, db_collation="C")
    insurer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, verbose_name="страховая"
    )
    since = models.DateField("с")
    until = models.DateField("по", null=True, blank=True)

    # Only the numbers that are not an ЕНП: those are found by the person's own ``enp_tail``.
    number_tail = models.GeneratedField(
        expression=Case(When(kind__in=[Kind.OLD, Kind.TEMPORARY], then=Reverse("number")), default=Value("")),
        output_field=models.CharField(max_length=20, db_collation="C"),
        db_persist=True,
    )

    class Meta:
        verbose_name = "полис"
        verbose_name_plural = "полисы"
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "number", "since"], name="policy_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="policy_runs_forward"),
            models.CheckConstraint(condition=Q(kind__range=(1, 4)), name="policy_kind_of_f008"),
        ]
        indexes = [
            models.Index(fields=["number"], condition=~Q(number_tail=""), name="policy_by_number"),
            models.Index(fields=["number_tail"], condition=~Q(number_tail=""), name="policy_by_number_tail"),
        ]

    def __str__(self) -> str:
        return f"полис {self.pk}"


class Attachment(models.Model):
    """Attached to a clinic from ``since`` to ``until`` (inclusive, ``None`` — still), one at a time per profile."""

    class Profile(models.TextChoices):
        THERAPY = "therapy", "терапия"
        DENTAL = "dental", "стоматология"
        WOMEN = "women", "женская консультация"

    person = models.ForeignKey(Person, models.CASCADE, related_name="attachments", db_index=False)
    profile = models.CharField("профиль", max_length=8, choices=Profile, default=Profile.THERAPY)
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False, verbose_name="клиника")
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="площадка"
    )
    area = models.CharField("участок", max_length=50, blank=True, default="")
    doctor_snils = models.CharField("СНИЛС врача", max_length=11, blank=True, default="")
    since = models.DateField("с")
    until = models.DateField("по", null=True, blank=True)

    class Meta:
        verbose_name = "прикрепление"
        verbose_name_plural = "прикрепления"
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "profile", "since"], name="attachment_once_a_day"),
            models.UniqueConstraint(
                fields=["person", "profile"], condition=Q(until=None), name="attachment_one_open_per_profile"
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="attachment_runs_forward"),
        ]

    def __str__(self) -> str:
        return f"прикрепление {self.pk}"
