"""What rooms above put on the card of an appeal: a link with a word of state. Registered in their ``apps.py``.

    beside.register(Right.COMPLAINTS_VIEW, link_of_appeal)

A finder costs one indexed query and returns None where it has nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opora.appeals.models import Appeal

if TYPE_CHECKING:
    from opora.organisations.models import Employee


@dataclass(frozen=True, slots=True)
class Beside:
    """A link on the card: what stands there, where it leads, the key that opens it.

    ``piece`` is an address of more, brought when the card is open already; without ``url`` there is nothing else.
    ``is_of_talk`` — it is asked at the end of a talk, so it stands also where the appeal has just been registered.
    """

    title: str
    url: str
    icon: str
    key: str
    state: str = "none"
    words: str = ""
    piece: str = ""
    is_of_talk: bool = False


type Finder = Callable[[Appeal, Employee], Beside | None]

_finders: dict[str, tuple[str, Finder]] = {}


def register(right: str, finder: Finder) -> None:
    """Ask ``finder`` for everybody who holds ``right``."""
    _finders[f"{finder.__module__}.{finder.__qualname__}"] = (right, finder)


def of(appeal: Appeal, employee: Employee) -> Iterator[Beside]:
    for right, find in _finders.values():
        if employee.holds(right) and (found := find(appeal, employee)):
            yield found
