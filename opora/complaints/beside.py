"""What rooms above put on the page of a clinic: a link with a word of state. Registered in their ``apps.py``.

    beside.register(Right.FINDINGS_VIEW, link_of_clinic)

A finder costs one indexed query and returns None where it has nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from opora.appeals.beside import Beside

if TYPE_CHECKING:
    from opora.organisations.models import Employee, Organisation

type Finder = Callable[[Organisation, Employee], Beside | None]

_finders: dict[str, tuple[str, Finder]] = {}


def register(right: str, finder: Finder) -> None:
    """Ask ``finder`` for everybody who holds ``right``."""
    _finders[f"{finder.__module__}.{finder.__qualname__}"] = (right, finder)


def of(clinic: Organisation, employee: Employee) -> Iterator[Beside]:
    for right, find in _finders.values():
        if employee.holds(right) and (found := find(clinic, employee)):
            yield found
