"""The rules of passwords as a table, and the memory of five."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from opora.organisations.models import Employee, PasswordTrace
from opora.organisations.passwords import KEPT, change_password, one_time_password

REFUSED = [
    ("Ab1!", "короткий"),
    ("zimnijles-7", "заглавная"),
    ("ZIMNIJLES-7", "строчная"),
    ("Zimnij-Les", "цифра"),
    ("ZimnijLes7", "знак"),
    ("Password1!", "частых"),
    ("Gfhjkm-123", "частых"),  # «Пароль» in the other layout
    ("Qwerty-123", "частых"),
    ("Solovyeva-7", "похож"),
    ("Соловьёва-7", "похож"),
    ("Cjkjdm`df-7", "похож"),  # the surname typed in the other layout
]


@pytest.fixture
def somebody() -> Employee:
    return Employee(login="solovyeva", surname="Соловьёва", given_name="Полина")


@pytest.mark.parametrize(("password", "why"), REFUSED)
def test_weak_passwords_are_refused_with_the_reason(somebody: Employee, password: str, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        validate_password(password, somebody)


@pytest.mark.parametrize("password", ["Zimnij-Les-7", "Зимний-Лес-7", "mu7 Kot_na_Pechi"])
def test_strong_passwords_are_taken(somebody: Employee, password: str) -> None:
    validate_password(password, somebody)


def test_the_last_five_are_not_used_again(cast: SimpleNamespace) -> None:
    for number in range(KEPT + 1):
        change_password(cast.alina, f"Zimnij-Les-{number}", by=cast.alina)
    for number in range(1, KEPT + 1):
        with pytest.raises(ValidationError, match="уже был"):
            validate_password(f"Zimnij-Les-{number}", cast.alina)
    validate_password("Zimnij-Les-0", cast.alina)
    assert PasswordTrace.objects.filter(employee=cast.alina).count() == KEPT


def test_the_present_password_is_not_new(cast: SimpleNamespace) -> None:
    with pytest.raises(ValidationError, match="уже был"):
        validate_password("Opora-2026-demo", cast.alina)


def test_one_time_passwords_obey_the_rules_and_differ() -> None:
    made = {one_time_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        validate_password(password)
