import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from opora.shared import postgres
from opora.shared.postgres import ClusterRefused
from opora.shared.postgres.testing import kill_everything

HOLDER = """
import sys, pathlib
from opora.shared import postgres
with postgres.hold(pathlib.Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


def holder(data: Path) -> subprocess.Popen[str]:
    """Another program that needs the database until its standard input is closed."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def address_of(program: subprocess.Popen[str]) -> str:
    assert program.stdout
    return program.stdout.readline().strip()


def leave(*programs: subprocess.Popen[str]) -> None:
    for program in programs:
        program.communicate(timeout=60)


def test_it_is_made_used_and_stopped(data):
    with postgres.hold(data) as url, psycopg.connect(url) as link:
        assert link.execute("SELECT lower('ЁЖ'), current_setting('fsync')").fetchone() == ("ёж", "on")
        assert link.execute("SHOW data_checksums").fetchone() == ("on",)
        assert postgres.status(data).running
    assert not postgres.status(data).running


def test_the_program_is_no_superuser_and_obeys_row_security(made):
    with postgres.hold(made) as url, psycopg.connect(url) as link:
        row = link.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert row.fetchone() == ("opora", False, False)


def test_a_second_start_finds_rows_and_address(made):
    with postgres.hold(made) as first, psycopg.connect(first) as link:
        link.execute("CREATE TABLE kept AS SELECT 1 AS one")
    with postgres.hold(made) as second, psycopg.connect(second) as link:
        assert link.execute("SELECT one FROM kept").fetchone() == (1,)
    assert first == second


def test_nobody_without_the_password_gets_in(made):
    with postgres.hold(made) as url, pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url.split("@")[1].join(("postgresql://opora:guessed@", "")))


def test_secrets_are_for_the_owner_only(data):
    with postgres.hold(data):
        assert (data / "postgres.secret").stat().st_mode & 0o777 == 0o600
        assert (data / "postgres").stat().st_mode & 0o777 == 0o700


def test_four_starters_at_once_share_one_server(data):
    programs = [holder(data) for _ in range(4)]
    assert len({address_of(program) for program in programs}) == 1
    leave(*programs[:3])
    assert postgres.status(data).running
    leave(programs[3])
    assert not postgres.status(data).running


def test_it_recovers_after_everything_was_killed(made):
    program = holder(made)
    with psycopg.connect(address_of(program), autocommit=True) as link:
        link.execute("CREATE TABLE kept (one int)")
        link.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        assert kill_everything(made) > 3
        program.kill()
        program.communicate()
    with postgres.hold(made) as url, psycopg.connect(url) as link:
        assert link.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


WRITER = """
import sys, psycopg
with psycopg.connect(sys.argv[1], autocommit=True) as link:
    link.execute("CREATE TABLE kept (one int)")
    for number in range(1, 100_000):
        link.execute("INSERT INTO kept VALUES (%s)", [number])
        print(number, flush=True)
"""


@pytest.mark.slow
def test_no_acknowledged_row_is_lost_when_killed_under_load(made):
    with postgres.hold(made) as url:
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert writer.stdout
        for _ in range(50):
            writer.stdout.readline()
        kill_everything(made)
        acknowledged = 50 + len(writer.communicate(timeout=60)[0].splitlines())
        with postgres.hold(made) as again, psycopg.connect(again) as link:
            stored = link.execute("SELECT count(*), max(one) FROM kept").fetchone()
    assert stored
    assert stored[0] == stored[1] >= acknowledged


def test_a_killed_user_does_not_keep_it_running(made):
    dead, alive = holder(made), holder(made)
    address_of(dead), address_of(alive)
    dead.kill()
    dead.communicate()
    leave(alive)
    assert not postgres.status(made).running


def test_a_strangers_process_number_in_the_lock_file_is_no_obstacle(made):
    with postgres.hold(made):
        lines = (made / "postgres" / "postmaster.pid").read_text().split("\n")
    lines[0] = str(os.getpid())
    (made / "postgres" / "postmaster.pid").write_text("\n".join(lines))
    with postgres.hold(made) as url:
        psycopg.connect(url).close()


def test_a_kept_cluster_outlives_its_users(made):
    url = postgres.ensure(made)
    with postgres.hold(made) as same:
        assert same == url
        assert postgres.stop(made) is False
        postgres.ensure(made)
    assert postgres.status(made).running
    assert postgres.stop(made) is True
    assert not postgres.status(made).running


def test_a_taken_port_is_changed(made):
    with postgres.hold(made) as first:
        pass
    import socket

    with socket.create_server(("127.0.0.1", int(first.split(":")[3].split("/")[0]))), postgres.hold(made) as second:
        assert first != second
        psycopg.connect(second).close()


def test_an_unfinished_cluster_is_made_again(data):
    (data / "postgres.new").mkdir(parents=True)
    (data / "postgres.new" / "PG_VERSION").write_text("18\n")
    with postgres.hold(data) as url:
        psycopg.connect(url).close()


def test_another_version_is_refused_with_both_numbers(data):
    (data / "postgres").mkdir(parents=True, mode=0o700)
    (data / "postgres" / "PG_VERSION").write_text("12\n")
    with (
        pytest.raises(ClusterRefused, match=r"создал PostgreSQL 12, а на этой машине есть только: .*18"),
        postgres.hold(data),
    ):
        pass
    assert (data / "postgres" / "PG_VERSION").read_text() == "12\n"


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ClusterRefused, match="не папка"), postgres.hold(tmp_path / "file"):
        pass


def test_lost_passwords_are_refused_and_nothing_is_made_up(made):
    with postgres.hold(made):
        pass
    (made / "postgres.secret").unlink()
    with pytest.raises(ClusterRefused, match=r"postgres\.secret"), postgres.hold(made):
        pass
    assert not (made / "postgres.secret").exists()
