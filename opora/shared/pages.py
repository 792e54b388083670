"""Pages of a list by key instead of by number: the hundredth page costs as much as the first, and no row is counted.

    page = keyset(Person.objects.accessible_to(employee), order=("surname_key", "pk"), after=request.GET.get("after"))

``page.rows`` are at most ``size`` objects; ``page.next`` and ``page.previous`` are tokens for the address. A token
carries the values of the boundary row, encrypted, because surnames and dates have no place in addresses and logs.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db.models import BooleanField, F, Field, Func, Model, Q, QuerySet, Value
from django.db.models.expressions import Combinable

FORWARD, BACK = "+", "-"


@dataclass(frozen=True, slots=True)
class Page[T]:
    """One screen of a list."""

    rows: Sequence[T]
    next: str | None = None
    previous: str | None = None

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the order; the path may cross foreign keys (``person__surname_key``)."""

    path: str
    descending: bool
    field: "Field[Any, Any]"

    def value(self, row: Model) -> str:
        holder = row
        *way, last = self.path.split("__")
        if way:
            holder = attrgetter(".".join(way))(row)
        return str(self.field.value_to_string(holder)) if last != "pk" else str(holder.pk)


class RowComparison(Func):
    """``(a, b) > (x, y)``: one range of one index, which a chain of ORs is not."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, columns: Sequence[Combinable], sign: str, values: Sequence[Combinable]) -> None:
        super().__init__(*columns, *values)
        self.sign = sign

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        parts = [compiler.compile(expression) for expression in self.source_expressions]
        half = len(parts) // 2
        left, right = (", ".join(sql for sql, _ in side) for side in (parts[:half], parts[half:]))
        return f"({left}) {self.sign} ({right})", tuple(value for _, values in parts for value in values)


def keyset[M: Model](
    queryset: QuerySet[M], *, order: Sequence[str], after: str | None, size: int = 50, is_total: bool = False
) -> Page[M]:
    """Return the page of ``queryset`` that begins behind the token ``after`` (None or not ours — the first page).

    ``order`` names columns without NULLs, the last one unique («-registered_at», «pk»); ``is_total`` — the caller
    answers for that, because a filter makes it so. One query of ``size`` + 1 rows.
    """
    columns = [_column(queryset.model, name) for name in order]
    if not (
        is_total or columns[-1].field.unique or columns[-1].field.primary_key or _holds_key(queryset.model, columns)
    ):
        raise ValueError(f"the last column of the order must be unique: {order[-1]}")
    position = _read(after, columns)
    back = position is not None and position[0] == BACK
    rows = _placed(queryset, columns, _wrapped(columns, position[1]) if position else [], back=back)
    return _screen(list(rows[: size + 1]), columns, position, size)


def keyset_of[M: Model](
    model: type[M],
    ask: Callable[[Sequence[Any], bool], Sequence[M]],
    *,
    order: Sequence[str],
    after: str | None,
    size: int = 50,
) -> Page[M]:
    """Return the page of a question put together once: ``ask`` takes the boundary, empty on the first page, and
    whether the page lies before it, and answers with ``size`` + 1 rows as ``placed`` places them. One query."""
    columns = [_column(model, name) for name in order]
    position = _read(after, columns)
    values, back = (position[1], position[0] == BACK) if position else ((), False)
    return _screen(list(ask(values, back)), columns, position, size)


def placed[Q: QuerySet[Any]](queryset: Q, *, order: Sequence[str], boundary: Sequence[Any], back: bool) -> Q:
    """Return the rows behind ``boundary`` in order; its values may be the places of a prepared question."""
    return _placed(queryset, [_column(queryset.model, name) for name in order], boundary, back=back)


def _placed(queryset: Any, columns: Sequence[Column], boundary: Sequence[Any], *, back: bool) -> Any:
    rows = queryset.order_by(*(_by(column, reverse=back) for column in columns))
    return rows.filter(_behind(columns, boundary, back=back)) if boundary else rows


def _screen[M: Model](
    found: list[M], columns: Sequence[Column], position: tuple[str, list[Any]] | None, size: int
) -> Page[M]:
    back = position is not None and position[0] == BACK
    more, found = len(found) > size, found[:size]
    if back:
        found.reverse()
    if not found:
        return Page([])
    has_next, has_previous = (True, more) if back else (more, position is not None)
    return Page(
        found,
        next=_write(FORWARD, columns, found[-1]) if has_next else None,
        previous=_write(BACK, columns, found[0]) if has_previous else None,
    )


def behind[M: Model](queryset: QuerySet[M], *, order: Sequence[str], after: str | None) -> QuerySet[M]:
    """Return the rows behind a token, in order, for a list put together from several questions; forward only."""
    columns = [_column(queryset.model, name) for name in order]
    rows = queryset.order_by(*order)
    position = _read(after, columns)
    return rows.filter(_behind(columns, _wrapped(columns, position[1]), back=False)) if position else rows


def boundary(model: type[Model], *, order: Sequence[str], after: str | None) -> Any:
    """Return the first value a token holds — where its page begins — or None for a token that is not ours."""
    position = _read(after, [_column(model, name) for name in order])
    return position[1][0] if position else None


def token_after(row: Model, *, order: Sequence[str]) -> str:
    """Return the token of the page that begins behind ``row``."""
    return _write(FORWARD, [_column(type(row), name) for name in order], row)


def _column(model: type[Model], name: str) -> Column:
    path = name.removeprefix("-")
    options: Any = model._meta
    *way, last = path.split("__")
    for step in way:
        options = options.get_field(step).related_model._meta
    field = options.pk if last == "pk" else options.get_field(last)
    return Column(path, name.startswith("-"), field)


def _holds_key(model: type[Model], columns: Sequence[Column]) -> bool:
    """A key of several columns makes the order total when all of them are in it."""
    return {field.name for field in model._meta.pk_fields} <= {column.path for column in columns}


def _by(column: Column, *, reverse: bool) -> str:
    return f"-{column.path}" if column.descending != reverse else column.path


def _behind(columns: Sequence[Column], values: Sequence[Any], *, back: bool) -> Combinable | Q:
    """Return the condition «after the boundary row»; a row comparison where all columns run the same way."""
    signs = ["<" if column.descending != back else ">" for column in columns]
    if len(set(signs)) == 1:
        return RowComparison([F(column.path) for column in columns], signs[0], values)
    condition = Q()
    for last, sign in enumerate(signs):
        equal = {columns[i].path: values[i] for i in range(last)}
        condition |= Q(**equal, **{f"{columns[last].path}__{'lt' if sign == '<' else 'gt'}": values[last]})
    # The first column alone is implied by the rest, and lets the index begin at the right place.
    return condition & Q(**{f"{columns[0].path}__{'lte' if signs[0] == '<' else 'gte'}": values[0]})


def _wrapped(columns: Sequence[Column], values: Sequence[Any]) -> list[Value]:
    return [Value(value, output_field=column.field) for column, value in zip(columns, values, strict=True)]


def _write(direction: str, columns: Sequence[Column], row: Model) -> str:
    text = json.dumps([direction, _shape(columns), *(column.value(row) for column in columns)], ensure_ascii=False)
    return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode().rstrip("=")


def _read(token: str | None, columns: Sequence[Column]) -> tuple[str, list[Any]] | None:
    """Return direction and values, or None for a token that is not ours, is of another order or was tampered with."""
    if not token or len(token) > 4000:
        return None
    try:
        text = _cipher(settings.SECRET_KEY).decrypt((token + "=" * (-len(token) % 4)).encode())
    except (InvalidToken, UnicodeEncodeError, ValueError):
        return None
    direction, shape, *values = json.loads(text)
    if shape != _shape(columns) or len(values) != len(columns):
        return None
    return direction, [column.field.to_python(value) for column, value in zip(columns, values, strict=True)]


def _shape(columns: Sequence[Column]) -> str:
    return ",".join(_by(column, reverse=False) for column in columns)


@lru_cache(maxsize=2)
def _cipher(secret: str) -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"opora.shared.pages:" + secret.encode()).digest()))
