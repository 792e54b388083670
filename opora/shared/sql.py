"""Questions in SQL files: one file, one question, one reader."""

from collections import namedtuple
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connections

from opora.shared.prepared import cursor_with_plans

UNION = "\nUNION ALL\n"


@cache
def text(path: Path, branches: frozenset[str] | None = None) -> str:
    """Return the statement of a file without the comment that heads it.

    ``branches`` keeps those arms of its UNION ALL that begin with ``SELECT 'name'``.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    statement = "\n".join(line for line in lines if not line.startswith("--")).strip()
    if branches is None:
        return statement
    arms = statement.split(UNION)
    return UNION.join(arm for arm in arms if arm.split("'", 2)[1] in branches)


def question(folder: Path, name: str, *, branches: bool = False, is_prepared: bool = False) -> Callable[..., list[Any]]:
    """Return a function that asks ``folder/name.sql`` and gives rows named as its columns.

    ``find = question(HERE, "by_name"); find(surnames=["иванов"])``. Parameters are those the file names, ``%(so)s``;
    ``explain=True`` returns the plan instead. With ``branches`` the caller names the arms it needs. ``is_prepared`` is
    for what is asked on every page and has one plan for all values (``opora.shared.prepared``).
    """
    path = folder / f"{name}.sql"

    def ask(
        *, using: str = "default", branches: Collection[str] | None = None, explain: bool = False, **parameters: Any
    ) -> list[Any]:
        statement = text(path, None if branches is None else frozenset(branches))
        with cursor_with_plans(using) if is_prepared else connections[using].cursor() as cursor:
            if explain:
                cursor.execute("EXPLAIN (COSTS OFF) " + statement, parameters)
                return [line for (line,) in cursor.fetchall()]
            cursor.execute(statement, parameters)
            row = _row(path.stem, tuple(column.name for column in cursor.description))
            return list(map(row._make, cursor.fetchall()))

    ask.__name__ = name
    return ask


@cache
def _row(name: str, columns: tuple[str, ...]) -> Any:
    return namedtuple(name, columns)
