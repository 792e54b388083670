"""Expressions that PostgreSQL keeps: search keys and reversed numbers as stored generated columns."""

from django.db import models
from django.db.models import F, Func
from django.db.models.functions import Reverse


class NameKey(Func):
    """``Соловьёва-Седая`` → ``соловьеваседая``. The Python twin is ``opora.shared.names.name_key``."""

    template = "translate(lower(%(expressions)s), 'ё-− ''’.', 'е')"


def name_key(field: str) -> models.GeneratedField:
    """A key compared byte by byte (collation C), so that a prefix is a range that row security may use an index for."""
    return models.GeneratedField(
        expression=NameKey(F(field)), output_field=models.CharField(max_length=100, db_collation="C"), db_persist=True
    )


def tail(field: str, max_length: int) -> models.GeneratedField:
    """The number backwards: «заканчивается на 1236» becomes a prefix."""
    return models.GeneratedField(
        expression=Reverse(F(field)),
        output_field=models.CharField(max_length=max_length, db_collation="C"),
        db_persist=True,
    )
