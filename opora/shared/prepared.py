"""Questions put together once: a page of one person or appeal asks the same twenty for everybody.

Writing the SQL of a queryset costs Django half a millisecond to two, planning it costs PostgreSQL as much again, and
both come out the same each time. Here the SQL stays in the process and the plan in the session of PostgreSQL.

    @prepared
    def _clocks(appeal: UUID) -> QuerySet[Clock]:
        return Clock.objects.filter(appeal=appeal)

    _clocks(appeal.pk)          # a list of clocks
    _clocks.first(appeal.pk)    # one or None; the function says ``[:1]`` itself where there may be more
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import update_wrapper
from typing import Any, NoReturn, cast
from uuid import UUID

import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Expression, Model, QuerySet, prefetch_related_objects
from psycopg import sql

VALUE = {"value": True}  # metadata of a field of a dataclass: only ever compared with a column
ALIAS = "default"
LISTS: dict[type, str] = {int: "bigint[]", str: "text[]", UUID: "uuid[]"}


class Prepared[**P, R]:
    """A function that makes a queryset — of rows or of ``values_list`` — run once for each shape of its arguments.

    Numbers, words, keys and moments are *values*: put in their places at each call, unknown while the queryset is made,
    so the function may compare them with columns and nothing else. None, what is empty, bools and members of enums are
    *shape*: the function sees them as they are. Of a dataclass, fields marked with ``VALUE`` are values. A list is a
    value as well and stands for a table: ``filter(pk__in=keys)``.
    """

    def __init__(self, build: Callable[P, QuerySet[Any, R]]) -> None:
        self._build = build
        self._known: dict[Any, _Known] = {}
        update_wrapper(self, build)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        values: list[Any] = []
        shape = (*(_taken(one, values) for one in args), *((key, _taken(one, values)) for key, one in kwargs.items()))
        known = self._known.get(shape)
        if known is None:
            known = self._known[shape] = self._put_together(args, kwargs)
        return cast("list[R]", known.rows(values))

    def first(self, *args: P.args, **kwargs: P.kwargs) -> R | None:
        return next(iter(self(*args, **kwargs)), None)

    def _put_together(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Known:
        count = _Count()
        with_slots = [_slotted(one, count) for one in args]
        named = {key: _slotted(one, count) for key, one in kwargs.items()}
        return _Known(cast("Any", self._build)(*with_slots, **named))


def prepared[**P, R](build: Callable[P, QuerySet[Any, R]]) -> Prepared[P, R]:
    """Make a prepared question of a function that returns a queryset."""
    return Prepared(build)


def give[M: Model](rows: Sequence[M], name: str, found: Iterable[Model], *, by: str) -> None:
    """Give each row what was asked for all of them, as ``prefetch_related`` would: ``by`` is the key of ``found``."""
    grouped: dict[Any, list[Model]] = defaultdict(list)
    for one in found:
        grouped[getattr(one, by)].append(one)
    for row in rows:
        theirs: Any = QuerySet(getattr(type(row), name).rel.related_model)
        theirs._result_cache, theirs._prefetch_done = grouped[row.pk], True
        holder: Any = row
        holder._prefetched_objects_cache = {**getattr(row, "_prefetched_objects_cache", {}), name: theirs}


class _Slot(Expression):
    """The place of a value that is not known yet."""

    def __init__(self, at: int, statement: str) -> None:
        super().__init__()
        self.at, self.statement = at, statement

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return self.statement, [self]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Expression) or not other:
            return self is other  # what is empty is never a value
        return self._unknown()

    def __hash__(self) -> int:
        return self._unknown()

    def __str__(self) -> str:
        return self._unknown()

    def _unknown(self, *_: object) -> NoReturn:
        raise TypeError("A value is not known while a prepared question is made: compare it with a column")

    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __sub__ = _unknown


class _Count:
    """Numbers slots in the order in which ``_taken`` takes values."""

    def __init__(self) -> None:
        self._next = 0

    def slot(self, one: object) -> _Slot:
        self._next += 1
        return _Slot(self._next - 1, f"SELECT unnest(%s::{LISTS[type(one[0])]})" if isinstance(one, list) else "%s")


def _is_value(one: object) -> bool:
    return bool(one) and not isinstance(one, (bool, Enum))


def _taken(one: object, values: list[Any]) -> object:
    """Add the values of an argument to ``values`` and return its shape."""
    if is_dataclass(one):
        return (type(one), *(_taken_of(one, field, values) for field in fields(one)))
    if not _is_value(one):
        return () if isinstance(one, list) else one
    values.append(one)
    return (list, type(one[0])) if isinstance(one, list) else type(one)


def _taken_of(whole: Any, field: Any, values: list[Any]) -> object:
    one = getattr(whole, field.name)
    return _taken(one, values) if "value" in field.metadata else one


def _slotted(one: Any, count: _Count) -> Any:
    """Return an argument as the function gets it: slots where values will stand."""
    if is_dataclass(one) and not isinstance(one, type):
        slots = {
            field.name: _slotted(getattr(one, field.name), count) for field in fields(one) if "value" in field.metadata
        }
        return replace(one, **slots)
    return count.slot(one) if _is_value(one) else one


class _Known:
    """SQL with the places of its values, and what Django needs to make rows of the answer."""

    def __init__(self, queryset: QuerySet[Any]) -> None:
        self.queryset = queryset
        asked: Any = queryset
        self.prefetched, self.fetching = asked._prefetch_related_lookups, (asked._fetch_mode, asked._fields)
        self.compiler = queryset.query.get_compiler(using=ALIAS)
        try:
            statement, parameters = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql, self.places = "", []
        else:
            self.sql = _with_literals(statement, parameters)
            self.places = [one.at for one in parameters if isinstance(one, _Slot)]

    def rows(self, values: list[Any]) -> list[Any]:
        if not self.sql:
            return []
        asked = copy.copy(self.compiler)
        asked.connection = connections[ALIAS]
        given = [values[at] for at in self.places]
        asked.execute_sql = lambda *_, **__: [_fetched(self.sql, given)]
        queryset: Any = QuerySet(
            self.queryset.model, query=cast("Any", _Asked(self.queryset.query, asked)), using=ALIAS
        )
        queryset._fetch_mode, queryset._fields = self.fetching
        rows: list[Any] = list(cast("Any", self.queryset)._iterable_class(queryset))
        if self.prefetched and rows:
            prefetch_related_objects(rows, *self.prefetched)
        return rows


class _Asked:
    """What Django's iterables ask of a query: the one put together before, with a compiler that has its SQL."""

    def __init__(self, query: Any, compiler: Any) -> None:
        self._query, self._compiler = query, compiler

    def get_compiler(self, using: str) -> Any:
        return self._compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._query, name)


def _with_literals(statement: str, parameters: Any) -> str:
    """Write what is always the same into the statement: a plan for all values finds a partial index by a literal."""
    with connections[ALIAS].cursor() as cursor:
        native = cursor.connection
        words = [
            "%s" if isinstance(one, _Slot) else sql.Literal(one).as_string(native).replace("%", "%%")
            for one in parameters
        ]
    return statement.replace("%%", "%%%%") % tuple(words) if words else statement


def _fetched(statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with cursor_with_plans() as cursor:
        cursor.execute(statement, values)
        return cast("list[tuple[Any, ...]]", cursor.fetchall())


def cursor_with_plans(using: str = ALIAS) -> Any:
    """Return a cursor of Django that leaves the plan of what it executes in the session of PostgreSQL.

    Values go apart from the statement: PostgreSQL must see of what type each is.
    """
    connection: Any = connections[using]
    connection.close_if_health_check_failed()  # as Django's own cursors do
    connection.ensure_connection()
    return connection._prepare_cursor(_PreparedCursor(connection.connection))


class _PreparedCursor(psycopg.Cursor[Any]):
    """A cursor that leaves its plan in the session of PostgreSQL."""

    def execute(self, query: Any, params: Any = None, **kwargs: Any) -> Any:
        return super().execute(query, params, prepare=True)
