"""The contract of ``insured.ports.Register``: whoever fulfils it passes these."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from opora.adapters.register import EmbeddedRegister
from opora.insured.ports import Register, RegisterRejected, RegisterUnavailable, RegisterUnexpected, register

POLINA = {
    "enp": "5476410835001236",
    "snils": "11223344595",
    "surname": "Соловьёва-Седая",
    "given_name": "Полина",
    "patronymic": "Андреевна",
    "birth_on": "1985-03-14",
    "sex": 2,
    "documents": [["14", "5004", "123456"]],
    "policies": [{"kind": 3, "number": "5476410835001236", "insurer": "54001", "since": "2015-05-01"}],
}
NAMESAKE = {**POLINA, "enp": "2248299794000428", "patronymic": "Ильинична", "documents": [], "policies": []}
BORN = date(1985, 3, 14)


def embedded(path: Path) -> Register:
    return EmbeddedRegister(path)


ADAPTERS = [embedded]


@pytest.fixture(params=ADAPTERS, ids=lambda make: make.__name__)
def outside(request: pytest.FixtureRequest, tmp_path: Path) -> Register:
    path = tmp_path / "register.json"
    path.write_text(json.dumps([POLINA, NAMESAKE]), encoding="utf-8")
    make: Callable[[Path], Register] = request.param
    return make(path)


def test_by_number(outside: Register) -> None:
    found = outside.find_by_enp("5476410835001236")
    assert found is not None
    assert (found.surname, found.birth_on, found.sex) == ("Соловьёва-Седая", BORN, 2)
    assert (found.policies[0].insurer, found.policies[0].until) == ("54001", None)
    assert outside.find_by_enp("5400000000000013") is None


def test_by_document(outside: Register) -> None:
    found = outside.find_by_document(kind="14", series="50 04", number="123456")
    assert found is not None
    assert found.patronymic == "Андреевна"
    assert outside.find_by_document(kind="14", series="5004", number="654321") is None


def test_by_name(outside: Register) -> None:
    both = outside.find_by_name(surname="Соловьева Седая", given_name="Полина", birth_on=BORN)
    assert [card.patronymic for card in both] == ["Андреевна", "Ильинична"]
    one = outside.find_by_name(surname="СОЛОВЬЁВА-СЕДАЯ", given_name="полина", patronymic="Ильинична", birth_on=BORN)
    assert [card.enp for card in one] == ["2248299794000428"]
    assert outside.find_by_name(surname="Иванова", given_name="Полина", birth_on=BORN) == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda outside: outside.find_by_enp("5476410835001237"),
        lambda outside: outside.find_by_enp(""),
        lambda outside: outside.find_by_document(kind="14", series="", number=""),
        lambda outside: outside.find_by_name(surname="", given_name="-", birth_on=BORN),
    ],
)
def test_a_question_without_sense_is_rejected(outside: Register, ask: Callable[[Register], Any]) -> None:
    with pytest.raises(RegisterRejected):
        ask(outside)


@pytest.mark.parametrize("content", ["{", "[1]", '[{"enp": "5476410835001236"}]', '{"a": 1}'])
def test_nonsense_is_unexpected(tmp_path: Path, content: str) -> None:
    path = tmp_path / "register.json"
    path.write_text(content)
    with pytest.raises(RegisterUnexpected):
        EmbeddedRegister(path).find_by_enp("5476410835001236")


def test_what_cannot_be_read_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(RegisterUnavailable):
        EmbeddedRegister(tmp_path).find_by_enp("5476410835001236")


def test_the_house_introduces_them(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    assert register().find_by_enp("5476410835001236") is None
