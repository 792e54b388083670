"""Distinct words of names: some hundred thousand rows answer for millions of people when a name is written wrong.

Names without persons, hence without row security; triggers of migration 0003 keep them. A word is never taken away:
the search finds nobody by it then, and nothing else happens.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Word(models.Model):
    """``key`` as in ``shared.names.name_key``, ``parts`` of a double name, ``near``: the key and it less one letter."""

    key = models.CharField(max_length=100, primary_key=True, db_collation="C")
    parts = ArrayField(models.CharField(max_length=100), default=list)
    near = ArrayField(models.CharField(max_length=100), default=list)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key


class SurnameWord(Word):
    """A surname somebody has or had."""

    class Meta:
        verbose_name = "слово фамилий"
        verbose_name_plural = "слова фамилий"
        indexes = [GinIndex(fields=["parts", "near"], name="surname_word_near", fastupdate=False)]


class GivenWord(Word):
    """A given name somebody has or had."""

    class Meta:
        verbose_name = "слово имён"
        verbose_name_plural = "слова имён"
        indexes = [GinIndex(fields=["parts", "near"], name="given_word_near", fastupdate=False)]
