"""What needs a look now: rooms say it in their ``apps.py``, the desk shows it to who holds the right.

    def ready(self) -> None:
        attention.register(Right.EMPLOYEES_EDIT, locked_out, order=10)

    def locked_out(employee: Employee) -> Iterable[Matter]:
        if number := few(queries.locked(employee)):
            yield Matter("late", f"Не могут войти: {number}", reverse("organisations:employees") + "?state=locked")

A finder costs one or two indexed queries and counts with ``few``, which stops at a hundred: no screen counts a table.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import QuerySet

MANY = 100


class Holder(Protocol):
    def holds(self, right: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to look at: ``late`` (broken, overdue), ``today`` or ``now``; a sentence; where it is mended."""

    state: str
    text: str
    url: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Few:
    """A number known up to a hundred: «7», «99+»; false when there is nothing."""

    number: int

    def __bool__(self) -> bool:
        return self.number > 0

    def __str__(self) -> str:
        return str(self.number) if self.number < MANY else f"{MANY - 1}+"


type Finder = Callable[[Any], Iterable[Matter]]

_finders: dict[str, tuple[int, str | None, Finder]] = {}
_WEIGHT = {"late": 0, "today": 1, "now": 2}


def register(right: str | None, finder: Finder, *, order: int = 100) -> None:
    """Ask ``finder`` for everybody who holds ``right`` (None — for everybody)."""
    _finders[f"{finder.__module__}.{finder.__qualname__}"] = (order, right, finder)


def matters(holder: Holder) -> list[Matter]:
    """Return what ``holder`` should look at, what is late first."""
    asked = sorted((item for item in _finders.values() if item[1] is None or holder.holds(item[1])), key=lambda i: i[0])
    return sorted((matter for _, _, find in asked for matter in find(holder)), key=lambda m: _WEIGHT[m.state])


def few(rows: QuerySet[Any, Any]) -> Few:
    """Return how many rows there are, looking at no more than a hundred of them."""
    return Few(rows.order_by()[:MANY].count())
