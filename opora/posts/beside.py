"""What rooms above put on the page of posts: a link with its words. Registered in their ``apps.py``.

    beside.register(Right.SURVEYS_INTERVIEW, paper_rounds)

A finder costs one indexed query and gives nothing where it has nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opora.organisations.models import Employee


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str
    icon: str = "clipboard-list"


type Finder = Callable[[Employee], Iterable[Link]]

_finders: dict[str, tuple[str, Finder]] = {}


def register(right: str, finder: Finder) -> None:
    """Ask ``finder`` for everybody who holds ``right``."""
    _finders[f"{finder.__module__}.{finder.__qualname__}"] = (right, finder)


def links(employee: Employee) -> Iterator[Link]:
    for right, find in _finders.values():
        if employee.holds(right):
            yield from find(employee)
