"""How far the rooms were read, and what of them has to be counted anew."""

from __future__ import annotations

from django.db import models


class Cursor(models.Model):
    """One row: the last turn of the chain that facts know of. Whoever reads or seals holds its lock."""

    turn = models.BigIntegerField(default=0)
    read_at = models.DateTimeField("прочитано", null=True)

    class Meta:
        verbose_name = "прочитано журнала"
        verbose_name_plural = "прочитано журнала"

    def __str__(self) -> str:
        return str(self.turn)


class Stale(models.Model):
    """A subject whose fact may have changed: triggers on the rooms' tables put it here, counting takes it away."""

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=20)
    key = models.CharField(max_length=64)

    class Meta:
        verbose_name = "пересчитать"
        verbose_name_plural = "пересчитать"
        indexes = [models.Index(fields=["source", "id"], name="stale_of_source")]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"
