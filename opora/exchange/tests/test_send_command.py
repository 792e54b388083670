"""``opora exchange send`` and ``opora exchange sent``: lists leave and answers come without a browser."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from config.cli import app
from opora.exchange import transfers
from opora.exchange.models import Fate, SentRecord
from opora.exchange.outbound import commands
from opora.exchange.tests.outbound import crowd_of, listed
from opora.exchange.tests.test_answers import rpl

pytestmark = pytest.mark.usefixtures("exchange_dir")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    @contextmanager
    def here() -> Iterator[None]:
        yield

    monkeypatch.setattr(transfers, "with_database", here)
    monkeypatch.setattr(commands, "with_database", here)
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


def test_a_list_is_sent_and_its_answer_is_loaded(place: SimpleNamespace, run: Any, tmp_path: Path) -> None:
    crowd = crowd_of(place)
    crowd[2].attachments.update(doctor_snils="")
    given = ("--org", "54001", "--list", listed(place, crowd).pk, "--out", tmp_path, "--json")
    tried = json.loads(run("exchange", "send", "prof-preventive-list", *given, "--dry-run").stdout)
    assert (tried["file"], tried["state"], tried["records"], tried["missing"]) == (None, "checked", 2, 1)
    done = run("exchange", "send", "prof-preventive-list", *given)
    told = json.loads(done.stdout)
    assert (done.exit_code, told["records"], [one["place"] for one in told["findings"]]) == (0, 2, [3])
    path = Path(told["file"])
    assert path.stat().st_size > 0
    answer = tmp_path / "answer.xml"
    answer.write_bytes(rpl(path.stem, ("101", 1, ""), ("102", 0, "Нет такого")))
    assert run("import", "informing", answer, "--org", "54001").exit_code == 0
    assert sorted(SentRecord.objects.values_list("fate", flat=True)) == [Fate.ACCEPTED, Fate.REFUSED]
    again = run("exchange", "send", "prof-preventive-list", *given)
    assert (again.exit_code, json.loads(again.stdout)["state"]) == (1, "failed")
    words = run("exchange", "send", "prof-preventive-list", *given[:-1])
    assert "Отправить нечего" in words.stderr


def test_what_went_out_past_us_is_noted_and_answered(place: SimpleNamespace, run: Any, tmp_path: Path) -> None:
    given = ("--org", "54001", "--list", listed(place, crowd_of(place)).pk, "--out", tmp_path)
    told = json.loads(run("exchange", "send", "prof-preventive-list", *given, "--json").stdout)
    SentRecord.objects.all().delete()
    path = Path(told["file"]).rename(tmp_path / "PROF_M540001T54_2699.zip")
    assert run("exchange", "sent", path, "--org", "54002").exit_code == 1  # its name inside is another
    other = Path(told["file"])
    path.rename(other)
    done = run("exchange", "sent", other, "--org", "54002", "--json")
    assert json.loads(done.stdout)["files"] == [{"file": other.name, "records": 3}]
    answer = tmp_path / "answer.xml"
    answer.write_bytes(rpl(other.stem, ("101", 1, "")))
    assert run("import", "informing", answer, "--org", "54002").exit_code == 0
    assert SentRecord.objects.get(key="101").fate == Fate.ACCEPTED


def test_wrong_words_are_said(place: SimpleNamespace, run: Any) -> None:
    assert run("exchange", "send", "nothing", "--org", "54001").exit_code == 1
    assert run("exchange", "send", "psk-plan-csv", "--org", "54001", "--measure", "dance").exit_code == 2
    assert run("exchange", "send", "nsk-informing-xlsx", "--org", "54001").exit_code == 1
