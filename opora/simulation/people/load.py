"""Blocks of people into the register, past nobody's control: same tables, keys, triggers and row security.

COPY into a table with row security is refused, so the rows go into a temporary table first. One block is one
transaction: a load that was stopped goes on where it stood, and one that is repeated adds nobody.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db import connection

from opora.access.scope import Scope, enter
from opora.simulation.directory import Directory
from opora.simulation.people.block import Block
from opora.simulation.people.table import Table

ORDER = ("formername", "identitydocument", "personcategory", "policy", "attachment", "contact", "consent")
NAMED = {"insurer": "insurer_id", "provider": "provider_id"}
NULL = "\\N"

# The triggers of the register would learn these words too, but inside the long transaction of the block: two processes
# that meet a new surname would wait for each other or lock each other out. Here each is learnt in a moment.
LEARN = """
INSERT INTO {table} (key, parts, near)
SELECT DISTINCT ON (key) key, insured_word_parts(name), insured_word_near(key)
  FROM (SELECT name, translate(lower(name), 'ё-− ''’.', 'е') AS key FROM unnest(%s::text[]) AS name) word
 WHERE NOT EXISTS (SELECT 1 FROM {table} known WHERE known.key = word.key)
 ORDER BY key, name !~ '-'
    ON CONFLICT (key) DO NOTHING
"""


@dataclass(frozen=True)
class Loaded:
    """How many people were new, and how many rows of all tables were written for them."""

    people: int = 0
    rows: int = 0

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(self.people + other.people, self.rows + other.rows)


def load_block(block: Block, directory: Directory, *, wanted: int) -> Loaded:
    """Add the first ``wanted`` people of a block to the register, leaving out those whose policy number is known."""
    _learn(block)
    with enter(Scope.system("invented people are loaded")):
        keep = np.arange(len(block.people)) < wanted
        enp = block.people.columns["enp"]
        known = _known(enp[keep].tolist())
        keep &= np.array([number not in known for number in enp.tolist()])
        if not keep.any():
            return Loaded()
        new = block.of(keep)
        ids = np.zeros(len(block.people), dtype=np.int64)
        ids[keep] = _identifiers(int(keep.sum()))
        rows = _insert("insured_person", "id", ids[new.people.person], _people(new.people, directory))
        for name in ORDER:
            table = new.children[name]
            rows += _insert(f"insured_{name}", "person_id", ids[table.person], _named(table.columns, directory))
        return Loaded(int(keep.sum()), rows)


def _learn(block: Block) -> None:
    """Let the dictionaries of the register know the names of a block."""
    former = block.children["formername"].columns["surname"]
    surnames = {*block.people.columns["surname"].tolist(), *former.tolist()}
    given = set(block.people.columns["given_name"].tolist())
    with connection.cursor() as cursor:
        for table, names in (("insured_surnameword", surnames), ("insured_givenword", given)):
            cursor.execute(LEARN.format(table=table), [sorted(names)])


def _known(enp: list[str]) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT enp FROM insured_person WHERE enp = ANY(%s::varchar[])", [enp])
        return {row[0] for row in cursor.fetchall()}


def _identifiers(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('insured_person', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [row[0] for row in cursor.fetchall()]


def _people(people: Table, directory: Directory) -> dict[str, np.ndarray]:
    confirmed = np.ones(len(people), dtype=bool)
    territory = np.full(len(people), directory.territory, dtype=object)
    return {**_named(people.columns, directory), "enp_is_confirmed": confirmed, "territory_id": territory}


def _named(columns: dict[str, np.ndarray], directory: Directory) -> dict[str, np.ndarray]:
    """Put identifiers of organisations in the place of their numbers, −1 becoming «none»."""
    organisations = {"insurer": directory.insurers, "provider": directory.clinics}
    found = {}
    for name, column in columns.items():
        if name in organisations:
            column = np.array([*organisations[name], None], dtype=object)[column]
        found[NAMED.get(name, name)] = column
    return found


def _insert(table: str, key: str, ids: np.ndarray, columns: dict[str, np.ndarray]) -> int:
    if not len(ids):
        return 0
    stage = f"{table}_stage"
    names = ", ".join([key, *columns])
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {stage} ON COMMIT DROP"  # noqa: S608 - own names
            f" AS SELECT {names} FROM {table} WITH NO DATA"
        )
        with cursor.copy(f"COPY {stage} ({names}) FROM STDIN") as copy:
            copy.write(_text([ids, *columns.values()]))
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {stage}")  # noqa: S608 - own names
        rows = int(cursor.rowcount)
        cursor.execute(f"DROP TABLE {stage}")
        return rows


def _text(columns: Iterable[np.ndarray]) -> str:
    """Return rows in PostgreSQL's text format; no text of ours holds a tab, a line end or a backslash."""
    rows = zip(*(_cells(column) for column in columns), strict=True)
    return "\n".join(map("\t".join, rows)) + "\n"


def _cells(column: np.ndarray) -> list[str]:
    match column.dtype.kind:
        case "M":
            return [NULL if day == "NaT" else day for day in np.datetime_as_string(column, unit="D").tolist()]
        case "b":
            return ["t" if truth else "f" for truth in column.tolist()]
        case "O":
            return [NULL if cell is None else str(cell) for cell in column.tolist()]
    return [str(cell) for cell in column.tolist()]
