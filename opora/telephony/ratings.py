"""What citizens pressed after a talk, by line, hour and group of operators. Never by one employee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from opora.telephony.figures import FEWEST, NOBODYS, By, rows_of

if TYPE_CHECKING:
    from opora.organisations.models import Employee


@dataclass(frozen=True, slots=True)
class Rating:
    """Rated calls of one group; ``keys`` — how many pressed 1, 2, 3, 4, 5; ``mean`` None where nobody did."""

    title: str
    answered: int
    rated: int
    mean: float | None
    keys: tuple[int, ...]
    is_hidden: bool = False

    @property
    def share(self) -> float | None:
        """Per cent of answered calls that were rated."""
        return 100 * self.rated / self.answered if self.answered else None


def ratings(employee: Employee, by: By, since: date, until: date) -> list[Rating]:
    """Return ratings of her organisation's lines from ``since`` to ``until``, both inclusive. One query.

    A group in which fewer than three people were rated is hidden: its figure would be somebody's.
    """
    found = []
    for row in rows_of(employee, by, since, until):
        title = row.title or NOBODYS[by]
        if not row.answered:
            continue
        if by == "group" and row.rated_people < FEWEST:
            found.append(Rating(title, row.answered, row.rated, None, (), is_hidden=True))
            continue
        keys = (row.ones, row.twos, row.threes, row.fours, row.fives)
        found.append(Rating(title, row.answered, row.rated, row.score, keys))
    return found
