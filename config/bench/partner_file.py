"""A file of insured people as a fund would send it: our own CSV format, full rows, written block by block."""

import csv
from pathlib import Path

import numpy as np

from opora.simulation.people import Block, Plan, make_block
from opora.simulation.people.plan import block_sizes
from opora.simulation.people.table import Table
from opora.simulation.people.words import territories

FUND = f"{territories()[0].enp_region}900"
PERSON = ("enp", "snils", "surname", "given_name", "patronymic", "birth_on", "sex", "language", "time_zone")
# Heading of the file → column of the block; a group repeats as often as ``REPEATED`` says.
GROUPS: dict[str, dict[str, str]] = {
    "policy": {name: name for name in ("kind", "series", "number", "insurer", "since", "until")},
    "attachment": {"profile": "profile", "clinic": "provider", "area": "area", "since": "since", "until": "until"},
    "formername": {name: name for name in ("surname", "given_name", "patronymic", "until")},
    "identitydocument": {name: name for name in ("kind", "series", "number", "issued_on", "issuer")},
    "personcategory": {name: name for name in ("code", "since", "until")},
    "phone": {"number": "value", "owner": "owner"},
    "email": {"address": "value"},
    "address": {"text": "value"},
}
REPEATED = {"policy": 2, "attachment": 2, "phone": 2, "personcategory": 2}
HEADED = {"formername": "former", "identitydocument": "document", "personcategory": "category"}


def write_file(path: Path, plan: Plan, people: int) -> None:
    """Write ``people`` rows; the same plan gives the same bytes."""
    sizes = list(block_sizes(people))
    places = plan.places(len(sizes))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(_headings())
        for (number, wanted), place in zip(sizes, places, strict=True):
            columns = _columns(make_block(plan, number, place), plan)
            writer.writerows(zip(*(column[:wanted] for column in columns), strict=True))


def _headings() -> list[str]:
    headings = [*PERSON, "territory"]
    for group, columns in GROUPS.items():
        for number in range(REPEATED.get(group, 1)):
            suffix = f"_{number + 1}" if number else ""
            headings += [f"{HEADED.get(group, group)}_{name}{suffix}" for name in columns]
    return headings


def _columns(block: Block, plan: Plan) -> list[list[str]]:
    count = len(block.people)
    columns = [_texts(block.people.columns[name]) for name in PERSON]
    columns.append([block.place.territory.okato] * count)
    tables = _tables(block, plan)
    for group, names in GROUPS.items():
        for rows in _repetitions(tables[group], REPEATED.get(group, 1)):
            for name in names.values():
                column = np.full(count, "", dtype=object)
                column[tables[group].person[rows]] = _texts(tables[group].columns[name][rows])
                columns.append(column.tolist())
    return columns


def _tables(block: Block, plan: Plan) -> dict[str, Table]:
    """Return the rows by group, contacts parted by kind and organisations named by their codes."""
    region = block.place.territory.enp_region
    insurers = np.array([f"{region}{901 + number}" for number in range(plan.insurers)], dtype=object)
    clinics = np.array([f"{region}{9001 + number}" for number in range(plan.clinics)], dtype=object)
    tables = dict(block.children)
    contact = tables["contact"]
    for kind in ("phone", "email", "address"):
        rows = contact.columns["kind"] == kind
        tables[kind] = Table(contact.person[rows], {name: column[rows] for name, column in contact.columns.items()})
    policy, attachment = tables["policy"], tables["attachment"]
    tables["policy"] = Table(policy.person, policy.columns | {"insurer": insurers[policy.columns["insurer"]]})
    provider = clinics[attachment.columns["provider"]]
    tables["attachment"] = Table(attachment.person, attachment.columns | {"provider": provider})
    return tables


def _repetitions(table: Table, times: int) -> list[np.ndarray]:
    """Return the rows that are the first, the second … of their person."""
    order = np.argsort(table.person, kind="stable")
    person = table.person[order]
    starts = np.flatnonzero(np.r_[True, person[1:] != person[:-1]])
    rank = np.arange(len(person)) - np.repeat(starts, np.diff(np.r_[starts, len(person)]))
    return [order[rank == number] for number in range(times)]


def _texts(column: np.ndarray) -> list[str]:
    if column.dtype.kind == "M":
        return ["" if day == "NaT" else day for day in np.datetime_as_string(column, unit="D").tolist()]
    return ["" if cell is None else str(cell) for cell in column.tolist()]
