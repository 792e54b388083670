"""A little history: appeals of two organisations, chained, in the transaction of the test."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from opora.access.scope import enter
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.intake import Closing, NewAppeal, NewParty, Registered, register


@pytest.fixture
def write(topics: SimpleNamespace) -> Callable[..., Registered]:
    """Register an appeal as one of the cast; ``closed`` answers it at once."""

    def register_one(by: Any, *, closed: bool = False, **fields: Any) -> Registered:
        closing = Closing(outcome="consulted", answer="Полис действует.") if closed else None
        given = {"kind": "consultation", "topic": topics.policy, "channel": "hot_line", "text": "Где полис?"} | fields
        with enter(by.scope):
            return register(
                NewAppeal(closing=closing, parties=[NewParty(surname="Соловьёва", phone="+79000000001")], **given),
                by=by,
            )

    return register_one


@pytest.fixture
def history(cast: SimpleNamespace, write: Callable[..., Registered]) -> SimpleNamespace:
    """Four appeals of Alfa (two closed: eight events) and one of Beta, all with their places."""
    alfas = [write(cast.alina, closed=number % 2 == 1) for number in range(4)]
    beta = write(cast.vera)
    assert chain_batch() == 9
    return SimpleNamespace(alfas=alfas, beta=beta)


@pytest.fixture
def forge(db: None) -> Callable[..., int]:
    """Do what only a superuser can: the triggers are off, foreign keys sleep."""

    def run(statement: str, parameters: Any = None) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            cursor.execute(statement, parameters)
            changed = int(cursor.rowcount)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in TABLES:
                cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        return changed

    return run


TABLES = (
    "appeals_event",
    "appeals_chainlink",
    "appeals_chainhead",
    "appeals_dailyhead",
    "appeals_unchained",
    "appeals_appeal",
    "appeals_appealtext",
    "appeals_party",
    "appeals_answer",
    "appeals_clock",
    "appeals_grant",
    "appeals_tally",
    "appeals_numbering",
)
