"""house.import — a file of people into an empty register, against COPY of the rows it became.

The limit stands in ``copying``.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from config.bench import copying
from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from config.bench.place import POPULATION, Place

MILLION = 1_000_000
EMPTY, LOADED, LIMIT = "opora_bench_empty", "opora_bench_loaded", "opora_bench_limit"
DIRECTORY = ("organisations_territory", "organisations_organisation", "organisations_site")
FILLED = dict.fromkeys(("insured_person", "insured_policy", "insured_attachment", "insured_contact"), "id")
# One line a person: the policy and the clinic of today, up to two phones.
PEOPLE = """
COPY (
  SELECT p.id AS record, p.enp, p.snils, p.surname, p.given_name, p.patronymic, p.birth_on, p.sex, p.died_on,
         p.territory_id AS territory, p.time_zone, o.kind AS policy_kind, o.number AS policy_number,
         i.code AS policy_insurer, o.since AS policy_since, o.until AS policy_until, c.code AS attachment_clinic,
         a.since AS attachment_since, a.until AS attachment_until, t.phones[1] AS phone_number,
         t.phones[2] AS phone_number_2
    FROM (SELECT * FROM insured_person ORDER BY id LIMIT {most}) p
    JOIN LATERAL (SELECT * FROM insured_policy x WHERE x.person_id = p.id ORDER BY since DESC LIMIT 1) o ON true
    JOIN organisations_organisation i ON i.id = o.insurer_id
    LEFT JOIN LATERAL (SELECT * FROM insured_attachment x WHERE x.person_id = p.id AND x.profile = 'therapy'
                        ORDER BY since DESC LIMIT 1) a ON true
    LEFT JOIN organisations_organisation c ON c.id = a.provider_id
    LEFT JOIN LATERAL (SELECT array_agg(x.value ORDER BY x.id) AS phones FROM insured_contact x
                        WHERE x.person_id = p.id AND x.kind = 'phone') t ON true
   ORDER BY p.id
) TO STDOUT (FORMAT csv, HEADER, DELIMITER ';')
"""


@work(
    "house.import",
    unit="с",
    bar=("<= 3", "megabytes <= 500"),
    note="весь процесс от запуска; предел — COPY тех же строк в те же таблицы с индексами, ключами и триггерами",
)
def import_insured(bench: Bench) -> Iterator[Round]:
    """Load at most a million people by the command itself, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="opora-bench-") as folder:
        place, people = bench.place, Path(folder) / "people.csv"
        bench.say("house.import: пустая база и файл")
        fund = _prepare(place)
        _write(place, people, min(MILLION, bench.people))
        for number in bench.rounds:
            bench.say(f"house.import: загрузка {number + 1}")
            place.create(LOADED, template=EMPTY)
            figure, megabytes = _import(place.address(LOADED), people, fund)
            rows = copying.dump(place.address(LOADED), FILLED, Path(folder))
            place.drop(LOADED)
            bench.say(f"house.import: предел {number + 1}")
            place.create(LIMIT, template=EMPTY)
            limit = copying.load(place.address(LIMIT), rows)
            place.drop(LIMIT)
            yield Round(figure, limit, {"megabytes": megabytes})
        place.drop(EMPTY)


def _prepare(place: Place) -> str:
    """Make an empty register with the organisations of the population; return the code of a fund."""
    address = place.create(EMPTY)
    _opora(["migrate"], address)
    with psycopg.connect(place.address(POPULATION)) as source, psycopg.connect(address) as target:
        for table in DIRECTORY:
            name = sql.Identifier(table)
            with (
                source.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(name)) as giving,
                target.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(name)) as taking,
            ):
                for piece in giving:
                    taking.write(piece)
        found = target.execute("SELECT min(code) FROM organisations_organisation WHERE kind = 'fund'").fetchone()
    if not found or not found[0]:
        raise BenchRefused("В базе замера нет фонда")
    return str(found[0])


def _write(place: Place, people: Path, most: int) -> None:
    with psycopg.connect(place.address(POPULATION)) as source, people.open("wb") as file:
        source.execute(copying.SEES_ALL)
        with source.cursor().copy(sql.SQL(PEOPLE).format(most=sql.Literal(most))) as giving:
            for piece in giving:
                file.write(piece)


def _import(address: str, people: Path, fund: str) -> tuple[float, float]:
    """Return seconds and the most megabytes the process of the import has held."""
    began = time.perf_counter()
    answer = _opora(
        ["import", "insured", str(people), "--org", fund, "--protocol", str(people.parent), "--json"], address
    )
    seconds = time.perf_counter() - began
    [file] = json.loads(answer)["files"]
    if not file["stored"] or file["accepted"] < 0.99 * file["records_in_file"]:
        raise BenchRefused(f"Файл замера не загружен: принято {file['accepted']} из {file['records_in_file']}")
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _opora(arguments: list[str], address: str) -> str:
    command = [sys.executable, "-c", "from config.cli import main; main()", *arguments]
    done = subprocess.run(
        command, env={**os.environ, "DATABASE_URL": address}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BenchRefused(f"opora {arguments[0]} ответила {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stdout
