"""Codes of an application, recovery codes, passkeys: the second step and the way in without a password."""

from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from conftest import PASSWORD
from opora.audit.models import AuditLine
from opora.entrance.locks import is_locked


@pytest.fixture(autouse=True)
def fresh_counters(db: None) -> None:
    cache.clear()


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def secret(cast: SimpleNamespace, rf: Any) -> str:
    secret = generate_totp_secret()
    TOTP.activate(cast.alina, secret)
    return secret


def past_the_password() -> Client:
    client = Client()
    assert client.post("/sign-in/", {"login": "alina", "password": PASSWORD}).url.startswith("/sign-in/code/")
    return client


def test_the_password_alone_no_longer_lets_in(secret: str) -> None:
    client = past_the_password()
    assert client.get("/me/sessions/").status_code == 302
    assert "Второй шаг" in client.get("/sign-in/code/").content.decode()
    assert client.post("/sign-in/code/", {"code": code_of(secret)}).url == "/"
    assert client.get("/me/sessions/").status_code == 200
    assert AuditLine.objects.get(action="entrance.entered").details == {"by": ["password", "mfa"]}


def test_one_code_is_not_taken_twice(secret: str) -> None:
    code = code_of(secret)
    assert past_the_password().post("/sign-in/code/", {"code": code}).status_code == 302
    again = past_the_password().post("/sign-in/code/", {"code": code})
    assert again.status_code == 200
    assert "Код не подходит" in again.content.decode()


def test_wrong_codes_lock_like_wrong_passwords(secret: str, cast: SimpleNamespace) -> None:
    client = past_the_password()
    for _ in range(10):
        client.post("/sign-in/code/", {"code": "000000"})
    assert is_locked("alina")
    assert Client().post("/sign-in/", {"login": "alina", "password": PASSWORD}).status_code == 429
    assert "Позвоните администратору" in client.post("/sign-in/code/", {"code": code_of(secret)}).content.decode()
    assert client.get("/me/sessions/").status_code == 302
    assert AuditLine.objects.filter(action="entrance.failed", details__why="code").count() == 10


def test_the_secret_is_kept_encrypted(secret: str) -> None:
    assert secret not in str(Authenticator.objects.get().data)


def test_a_recovery_code_lets_in_once(secret: str, cast: SimpleNamespace) -> None:
    codes = RecoveryCodes.activate(cast.alina)
    code = codes.get_unused_codes()[0]
    assert past_the_password().post("/sign-in/code/", {"code": code}).status_code == 302
    assert past_the_password().post("/sign-in/code/", {"code": code}).status_code == 200


def test_connecting_an_application_asks_for_the_password_again(signed_in: Any) -> None:
    assert signed_in("alina").get("/me/security/app/").url.startswith("/me/confirm/")


def test_she_connects_an_application(cast: SimpleNamespace) -> None:
    client = Client()
    client.post("/sign-in/", {"login": "alina", "password": PASSWORD})
    client.post("/me/confirm/", {"password": PASSWORD})
    page = client.get("/me/security/app/")
    assert "Наведите камеру" in page.content.decode()
    assert client.post("/me/security/app/", {"code": "000000"}).status_code == 200
    done = client.post("/me/security/app/", {"code": code_of(client.session["mfa.totp.secret"])})
    assert done.url == "/me/security/codes/"
    assert len(client.get(done.url).context["unused_codes"]) == 10
    assert "****" in client.get(done.url).context["unused_codes"][0]
    actions = set(AuditLine.objects.values_list("action", flat=True))
    assert "entrance.second_step.added" in actions


def test_switching_it_off_leaves_a_line(secret: str) -> None:
    client = past_the_password()
    client.post("/sign-in/code/", {"code": code_of(secret)})
    client.post("/me/confirm/", {"password": PASSWORD})
    assert client.post("/me/security/app/off/").url == "/me/security/"
    assert not Authenticator.objects.filter(type="totp").exists()
    assert AuditLine.objects.filter(action="entrance.second_step.removed").exists()
