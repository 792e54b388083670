"""``opora employees``: what is printed, what is refused, with which exit code."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from axes.models import AccessAttempt

from config import cli
from opora.audit.models import AuditLine
from opora.organisations import commands
from opora.organisations.models import Employee, Organisation, Territory

Run = Callable[..., SimpleNamespace]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The whole command line in this process, on the database of the test."""

    def call(*words: str) -> SimpleNamespace:
        monkeypatch.setattr("sys.argv", ["opora", *(words if words[0] == "organisations" else ("employees", *words))])
        monkeypatch.setattr(commands, "with_database", nullcontext)
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = capsys.readouterr()
        return SimpleNamespace(code=end.value.code or 0, out=said.out, err=said.err)

    return call


NEW = ("add", "novaya", "--surname", "Новикова", "--name", "Ирина", "--role", "sp1")


def test_add_prints_a_password_that_opens_the_door_once(run: Run, cast: SimpleNamespace) -> None:
    said = run(*NEW, "--org", "54001")
    assert said.code == 0
    someone = Employee.objects.get(login="novaya")
    password = said.out.split("Одноразовый пароль: ")[1].strip()
    assert someone.check_password(password)
    assert someone.must_change_password
    assert AuditLine.objects.get(action="employees.add").employee_id is None


def test_add_as_json_is_one_document(run: Run, cast: SimpleNamespace) -> None:
    said = run(*NEW, "--org", "54001", "--json")
    assert json.loads(said.out)["login"] == "novaya"


def test_the_organisation_may_be_left_out_where_one_fits(run: Run, cast: SimpleNamespace, place: Any) -> None:
    said = run("add", "new.clerk", "--surname", "Ивина", "--name", "Ия", "--role", "auditor")
    assert said.code == 1
    assert "назовите код" in said.err
    place.clinic2.closed_on = "2020-01-01"
    place.clinic2.save()
    assert run("add", "new.clerk", "--surname", "Ивина", "--name", "Ия", "--role", "clinic_clerk").code == 0


REFUSED = [
    ((*NEW, "--org", "99999"), "Нет работающей организации с кодом 99999"),
    ((*NEW, "--org", "54000"), "Нет работающей организации с кодом 54000, где бывает роль"),
    (("add", "alina", *NEW[2:], "--org", "54001"), "Такой логин уже занят"),
    (("add", "Имя", *NEW[2:], "--org", "54001"), "латинские буквы"),
    ((*NEW[:-1], "boss", "--org", "54001"), "Нет роли «boss»"),
    ((*NEW, "--org", "54001", "--since", "2026-03-02", "--until", "2026-03-01"), "раньше, чем началось"),
    (("lock", "nobody", "--why", "уволен"), "Нет сотрудника с логином «nobody»"),
    (("lock", "alfa_admin", "--why", "уволена"), "последний администратор"),
    (("lock", "alina", "--why", " "), "Напишите причину"),
    (("unlock", "nobody"), "Нет сотрудника"),
    (("reset-password", "nobody"), "Нет сотрудника"),
    (("list", "--org", "1"), "Нет работающей организации"),
]


@pytest.mark.parametrize(("words", "sentence"), REFUSED)
def test_a_refusal_is_a_sentence_and_exit_code_one(
    run: Run, cast: SimpleNamespace, words: tuple[str, ...], sentence: str
) -> None:
    before = Employee.objects.count()
    said = run(*words)
    assert said.code == 1
    assert sentence in said.err
    assert said.out == ""
    assert Employee.objects.count() == before


WRONG_USAGE = [("add", "novaya"), ("lock", "alina"), ("add", *NEW[1:], "--since", "завтра"), ("fly",)]


@pytest.mark.parametrize("words", WRONG_USAGE)
def test_wrong_usage_is_exit_code_two(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).code == 2


def test_list_shows_who_works_where(run: Run, cast: SimpleNamespace) -> None:
    AccessAttempt.objects.create(username="Alina", ip_address="10.0.0.1", user_agent="", failures_since_start=10)
    said = run("list", "--org", "54001", "--json")
    people = {person["login"]: person for person in json.loads(said.out)["employees"]}
    assert set(people) == {"alina", "timur", "sp2", "sp3", "boris", "alfa_admin"}
    assert people["alina"]["entry"] == "locked"
    assert people["sp2"]["assignments"][0]["organisation"]["code"] == "54001"
    assert {person["login"] for person in json.loads(run("list", "--role", "op1", "--json").out)["employees"]} == {
        "op1",
        "far",
    }
    assert "alina" in run("list").out


def test_lock_and_unlock(run: Run, cast: SimpleNamespace) -> None:
    assert run("lock", "alina", "--why", "отпуск").code == 0
    assert not Employee.objects.get(login="alina").is_active
    AccessAttempt.objects.create(username="alina", ip_address="10.0.0.1", user_agent="", failures_since_start=10)
    assert run("unlock", "ALINA").code == 0
    assert Employee.objects.get(login="alina").is_active
    assert not AccessAttempt.objects.exists()


def test_reset_password(run: Run, cast: SimpleNamespace) -> None:
    password = json.loads(run("reset-password", "alina", "--json").out)["password"]
    assert Employee.objects.get(login="alina").check_password(password)


FUND = ("--kind", "fund", "--code", "00540", "--name", "ТФОМС", "--territory", "50000")
PLACE = ("--territory-name", "Новосибирская область", "--time-zone", "Asia/Novosibirsk")


def test_an_empty_installation_gets_a_fund_and_its_administrator(run: Run, db: None) -> None:
    assert run("organisations", "add", *FUND, *PLACE).code == 0
    assert json.loads(run("organisations", "list", "--json").out)["organisations"][0]["code"] == "00540"
    assert run("add", "ada", "--surname", "Админова", "--name", "Ада", "--role", "administrator").code == 0
    assert Employee.objects.get().holds("roles:edit")


WRONG_FUNDS = [
    (FUND, "Территории 50000 ещё нет"),
    ((*FUND, "--territory-name", "Область", "--time-zone", "Asia/Nowhere"), "Нет такого часового пояса"),
    (("--kind", "shop", *FUND[2:], *PLACE), "вид:"),
    ((*FUND[:3], "54A", *FUND[4:], *PLACE), "Код состоит из цифр"),
    (("--kind", "branch", *FUND[2:], *PLACE), "Головная организация"),
]


@pytest.mark.parametrize(("words", "sentence"), WRONG_FUNDS)
def test_a_wrong_organisation_is_a_sentence(run: Run, db: None, words: tuple[str, ...], sentence: str) -> None:
    said = run("organisations", "add", *words)
    assert said.code == 1
    assert sentence in said.err
    assert not Organisation.objects.exists()
    assert not Territory.objects.exists()
