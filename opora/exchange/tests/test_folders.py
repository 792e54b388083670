"""Folders of an organisation: each file is taken once, whatever dies in between; ours are never read back."""

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from opora.exchange import folders
from opora.exchange.models import Parcel
from opora.exchange.models.parcel import State, Way
from opora.exchange.parcels import Coming, process, receive_file
from opora.exchange.tests.test_samples import SAMPLES
from opora.organisations.models import Employee

SOURCE = SAMPLES / "users-xml/03/USERS052629003.xml"
LATER = time.time() + 3600


@pytest.fixture
def inbox(channels: dict[str, Any], exchange_dir: Path) -> Path:
    folder, *_ = folders.make_folders(channels["81000"])
    return folder


def names(exchange_dir: Path, kind: str) -> list[str]:
    return sorted(path.name for path in (exchange_dir / kind / "81000").iterdir() if path.is_file())


def test_a_file_is_answered_and_put_away(inbox: Path, exchange_dir: Path) -> None:
    shutil.copy(SOURCE, inbox)
    assert folders.watch(now=LATER) == 1
    assert (names(exchange_dir, "in"), names(exchange_dir, "archive")) == ([], [SOURCE.name])
    assert "Ошибок нет, обработано записей: 3." in (exchange_dir / "out/81000" / SOURCE.name).read_text("cp1251")
    assert Parcel.objects.get().way == Way.FOLDER
    assert folders.watch(now=LATER) == 0


def test_a_second_file_of_the_same_name_gets_a_suffix(inbox: Path, exchange_dir: Path) -> None:
    for _ in range(2):
        shutil.copy(SOURCE, inbox)
        folders.watch(now=LATER)
    assert names(exchange_dir, "archive") == [SOURCE.name, "USERS052629003_2.xml"]
    assert [one.state for one in Parcel.objects.order_by("pk")] == [State.ACCEPTED, State.REPEATED]


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [
        ("users1.xml", True),
        ("USERS1.XML", True),
        ("g1r_05.Xml", True),
        ("Journal.XLSX", True),
        ("PR11T34M101001_2605001.zip", True),
        ("answer.json", True),
        ("G1OUT_81000_20260529180500.xml", False),
        ("g1out_81000_1.XML", False),
        ("readme.txt", False),
        ("users1.xml.part", False),
        (".users1.xml", False),
    ],
)
def test_masks_in_both_cases_and_nothing_of_our_own(inbox: Path, name: str, is_taken: bool) -> None:
    (inbox / name).write_bytes(b"<x/>")
    assert folders.watch(now=LATER) == int(is_taken)
    assert (inbox / name).exists() is not is_taken


def test_a_file_that_is_still_written_is_left_alone(inbox: Path) -> None:
    shutil.copyfile(SOURCE, inbox / SOURCE.name)
    assert folders.watch() == 0
    os.utime(inbox / SOURCE.name, (time.time() - 60,) * 2)
    assert folders.watch() == 1


def test_a_link_out_of_the_folder_is_not_followed(inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.xml").write_bytes(SOURCE.read_bytes())
    (inbox / "users1.xml").symlink_to(tmp_path / "secret.xml")
    assert folders.watch(now=LATER) == 0


STEPS = ["_put", "_archive", "process", "receive_file"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("is_after", [False, True], ids=["before", "after"])
def test_death_at_any_step_is_mended_by_the_next_look(
    inbox: Path, exchange_dir: Path, monkeypatch: pytest.MonkeyPatch, step: str, is_after: bool
) -> None:
    shutil.copy(SOURCE, inbox)
    real = getattr(folders, step)

    def die(*arguments: Any, **named: Any) -> Any:
        if is_after:
            real(*arguments, **named)
        raise KeyboardInterrupt

    monkeypatch.setattr(folders, step, die)
    with pytest.raises(KeyboardInterrupt):
        folders.watch(now=LATER)
    monkeypatch.setattr(folders, step, real)
    folders.watch(now=LATER)
    assert folders.watch(now=LATER) == 0
    assert (names(exchange_dir, "archive"), names(exchange_dir, "out")) == ([SOURCE.name], [SOURCE.name])
    assert Parcel.objects.count() == 1
    assert Employee.objects.filter(is_active=False).count() == 3


def test_another_worker_at_the_same_folder_steps_aside(inbox: Path) -> None:
    import psycopg
    from django.db import connection

    shutil.copy(SOURCE, inbox)
    options = connection.get_connection_params()
    from opora.organisations.models import Organisation

    key = Organisation.objects.get(code="81000").pk
    wanted = {name: options[name] for name in ("host", "port", "user", "password", "dbname") if name in options}
    with psycopg.connect(**wanted) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended('opora.exchange.folder', %s))", [key])
        assert folders.watch(now=LATER) == 0
    assert folders.watch(now=LATER) == 1


def test_a_file_whose_job_died_is_taken_up(channels: dict[str, Any]) -> None:
    from datetime import timedelta

    from opora.exchange.parcels import take_up_waiting

    parcel = receive_file(SOURCE, Coming(channels["81000"], SOURCE.name, Way.UPLOAD))
    assert take_up_waiting() == 0
    assert take_up_waiting(older=timedelta()) == 1
    assert process(parcel.pk).state == State.ACCEPTED
