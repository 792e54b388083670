"""What the search by words reads: keyed hashes of lexemes, opaque without the journal (decision 0007)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import IntegerChoices


class Words(models.Model):
    """Hashes of the words of one part of an appeal, kept by triggers; cut by the month of registration.

    Kind, topic, way, form, flags and territory are hashed beside the words of the text, the territory beside the names:
    one look at the index finds what has them all. No row security: nobody reads a word or a name out of it, and what it
    finds is looked for again among the grants.
    """

    class Part(IntegerChoices):
        CONTENT = 1, "Содержание и признаки"
        PEOPLE = 2, "Имена участников"

    pk = models.CompositePrimaryKey("registered_at", "appeal_id", "part")
    registered_at = models.DateTimeField()
    appeal_id = models.UUIDField()
    part = models.PositiveSmallIntegerField(choices=Part)
    words = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        verbose_name = "слова обращений"
        verbose_name_plural = "слова обращений"
        indexes = [GinIndex(fields=["words"], name="words_of_appeals")]

    def __str__(self) -> str:
        return f"слова {self.appeal_id}"
