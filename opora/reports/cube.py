"""Facts of a period, counted by whatever a report tells them apart by: one pass over the rows, cells are made of it.

A group is «so many facts with these values». A cell adds the groups that fit it; its rows are the facts of the same
groups, so a number and its rows cannot differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from psycopg import sql

from opora.classifiers.models import Topic
from opora.classifiers.queries import topics_answering
from opora.classifiers.rules import report_rows
from opora.reports.models import Seal
from opora.reports.past import rows_at
from opora.reports.periods import Days
from opora.reports.sources import MADE, ROWS_OF, Source
from opora.reports.subjects import Subject

ROW = "row:"  # of a generation of a form: «row:pg-b»


@dataclass(frozen=True, slots=True)
class Question:
    """Which facts: of whom, which of their days lies in which days, as of a seal or now."""

    source: Source
    subject: Subject
    of: str
    day: str
    days: Days
    seal: Seal | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """``values`` by name of column (``row:…`` — the rows of the form, the deepest first); ``key`` finds its facts."""

    key: str
    values: dict[str, Any]
    count: int
    sums: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Cube:
    """Groups of one question; ``columns`` are those of the facts, in the order of ``Group.key``."""

    question: Question
    columns: tuple[str, ...]
    groups: tuple[Group, ...]
    _places: dict[str, dict[Any, set[int]]] = field(default_factory=dict, compare=False, repr=False)

    def fitting(self, *wheres: Mapping[str, Any], either: Sequence[Mapping[str, Any]] = ()) -> list[Group]:
        """Return the groups that fit all of ``wheres`` and, where ``either`` is given, at least one of those."""
        parts = [self._fit(name, wanted) for where in wheres for name, wanted in where.items()]
        if either:
            parts.append(set().union(*map(self._all, either)))
        return [self.groups[place] for place in sorted(self._common(parts))]

    def _all(self, where: Mapping[str, Any]) -> set[int]:
        return self._common([self._fit(name, wanted) for name, wanted in where.items()])

    def _common(self, parts: list[set[int]]) -> set[int]:
        if not parts:
            return set(range(len(self.groups)))
        return set.intersection(*sorted(parts, key=len))

    def _fit(self, name: str, wanted: Any) -> set[int]:
        """Places of the groups whose value is wanted; of a list of values one is enough."""
        if isinstance(wanted, dict):
            return set(range(len(self.groups))) - self._fit(name, wanted["not"])
        found = self._by_value(name)
        options = wanted if isinstance(wanted, list) else [wanted]
        if len(options) == 1:
            return found.get(options[0], set())
        return set().union(*(found.get(option, ()) for option in options))

    def _by_value(self, name: str) -> dict[Any, set[int]]:
        if name not in self._places:
            found = self._places.setdefault(name, {})
            for place, group in enumerate(self.groups):
                value = group.values[name]
                for one in value if isinstance(value, list | tuple) else (value,):
                    found.setdefault(one, set()).add(place)
        return self._places[name]


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact behind a number; ``day`` is the one that placed it into the period."""

    key: str
    day: date
    appeal: str | None
    values: Mapping[str, Any]


def cube(question: Question, names: Collection[str], sums: Collection[str] = ()) -> Cube:
    """Count the facts by ``names``. Names and sums are checked against the source, the rest are values. One query."""
    return cubes(question, [names], sums)[0]


def cubes(question: Question, wanted: Sequence[Collection[str]], sums: Collection[str] = ()) -> list[Cube]:
    """Count the same facts by each of ``wanted``, in that order. One query, one pass over the facts.

    A cube by many names at once has nearly as many groups as facts; several by a few names have hundreds.
    """
    sets = [_columns(question.source, names) for names in wanted]
    totals = sorted(question.source.sums & set(sums))
    found = _grouped(question, sorted(set(sets)), totals)
    made = []
    for names, columns in zip(wanted, sets, strict=True):
        groups = tuple(Group(one.key, dict(one.values), one.count, one.sums) for one in found[columns])
        for generation in sorted(name.removeprefix(ROW) for name in names if name.startswith(ROW)):
            _add_rows(groups, generation)
        made.append(Cube(question, columns, groups))
    return made


def _grouped(
    question: Question, sets: Sequence[tuple[str, ...]], totals: Sequence[str]
) -> dict[tuple[str, ...], list[Group]]:
    """Groups by each set of columns; a mask of PostgreSQL tells which set a line is of."""
    every = sorted(set().union(*sets))
    masks = {columns: sum(1 << n for n, name in enumerate(reversed(every)) if name not in columns) for columns in sets}
    mask = sql.SQL("grouping({})").format(_list(every)) if every else sql.SQL("0")
    keys = (sql.SQL(" WHEN {} THEN {}").format(sql.Literal(masks[columns]), _key(columns)) for columns in sets)
    counted = [sql.SQL("count(*)"), *(sql.SQL("coalesce(sum(f.{}), 0)").format(sql.Identifier(one)) for one in totals)]
    facts, parameters = _facts(question)
    statement = sql.SQL("SELECT {wanted} FROM {facts} GROUP BY GROUPING SETS ({sets})").format(
        wanted=sql.SQL(", ").join(
            [mask, sql.SQL("CASE {}{} END").format(mask, sql.SQL("").join(keys)), *counted, *map(_expression, every)]
        ),
        facts=facts,
        sets=sql.SQL(", ").join(sql.SQL("({})").format(_list(columns)) for columns in sets),
    )
    of_mask = {masks[columns]: columns for columns in sets}
    found: dict[tuple[str, ...], list[Group]] = {columns: [] for columns in sets}
    for number, key, count, *rest in _ask(_by_pages(statement), parameters):
        values = dict(zip(every, rest[len(totals) :], strict=True))
        columns = of_mask[number]
        own = {name: values[name] for name in columns}
        amounts = dict(zip(totals, map(Decimal, rest[: len(totals)]), strict=True))
        found[columns].append(Group(key, own, count, amounts))
    return found


def _by_pages(statement: sql.Composable) -> sql.Composable:
    """Read facts of many days by pages of the table, not one by one as an index lists them: where they do not lie by
    that day it is a fifth of the work. One round trip, inside a transaction as all facts are read."""
    return sql.SQL("SET LOCAL enable_indexscan = off; {}; SET LOCAL enable_indexscan = on").format(statement)


def _list(columns: Sequence[str]) -> sql.Composable:
    return sql.SQL(", ").join(map(_expression, columns))


def rows(
    found: Cube,
    groups: Sequence[Group],
    *,
    after: tuple[date, str] | None = None,
    keys: Sequence[str] | None = None,
    limit: int = 50,
    back: bool = False,
) -> list[FactRow]:
    """Return the facts of some groups by day and key, ``limit`` of them after the one named: a page. One query.

    ``back`` — those before it, the nearest first; ``keys`` — only those of them.
    """
    if not groups:
        return []
    question, source = found.question, found.question.source
    facts, parameters = _facts(question)
    day = sql.Identifier(source.days[question.day])
    key = sql.SQL("f.{}::text").format(sql.Identifier(source.key))
    conditions: list[sql.Composable] = []
    if found.columns:
        conditions.append(sql.SQL("{} = ANY(%s)").format(_key(found.columns)))
        parameters.append([group.key for group in groups])
    if after is not None:
        conditions.append(sql.SQL("(f.{}, {}) {} (%s, %s)").format(day, key, sql.SQL("<" if back else ">")))
        parameters += list(after)
    if keys is not None:
        conditions.append(sql.SQL("{} = ANY(%s)").format(key))
        parameters.append(list(keys))
    shown = sorted((source.columns - set(MADE)) | source.sums)
    statement = sql.SQL(
        "SELECT {key}, f.{day}, {appeal}, {shown} FROM {facts}{also} ORDER BY f.{day} {way}, {key} {way} LIMIT {limit}"
    )
    lines = _ask(
        statement.format(
            key=key,
            day=day,
            appeal=sql.SQL("f.{}::text").format(sql.Identifier(source.appeal)) if source.appeal else sql.SQL("NULL"),
            shown=sql.SQL(", ").join(sql.SQL("f.{}").format(sql.Identifier(name)) for name in shown),
            facts=facts,
            also=sql.SQL("").join(sql.SQL(" AND ") + one for one in conditions),
            way=sql.SQL("DESC" if back else "ASC"),
            limit=sql.Literal(limit),
        ),
        parameters,
    )
    return [FactRow(line[0], line[1], line[2], dict(zip(shown, line[3:], strict=True))) for line in lines]


def _facts(question: Question) -> tuple[sql.Composable, list[Any]]:
    """FROM and WHERE of the question; as of a seal the rows are those that lay there then."""
    source, (since, until) = question.source, question.days
    table, parameters = rows_at(source, question.seal)
    conditions: list[sql.Composable] = [
        sql.SQL("f.{} BETWEEN %s AND %s").format(sql.Identifier(source.days[question.day]))
    ]
    parameters = [*parameters, since, until]
    conditions.append(sql.SQL("f.territory = %s"))
    parameters.append(question.subject.territory)
    if question.subject.insurer is not None:
        conditions.append(sql.SQL("f.{} = %s").format(sql.Identifier(f"{question.of}_id")))
        parameters.append(question.subject.insurer)
    return sql.SQL("{} f WHERE {}").format(table, sql.SQL(" AND ").join(conditions)), parameters


def _columns(source: Source, names: Iterable[str]) -> tuple[str, ...]:
    wanted = {name for name in names if not name.startswith(ROW)}
    if wanted != set(names):
        wanted |= set(ROWS_OF)
    unknown = wanted - source.columns - (set(ROWS_OF) if source.has_rows else set())
    if unknown:
        raise ValueError(f"{source.name}: {', '.join(sorted(unknown))}")
    return tuple(sorted(wanted))


def _key(columns: Sequence[str]) -> sql.Composable:
    """What a group is found again by: its values as PostgreSQL writes a row, NULLs and arrays too."""
    if not columns:
        return sql.SQL("''")
    return sql.SQL("ROW({})::text").format(sql.SQL(", ").join(map(_expression, columns)))


def _expression(name: str) -> sql.Composable:
    return sql.SQL(MADE[name]) if name in MADE else sql.SQL("f.{}").format(sql.Identifier(name))


def _ask(statement: sql.Composable, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        while cursor.description is None and cursor.nextset():
            pass
        return list(cursor.fetchall())


def _add_rows(groups: Sequence[Group], generation: str) -> None:
    """Give each group its rows of a form: none where no edition knows the form. A few queries in all."""
    topics = Topic.objects.filter(pk__in={group.values["topic_id"] for group in groups}).select_related("edition")
    known = {topic.pk: topic for topic in topics}
    answering = topics_answering(known.values(), generation)
    found: dict[tuple[str, int, tuple[str, ...]], tuple[str, ...]] = {}
    for group in groups:
        kind, topic, flags = (group.values[name] for name in ROWS_OF)
        of = kind, topic, tuple(flags)
        if of not in found:
            answer = answering.get(topic)
            also = {*flags, *known[topic].flags, *answer.flags} if answer else set()
            found[of] = report_rows(answer.rows, kind, also, generation) if answer else ()
        group.values[f"{ROW}{generation}"] = found[of]


def walk(
    found: Cube, groups: Sequence[Group], *, chunk: int = 5_000, has_values: bool = True
) -> Iterator[list[FactRow]]:
    """Yield all facts of some groups by day and key, ``chunk`` at a time, by a cursor of the server: memory is flat.

    ``has_values=False`` — only keys, days and appeals: for who asks the journal itself.

    The transaction stays open meanwhile; other questions may be asked between two chunks.
    """
    if not groups:
        return
    statement, parameters, shown = _all_rows(found, groups, has_values=has_values)
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement, parameters)
        while lines := cursor.fetchmany(chunk):
            yield [FactRow(line[0], line[1], line[2], dict(zip(shown, line[3:], strict=True))) for line in lines]


def _all_rows(found: Cube, groups: Sequence[Group], *, has_values: bool) -> tuple[sql.Composable, list[Any], list[str]]:
    question, source = found.question, found.question.source
    facts, parameters = _facts(question)
    shown = sorted((source.columns - set(MADE)) | source.sums) if has_values else []
    conditions: list[sql.Composable] = []
    if found.columns and len(groups) < len(found.groups):
        conditions.append(sql.SQL(" AND {} = ANY(%s)").format(_key(found.columns)))
        parameters.append([group.key for group in groups])
    statement = sql.SQL("SELECT {key}::text, f.{day}, {appeal}{shown} FROM {facts}{also} ORDER BY f.{day}, {key}")
    return (
        statement.format(
            key=sql.SQL("f.{}").format(sql.Identifier(source.key)),
            day=sql.Identifier(source.days[question.day]),
            appeal=sql.SQL("f.{}::text").format(sql.Identifier(source.appeal)) if source.appeal else sql.SQL("NULL"),
            shown=sql.SQL("").join(sql.SQL(", f.{}").format(sql.Identifier(name)) for name in shown),
            facts=facts,
            also=sql.SQL("").join(conditions),
        ),
        parameters,
        shown,
    )
