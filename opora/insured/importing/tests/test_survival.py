"""Whatever dies while a file is loaded, nothing is half done, and the same command finishes the work."""

import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from django.db import connection

from opora.insured.importing.engine import Report
from opora.insured.importing.errors import ImportBusy
from opora.insured.importing.tests.conftest import HEADER, POLINA
from opora.shared import postgres
from opora.shared.enp import check_digit
from opora.shared.postgres.testing import kill_everything
from opora.shared.tables import inspect, open_table

PEOPLE = 4000
PATIENCE = 240
SURNAMES = ("Иванов", "Петров", "Сидоров", "Соловьёв", "Белов", "Чернов")


def people(count: int) -> Iterator[str]:
    yield HEADER.strip() + ";phone_number\n"
    for number in range(count):
        payload = f"54{number:013d}"
        surname = SURNAMES[number % len(SURNAMES)]
        day = f"{1 + number % 28:02d}.{1 + number % 12:02d}.{1930 + number % 80}"
        yield f"{payload}{check_digit(payload)};;{surname};Пётр;Ильич;{day};1;01.05.2015;8900{number:07d}\n"


def opora(data: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-c", "from config.cli import main; main()", *arguments, "--data", str(data)]


def held(address: str) -> dict[str, int]:
    with psycopg.connect(address) as link:
        link.execute("SELECT set_config('opora.sees', 'all', false)")
        found = {}
        for table in ("person", "policy", "contact", "surnameword"):
            [found[table]] = link.execute(f"SELECT count(*) FROM insured_{table}").fetchone() or [0]
        return found


def wait_for_state(address: str, state: str, process: "subprocess.Popen[str]") -> None:
    until = time.monotonic() + PATIENCE
    with psycopg.connect(address, autocommit=True) as link:
        link.execute("SELECT set_config('opora.sees', 'all', false)")
        while time.monotonic() < until:
            row = link.execute("SELECT state FROM insured_importrun ORDER BY id DESC LIMIT 1").fetchone()
            if row and row[0] == state:
                return
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
    raise AssertionError(f"the import never came to «{state}»")


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder of its own; whatever a test leaves running is stopped."""
    yield tmp_path / "data"
    postgres.stop(tmp_path / "data", force=True)


@pytest.mark.slow
def test_a_killed_import_leaves_nothing_and_is_finished_by_the_next(
    tmp_path: Path, data: Path, lay_cluster: Callable[[Path], None]
) -> None:
    lay_cluster(data)
    file = tmp_path / "people.csv"
    file.write_text("".join(people(PEOPLE)))
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = opora(data, "import", "insured", str(file), "--org", "54001", "--json")
    with postgres.hold(data) as address:
        with psycopg.connect(address) as link:
            link.execute(
                "INSERT INTO organisations_territory VALUES ('50000', 'Новосибирская область', 'Asia/Novosibirsk')"
            )
            link.execute(
                "INSERT INTO organisations_organisation (kind, code, name, full_name, territory_id, time_zone, address,"
                " email, website, version) VALUES ('insurer', '54001', 'СМО Альфа', '', '50000', '', '', '', '', 1)"
            )
        nothing = held(address)
        for state in ("reading", "merging"):
            process = subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            wait_for_state(address, state, process)
            process.kill()
            kill_everything(data)
            process.communicate()
            address = postgres.ensure(data)
            assert held(address) == nothing
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        [entry] = json.loads(done.stdout)["files"]
        shape = {"file", "format", "result", "records_in_file", "accepted", "rejected", "warned", "findings", "stored"}
        assert shape <= set(entry)
        assert (entry["result"], entry["accepted"], entry["stored"]) == ("accept", PEOPLE, True)
        found = held(address)
        assert (found["person"], found["policy"], found["contact"]) == (PEOPLE, PEOPLE, PEOPLE)
        with psycopg.connect(address) as link:
            link.execute("SELECT set_config('opora.sees', 'all', false)")
            states = [row[0] for row in link.execute("SELECT state FROM insured_importrun ORDER BY id")]
        assert states == ["broken", "broken", "done"]


def test_two_files_of_one_organisation_do_not_run_at_once(
    loading: Callable[..., Report], house: SimpleNamespace
) -> None:
    key = "hashtextextended('opora.insured.import', %s)"
    options = connection.get_connection_params()
    with psycopg.connect(
        **{k: options[k] for k in ("host", "port", "user", "password", "dbname") if k in options}
    ) as other:
        other.execute(f"SELECT pg_advisory_lock({key})", [house.alfa.pk])
        with pytest.raises(ImportBusy):
            loading(HEADER + POLINA)
        other.execute(f"SELECT pg_advisory_unlock({key})", [house.alfa.pk])
    assert loading(HEADER + POLINA).summary.new == 1


@pytest.mark.parametrize("kind", ["csv", "xml"])
def test_a_long_file_is_read_in_little_memory(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"long.{kind}"
    with path.open("w") as stream:
        if kind == "csv":
            stream.writelines(people(60_000))
        else:
            stream.write("<?xml version='1.0' encoding='UTF-8'?><insured>")
            record = "<person><surname>Иванов</surname><phone><number>89000000001</number></phone></person>\n"
            stream.writelines(record for _ in range(60_000))
            stream.write("</insured>")
    tracemalloc.start()
    with open_table(inspect(path), record="person") as table:
        assert sum(1 for _ in table) == 60_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000
