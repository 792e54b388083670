"""The register of experts and where they work: nobody checks the clinic that employs him."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from opora.access.scope import Scope, Sees
from opora.complaints.words import ControlKind
from opora.organisations.models import Employee, Organisation, Territory


class ExpertQuerySet(models.QuerySet["Expert"]):
    def accessible_to(self, employee: Employee) -> Self:
        """The register of her territory; clinics do not read it."""
        return self.within(employee.scope, employee.assignment.organisation.territory_id if employee.assignment else "")

    def within(self, scope: Scope, home: str) -> Self:
        if scope.sees == Sees.ALL:
            return self
        return self.filter(territory=home) if scope.sees in {Sees.TERRITORY, Sees.INSURER} else self.none()

    def current(self, on: date | None = None) -> Self:
        """In the register on a day."""
        day = on or timezone.localdate()
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)

    def free_of(self, provider: int, on: date | None = None) -> Self:
        """Not employed by the clinic on a day."""
        day = on or timezone.localdate()
        works = Employment.objects.filter(Q(until=None) | Q(until__gte=day), provider_id=provider, since__lte=day)
        return self.exclude(pk__in=works.values("expert"))


class Expert(models.Model):
    """Эксперт: a specialist for МЭЭ or an expert of quality for ЭКМП, as the register of the territory names him."""

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name="территория")
    code = models.CharField("номер в реестре", max_length=20)
    kind = models.CharField("для чего", max_length=4, choices=ControlKind)
    surname = models.CharField("фамилия", max_length=100)
    given_name = models.CharField("имя", max_length=100)
    patronymic = models.CharField("отчество", max_length=100, blank=True, default="")
    specialty = models.CharField("специальность", max_length=200)
    since = models.DateField("в реестре с")
    until = models.DateField("по", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = "эксперт"
        verbose_name_plural = "эксперты"
        ordering = ["surname", "given_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["territory", "kind", "code"], name="expert_code_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="expert_runs_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.short_name}, {self.specialty}"

    @property
    def short_name(self) -> str:
        initials = " ".join(f"{part[0]}." for part in (self.given_name, self.patronymic) if part)
        return f"{self.surname} {initials}"


class Employment(models.Model):
    """Где работает эксперт."""

    expert = models.ForeignKey(Expert, models.CASCADE, related_name="employments")
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="клиника")
    since = models.DateField("с")
    until = models.DateField("по", null=True, blank=True)

    class Meta:
        verbose_name = "место работы эксперта"
        verbose_name_plural = "места работы экспертов"
        constraints = [
            models.UniqueConstraint(fields=["expert", "provider", "since"], name="employment_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="employment_runs_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.expert_id} в {self.provider_id}"
