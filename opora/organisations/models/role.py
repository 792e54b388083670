"""Roles: named sets of rights that fit certain kinds of organisation."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from opora.access.rights import Right
from opora.audit.purposes import Purpose
from opora.organisations.models.organisation import Organisation


def right_choices() -> list[tuple[str, str]]:
    """Rights as they are now: a function, so that a new right needs no migration."""
    return Right.choices


class Role(models.Model):
    """Оператор, представитель, руководитель… Rights are edited on the page «Роли и права».

    ``default_purpose`` is why a holder usually reads a card; empty — she must say it each time she signs in.
    """

    slug = models.SlugField("код", max_length=32, unique=True)
    name = models.CharField("название", max_length=100, unique=True)
    short_name = models.CharField("кратко", max_length=20)
    representative_level = models.PositiveSmallIntegerField("уровень", null=True, blank=True)
    organisation_kinds = ArrayField(
        models.CharField(max_length=12, choices=Organisation.Kind), verbose_name="где бывает"
    )
    rights = ArrayField(
        models.CharField(max_length=64, choices=right_choices), verbose_name="права", default=list, blank=True
    )
    default_purpose = models.CharField("обычная цель", max_length=16, choices=Purpose, blank=True, default="")
    order = models.PositiveSmallIntegerField("порядок", default=100)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "роль"
        verbose_name_plural = "роли"
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(representative_level=None) | models.Q(representative_level__range=(1, 3)),
                name="role_level_1_to_3",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def fits(self, organisation: Organisation) -> bool:
        return organisation.kind in self.organisation_kinds
