"""USERS: by GUID inside the organisation of the channel; a newcomer waits for an administrator."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from opora.exchange.models import Parcel, Provenance
from opora.exchange.models.parcel import State, Way
from opora.exchange.parcels import Coming, answer_of, document, process, receive, receive_file
from opora.exchange.tests.test_samples import SAMPLES
from opora.exchange.writers.users import Colleague, write_users
from opora.organisations.models import Assignment, Employee

NEW = "5fc1c212-6ea7-4f32-b733-06d153f262af"
KNOWN = "d24f00f6-6e33-43f4-9629-368b75ee555c"


def load(path: Path, organisation: Any, **changes: Any) -> Parcel:
    return process(receive_file(path, Coming(organisation, path.name, Way.COMMAND, **changes)).pk)


def test_newcomers_wait_for_an_administrator(channels: dict[str, Any]) -> None:
    parcel = load(SAMPLES / "users-xml/03/USERS052629003.xml", channels["81000"])
    assert (parcel.state, parcel.counts["new"]) == (State.ACCEPTED, 3)
    employee = Employee.objects.get(guid=NEW)
    assert (employee.surname, employee.given_name, employee.patronymic) == ("Мамедов", "Эльдар", "Рашид оглы")
    assert not employee.is_active
    assert employee.blocked_why
    assert not employee.has_usable_password()
    assert Assignment.objects.get(employee=employee).organisation == channels["81000"]


def test_a_known_guid_is_changed_not_doubled(channels: dict[str, Any]) -> None:
    before = Employee.objects.count()
    parcel = load(SAMPLES / "users-xml/05/USERS052629005.xml", channels["81000"])
    assert (parcel.counts["new"], parcel.counts["changed"], Employee.objects.count()) == (0, 1, before)
    assert Employee.objects.get(guid=KNOWN).surname == "Петрова-Новая"
    assert Employee.objects.get(guid=KNOWN).is_active


def test_an_employee_of_another_organisation_is_refused_and_nothing_is_done(
    channels: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "USERS052629009.xml"
    write_users([Colleague(NEW, "Новый Пётр"), Colleague(KNOWN, "Чужая Галина Ивановна")], path)
    parcel = load(path, channels["81007"])
    assert (parcel.state, parcel.counts["accepted"]) == (State.REFUSED, 0)
    assert [found.field for found in parcel.findings.all()] == ["USER_UUID"]
    assert not Employee.objects.filter(guid=NEW).exists()
    assert Employee.objects.get(guid=KNOWN).surname == "Петрова"
    assert KNOWN.encode() in (answer_of(parcel) or b"")


def test_who_left_another_house_may_be_taken_by_nobody_through_a_file(channels: dict[str, Any], tmp_path: Path) -> None:
    Assignment.objects.filter(employee__guid=KNOWN).update(until=date(2021, 1, 1))
    write_users([Colleague(KNOWN, "Чужая Галина")], tmp_path / "users.xml")
    assert load(tmp_path / "users.xml", channels["81007"]).state == State.REFUSED


def test_the_same_bytes_get_the_same_answer_and_change_nothing(channels: dict[str, Any]) -> None:
    path = SAMPLES / "users-xml/03/USERS052629003.xml"
    first, second = load(path, channels["81000"]), load(path, channels["81000"])
    assert (first.state, second.state, second.repeats) == (State.ACCEPTED, State.REPEATED, first)
    assert answer_of(first) == answer_of(second)
    assert document(first) == document(second)
    assert Provenance.objects.filter(parcel=first).count() == 3
    assert not Provenance.objects.filter(parcel=second).exists()


def test_other_bytes_under_the_same_name_are_a_version_or_refused_by_setting(
    channels: dict[str, Any], settings: Any
) -> None:
    first, second = (SAMPLES / f"users-xml/0{number}/USERS05262900{number}.xml" for number in (3, 5))
    load(first, channels["81000"])

    def again() -> Parcel:
        coming = Coming(channels["81000"], first.name, Way.COMMAND)
        return process(receive([second.read_bytes()], coming).pk)

    settings.EXCHANGE_SAME_NAME = "refuse"
    assert again().state == State.REFUSED
    settings.EXCHANGE_SAME_NAME = "version"
    parcel = again()
    assert (parcel.state, parcel.version) == (State.ACCEPTED, 2)


def test_a_dry_run_changes_nothing_and_says_what_would(channels: dict[str, Any]) -> None:
    parcel = load(SAMPLES / "users-xml/03/USERS052629003.xml", channels["81000"], is_trial=True)
    assert (parcel.state, parcel.counts["new"], document(parcel)["stored"]) == (State.CHECKED, 3, False)
    assert not Employee.objects.filter(guid=NEW).exists()
    assert not Provenance.objects.exists()
    assert load(SAMPLES / "users-xml/03/USERS052629003.xml", channels["81000"]).state == State.ACCEPTED


def test_a_fault_of_the_database_is_said_in_neutral_words(
    channels: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import IntegrityError

    from opora.exchange.targets import TARGETS

    def break_down(*_: Any) -> Any:
        Employee.objects.filter(guid=KNOWN).update(surname="Недописанная")
        raise IntegrityError("secret table")

    monkeypatch.setattr(TARGETS["users-xml"], "store", break_down)
    parcel = load(SAMPLES / "users-xml/03/USERS052629003.xml", channels["81000"])
    [found] = parcel.findings.all()
    assert (parcel.state, found.field) == (State.REFUSED, "IMPORT")
    assert "secret" not in found.message
    assert Employee.objects.get(guid=KNOWN).surname == "Петрова"
