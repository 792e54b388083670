"""Work of the third level: people who fell out of observation or wait too long, as found last night. Health data."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from opora.insured.models import Person
from opora.organisations.models import Employee, Organisation, ScopedQuerySet


class GapKind(models.TextChoices):
    """Чего не случилось. Source: handbook 21 §8 (rules of the third level), 06 §1 (waiting terms), 20 §4.2."""

    MISSED = "missed", "Явка прошла, человек не пришёл"
    ENDED = "ended", "Снят с наблюдения без причины"
    UNPLANNED = "unplanned", "Нет явки в плане года"
    GROUP_THREE = "group_three", "III группа без наблюдения"
    CANCER = "cancer", "Сроки при онкологии"


class GapQuerySet(ScopedQuerySet):
    def open(self) -> GapQuerySet:
        return self.filter(closed_at=None, settled_at=None)


class Gap(models.Model):
    """Пробел: one person to look at, and the row that says so (``source``, ``source_id``).

    ``due_on`` is the day by which it should have happened; ``happened_on`` — it did, too late. ``closed_at``: the
    reason is gone by itself; ``settled_at``: somebody has dealt with it and wrote ``note``.
    """

    kind = models.CharField("чего не случилось", max_length=12, choices=GapKind)
    source = models.CharField(max_length=12)
    source_id = models.BigIntegerField()
    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, db_index=False, related_name="+")
    provider = models.ForeignKey(
        Organisation, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="клиника"
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="кто")
    diagnosis = models.CharField("диагноз", max_length=10, blank=True, default="")
    due_on = models.DateField("срок")
    happened_on = models.DateField("случилось", null=True)
    why = models.CharField("по какому правилу", max_length=200, blank=True, default="")
    found_at = models.DateTimeField("найдено")
    closed_at = models.DateTimeField("прошло само", null=True)
    taken_by = models.ForeignKey(
        Employee, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="у кого"
    )
    taken_at = models.DateTimeField("взято", null=True)
    settled_at = models.DateTimeField("разобрано", null=True)
    note = models.CharField("что сделано", max_length=300, blank=True, default="")

    objects = GapQuerySet.as_manager()

    class Meta:
        verbose_name = "пробел наблюдения"
        verbose_name_plural = "пробелы наблюдения"
        constraints = [models.UniqueConstraint(fields=["kind", "source", "source_id"], name="gap_once")]
        indexes = [
            models.Index(
                fields=[whose, "kind", "due_on", "id"],
                condition=Q(closed_at=None, settled_at=None),
                name=f"gap_of_{whose}",
            )
            for whose in ("insurer", "provider", "territory")
        ]

    def __str__(self) -> str:
        return f"пробел {self.pk}"


class GapCount(models.Model):
    """Open gaps of one kind in one clinic as of last night; ``late`` — whose day has passed."""

    territory = models.CharField("территория", max_length=5)
    insurer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, models.PROTECT, null=True, db_index=False, related_name="+")
    kind = models.CharField(max_length=12, choices=GapKind)
    people = models.PositiveIntegerField("человек")
    late = models.PositiveIntegerField("срок прошёл")
    counted_at = models.DateTimeField("сосчитано")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "счёт пробелов"
        verbose_name_plural = "счёт пробелов"

    def __str__(self) -> str:
        return f"{self.kind} {self.provider_id}: {self.people}"
