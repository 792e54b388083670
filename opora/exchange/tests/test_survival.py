"""Whatever dies while a file is taken, nothing is half done, and the same command finishes the work."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from opora.exchange.tests.test_samples import SAMPLES
from opora.shared import postgres

GOOD = SAMPLES / "g1r-journal-xml/01/G1R_0526290001.xml"
RECORDS = 3000
PATIENCE = 240
TABLES = (
    "appeals_appeal",
    "appeals_event",
    "appeals_grant",
    "appeals_party",
    "appeals_numbering",
    "exchange_provenance",
)
HOUSE = """
INSERT INTO organisations_territory VALUES ('71100', 'Югра', 'Asia/Yekaterinburg');
INSERT INTO organisations_organisation (kind, code, name, full_name, territory_id, time_zone, address, email, website,
    version) VALUES ('insurer', '81001', 'СМО А', '', '71100', '', '', '', '', 1);
INSERT INTO organisations_employee (password, login, surname, given_name, patronymic, email, phone, guid, is_active,
    blocked_why, must_change_password, created_at, version)
VALUES ('', 'e1', 'Лисицына', 'Ольга', '', '', '', '25a55080-a8fa-42ed-8d8b-e7164e0b6d28', true, '', false, now(), 1);
INSERT INTO organisations_assignment (employee_id, organisation_id, role_id, since)
SELECT e.id, o.id, r.id, '2020-01-01' FROM organisations_employee e, organisations_organisation o, organisations_role r
 WHERE r.slug = 'sp1';
"""


def opora(data: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-c", "from config.cli import main; main()", *arguments, "--data", str(data)]


def long_file(folder: Path) -> Path:
    """The sample's record many times over, each with a number of its own."""
    text = GOOD.read_text("cp1251")
    start, end = text.index("  <IRP>"), text.index("</IRP_LIST>")
    record = text[start:end]
    path = folder / GOOD.name
    pieces = [record.replace("20a7f74d-38c9", f"{number:08x}-38c9") for number in range(RECORDS)]
    path.write_text(text[:start] + "".join(pieces) + text[end:], encoding="cp1251")
    return path


def held(address: str) -> dict[str, int]:
    with psycopg.connect(address) as link:
        link.execute("SELECT set_config('opora.sees', 'all', false)")
        return {name: (link.execute(f"SELECT count(*) FROM {name}").fetchone() or (0,))[0] for name in TABLES}


def wait_for(address: str, statement: str, process: "subprocess.Popen[str]") -> None:
    """Wait until a backend of the database runs a statement."""
    until = time.monotonic() + PATIENCE
    with psycopg.connect(address, autocommit=True) as link:
        while time.monotonic() < until:
            seen = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE %s AND pid <> pg_backend_pid()"
            if (link.execute(seen, [statement]).fetchone() or (0,))[0]:
                return
            assert process.poll() is None, process.communicate()
            time.sleep(0.005)
    raise AssertionError(f"the import never came to «{statement}»")


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
    file = long_file(tmp_path)
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = opora(data, "import", "journal", str(file), "--org", "81001", "--json")
    with postgres.hold(data) as address:
        with psycopg.connect(address) as link:
            link.execute("SELECT set_config('opora.sees', 'all', false)")
            link.execute(HOUSE)
        nothing = held(address)
        for step in ("COPY pg_temp.incoming%", "%INSERT INTO appeals_event%"):
            process = subprocess.Popen(
                command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            wait_for(address, step, process)
            process.kill()
            process.communicate()
            assert held(address) == nothing
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        [entry] = json.loads(done.stdout)["files"]
        assert (entry["result"], entry["accepted"], entry["stored"]) == ("accept", RECORDS, True)
        found = held(address)
        assert (found["appeals_appeal"], found["exchange_provenance"]) == (RECORDS, RECORDS)
        again = json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
        assert again == {"files": [entry]}
        assert held(address) == found
        with psycopg.connect(address) as link:
            link.execute("SELECT set_config('opora.sees', 'all', false)")
            [(first, last, count)] = link.execute(
                "SELECT min(sequence), max(sequence), count(*) FROM appeals_appeal"
            ).fetchall()
        assert (first, last, count) == (1, RECORDS, RECORDS)
