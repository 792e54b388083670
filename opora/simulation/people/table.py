"""Rows of one kind, column by column."""

from dataclasses import dataclass

import numpy as np

NAT = np.datetime64("NaT", "D")
DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Table:
    """Rows about people of a block: ``person`` is the index in the block, ``columns`` bear the names of the register.

    A column is an array of texts (None is «not known»), of whole numbers, truths or days (NaT is «not known»). Columns
    ``insurer`` and ``provider`` hold the number of an organisation within its territory, −1 for none.
    """

    person: np.ndarray
    columns: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.person)

    def of(self, keep: np.ndarray) -> "Table":
        """Return the rows of people for whom ``keep`` (one truth a person) holds; people keep their indices."""
        rows = keep[self.person]
        return Table(self.person[rows], {name: column[rows] for name, column in self.columns.items()})


def stacked(*tables: Table) -> Table:
    """Return the rows of all, one table after another."""
    names = tables[0].columns
    person = np.concatenate([table.person for table in tables])
    return Table(person, {name: np.concatenate([table.columns[name] for table in tables]) for name in names})


def same(value: object, count: int) -> np.ndarray:
    """Return a column of one value."""
    column = np.empty(count, dtype=object)
    column[:] = value
    return column


def days_between(rng: np.random.Generator, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Return a day for each pair, both ends possible; the first where the last is earlier."""
    width = np.maximum((last - first).astype(np.int64), 0)
    return first + (rng.random(len(first)) * (width + 1)).astype(np.int64).astype("timedelta64[D]")
