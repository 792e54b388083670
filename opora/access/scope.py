"""Whose rows a transaction sees: the second belt, PostgreSQL row security.

Policies (``opora/*/migrations``) read the settings written here with ``set_config(…, is_local => true)``. A transaction
without a scope sees no insured person and no organisation-owned row.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from django.db import connections, transaction

from opora.shared.prepared import VALUE


class Sees(StrEnum):
    """How far a scope reaches."""

    ALL = "all"
    TERRITORY = "territory"
    INSURER = "insurer"
    PROVIDER = "provider"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Scope:
    """What row security compares rows with. ``territory`` narrows an insurer's branch as well; ``level`` is that of the
    representative (1–3), None for others."""

    sees: Sees = Sees.NOTHING
    territory: str = field(default="", metadata=VALUE)
    insurer: int | None = field(default=None, metadata=VALUE)
    provider: int | None = field(default=None, metadata=VALUE)
    organisation: int | None = field(default=None, metadata=VALUE)
    employee: int | None = field(default=None, metadata=VALUE)
    level: int | None = None

    @classmethod
    def system(cls, why: str) -> "Scope":
        """Return the scope of trusted work — an import, a migration, the sign-in itself; ``why`` is for the reader."""
        if not why:
            raise ValueError("A system scope says why it is needed")
        return cls(sees=Sees.ALL)

    def settings(self) -> dict[str, str]:
        return {f"opora.{name}": "" if value is None else str(value) for name, value in asdict(self).items()}


SET = "SELECT " + ", ".join(f"set_config('opora.{name}', %s, true)" for name in Scope.__dataclass_fields__)
_OUTSIDE = Scope()


@contextmanager
def enter(scope: Scope, *, using: str = "default") -> Iterator[None]:
    """Open a transaction (or savepoint) that sees what ``scope`` sees; the former scope returns afterwards."""
    connection = connections[using]
    former = current(using=using)
    nested = connection.in_atomic_block
    try:
        with transaction.atomic(using=using):
            _set(connection, scope)
            yield
            if nested:
                _set(connection, former)
    finally:
        _remember(connection, former)


def current(*, using: str = "default") -> Scope:
    """Return the scope of the present transaction; one that sees nothing outside of any."""
    connection = connections[using]
    return getattr(connection, "opora_scope", _OUTSIDE) if connection.in_atomic_block else _OUTSIDE


def _set(connection: Any, scope: Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SET, list(scope.settings().values()))
    _remember(connection, scope)


def _remember(connection: Any, scope: Scope) -> None:
    connection.opora_scope = scope
