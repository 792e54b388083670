"""The password, the lock, the idle time-out, the first password."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from conftest import PASSWORD
from opora.audit.models import AuditLine
from opora.entrance.locks import is_locked
from opora.entrance.middleware import BACKGROUND, SEEN
from opora.entrance.trace import login_mark
from opora.organisations.passwords import issue_one_time_password
from opora.organisations.services.employees import unlock


@pytest.fixture(autouse=True)
def fresh_counters(db: None) -> None:
    cache.clear()


def enter(client: Client, login: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in/", {"login": login, "password": password, **more})


def actions() -> list[str]:
    return list(AuditLine.objects.order_by("at", "id").values_list("action", flat=True))


def test_the_page_is_russian_and_offers_a_passkey(client: Client, db: None) -> None:
    page = client.get("/sign-in/").content.decode()
    assert "Вход в Опору" in page
    assert "Ключом или отпечатком" in page
    assert "autofocus" in page
    assert "<script>" not in page  # strict CSP: nothing inline


def test_a_right_password_lets_in_and_leaves_a_line(client: Client, cast: SimpleNamespace) -> None:
    response = enter(client, "  ALINA ")
    assert (response.status_code, response.url) == (302, "/")
    line = AuditLine.objects.get(action="entrance.entered")
    assert (line.employee_id, line.organisation_name, line.ip) == (cast.alina.pk, "СМО Альфа", "127.0.0.1")
    assert line.session
    assert line.details == {"by": ["password"]}


def test_the_page_asked_for_comes_after_the_password(client: Client, cast: SimpleNamespace) -> None:
    assert client.get("/me/sessions/").url == "/sign-in/?next=/me/sessions/"
    assert enter(client, "alina", next="/me/sessions/").url == "/me/sessions/"
    other = Client()
    assert enter(other, "alina", next="https://evil.example/").url == "/"


def test_known_and_unknown_logins_get_the_same_answer(client: Client, cast: SimpleNamespace) -> None:
    known, unknown = enter(client, "alina", "wrong"), enter(client, "nobody", "wrong")
    assert known.status_code == unknown.status_code == 200
    for page in (known.content.decode(), unknown.content.decode()):
        assert "Логин или пароль не подходят" in page


def test_an_unknown_login_is_named_by_its_mark_only(client: Client, cast: SimpleNamespace) -> None:
    enter(client, "Parol-123-v-pole-login", "x")
    line = AuditLine.objects.get(action="entrance.failed")
    assert (line.subject_kind, line.subject_id) == ("login", login_mark("parol-123-v-pole-login"))
    assert "parol" not in str(line.__dict__).lower()


@pytest.mark.parametrize("login", ["alina", "nobody"])
def test_ten_failures_close_the_login_and_the_right_password_does_not_open_it(
    client: Client, cast: SimpleNamespace, login: str
) -> None:
    for _ in range(9):
        assert enter(client, login, "wrong").status_code == 200
    tenth = enter(client, login, "wrong")
    assert tenth.status_code == 429
    assert "Позвоните администратору" in tenth.content.decode()
    assert is_locked(login)
    assert enter(Client(REMOTE_ADDR="10.0.0.9"), login).status_code == 429
    assert "entrance.locked" in actions()


def test_an_administrator_opens_the_lock(client: Client, cast: SimpleNamespace) -> None:
    for _ in range(10):
        enter(client, "alina", "wrong")
    unlock(cast.alina, by=cast.alfa_admin)
    assert enter(client, "alina").status_code == 302
    assert AuditLine.objects.get(action="employees.unlock").employee_id == cast.alfa_admin.pk


def test_a_success_forgets_former_failures(client: Client, cast: SimpleNamespace) -> None:
    for _ in range(3):
        for _ in range(9):
            enter(client, "alina", "wrong")
        assert enter(client, "alina").status_code == 302
        client.post("/sign-out/")


def test_a_neighbour_behind_the_same_address_is_not_locked(client: Client, cast: SimpleNamespace) -> None:
    for _ in range(10):
        enter(client, "alina", "wrong")
    assert enter(client, "boris").status_code == 302


def test_who_is_blocked_is_told_so_and_does_not_enter(client: Client, cast: SimpleNamespace) -> None:
    cast.alina.is_active = False
    cast.alina.save()
    assert enter(client, "alina").status_code in {200, 302}
    assert client.get("/me/sessions/").status_code == 302
    assert "entrance.entered" not in actions()


def test_blocking_ends_an_open_session_at_once(signed_in: Any, cast: SimpleNamespace) -> None:
    client = signed_in("alina")
    assert client.get("/me/sessions/").status_code == 200
    cast.alina.is_active = False
    cast.alina.save()
    assert client.get("/me/sessions/").status_code == 302


def test_signing_out_is_a_post(signed_in: Any) -> None:
    client = signed_in("alina")
    assert client.get("/sign-out/").status_code == 200
    assert client.get("/me/sessions/").status_code == 200
    assert client.post("/sign-out/").url == "/sign-in/"
    assert client.get("/me/sessions/").status_code == 302
    assert "entrance.left" in actions()


def test_an_idle_session_closes_and_says_so(signed_in: Any, settings: Any) -> None:
    client = signed_in("alina")
    client.get("/me/sessions/")
    age(client, settings.IDLE_MINUTES * 60 + 5)
    response = client.get("/me/security/")
    assert response.url == "/sign-in/?next=/me/security/"
    assert "сеанс закрылся сам" in client.get(response.url).content.decode()
    assert "entrance.idle" in actions()


def test_polls_do_not_keep_a_session_alive(signed_in: Any, settings: Any) -> None:
    client = signed_in("alina")
    client.get("/me/sessions/")
    age(client, settings.IDLE_MINUTES * 60 - 100)
    before = client.session[SEEN]
    assert client.get("/me/sessions/", headers={BACKGROUND: "1"}).status_code == 200
    assert client.session[SEEN] == before
    age(client, 200)
    assert client.get("/me/sessions/", headers={BACKGROUND: "1"}).status_code == 204


def test_work_keeps_a_session_alive(signed_in: Any, settings: Any) -> None:
    client = signed_in("alina")
    client.get("/me/sessions/")
    age(client, settings.IDLE_MINUTES * 60 - 100)
    client.get("/me/sessions/")
    assert time.time() - client.session[SEEN] < 5


def age(client: Client, seconds: float) -> None:
    session = client.session
    session[SEEN] -= seconds
    session.save()


def test_a_one_time_password_opens_only_the_change(client: Client, cast: SimpleNamespace) -> None:
    password = issue_one_time_password(cast.alina, by=cast.alfa_admin)
    enter(client, "alina", password)
    assert client.get("/").url == "/me/password/"
    assert client.get("/me/sessions/", headers={"HX-Request": "true"}).status_code == 403
    new = {"oldpassword": password, "password1": "Zimnij-Les-7", "password2": "Zimnij-Les-7"}
    assert client.post("/me/password/", new).status_code == 302
    assert client.get("/me/sessions/").status_code == 200
    cast.alina.refresh_from_db()
    assert not cast.alina.must_change_password
    assert [name for name in actions() if "password" in name] == [
        "entrance.password.issued",
        "entrance.password.changed",
    ]
