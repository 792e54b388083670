"""Whose the extensions of an exchange are."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import BigIntegerField, F, Func, Q, Value
from django.db.models.functions import Cast, Length
from django.db.models.lookups import Exact

from opora.organisations.models import Organisation
from opora.telephony.models.line import OwnQuerySet

LONGEST = 9  # digits
_DIGITS = RegexValidator(r"^[0-9]{2,9}\Z", "Добавочный — от двух до девяти цифр, например 201.")


class ExtensionRange(models.Model):
    """Добавочные of an organisation on an exchange, both ends in and of one length; the last equal to the first — one.

    No two overlap. Once an exchange has any, nobody sits at an extension that is not her organisation's (trigger).
    Whose a number is, its neighbours on the exchange may read.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="чьи")
    pbx = models.CharField("АТС", max_length=40)
    first = models.CharField("с", max_length=LONGEST, validators=[_DIGITS], db_collation="C")
    last = models.CharField("по", max_length=LONGEST, validators=[_DIGITS], db_collation="C")

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = "добавочные"
        verbose_name_plural = "добавочные"
        ordering = ["pbx", "first"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first__regex=r"^[0-9]{2,9}$", last__regex=r"^[0-9]{2,9}$"), name="extensions_are_digits"
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="extensions_run_forward"),
            models.CheckConstraint(condition=Exact(Length("last"), Length("first")), name="extensions_of_one_length"),
            ExclusionConstraint(
                name="extensions_never_overlap",
                expressions=[
                    ("pbx", RangeOperators.EQUAL),
                    (Length("first"), RangeOperators.EQUAL),
                    (
                        Func(
                            Cast("first", BigIntegerField()),
                            Cast("last", BigIntegerField()),
                            Value("[]"),
                            function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.first if self.first == self.last else f"{self.first}–{self.last}"

    def holds(self, extension: str) -> bool:
        return len(extension) == len(self.first) and self.first <= extension <= self.last
