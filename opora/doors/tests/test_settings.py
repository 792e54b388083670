"""A mailbox is connected on a page; its password is kept sealed and shown to nobody."""

from types import SimpleNamespace
from typing import Any

import pytest

from opora.audit.models import AuditLine
from opora.channels.errors import GatewayUnavailable
from opora.doors import ports
from opora.doors.models import Door

NEW = "/doors/settings/new/"


@pytest.fixture
def fields(place: SimpleNamespace) -> dict[str, Any]:
    return {
        "title": "Почта Альфы",
        "slug": "mail",
        "organisation": place.alfa.pk,
        "address": "help@alfa.example",
        "host": "imap.alfa.example",
        "port": "993",
        "tls": "on",
        "login": "help",
        "password": "тайна-ящика",
        "folder": "INBOX",
        "rule": "contact",
        "is_active": "on",
    }


def test_a_mailbox_is_connected_and_its_password_is_shown_to_nobody(signed_in: Any, fields: dict[str, Any]) -> None:
    admin = signed_in("alfa_admin")
    page = admin.post(NEW, fields, follow=True)

    row = Door.objects.get(slug="mail")
    assert (row.kind, row.settings["host"], row.settings["port"], row.settings["tls"]) == (
        "mail", "imap.alfa.example", 993, True
    )  # fmt: skip
    assert row.secret("password") == fields["password"]
    told = page.content.decode() + str(list(AuditLine.objects.values_list("details", flat=True)))
    assert fields["password"] not in told
    assert "Почта Альфы" in admin.get("/doors/settings/").content.decode()

    admin.post(f"/doors/settings/{row.pk}/", fields | {"password": "", "folder": "Жалобы"})
    row.refresh_from_db()
    assert (row.secret("password"), row.settings["folder"]) == (fields["password"], "Жалобы")


def test_a_kept_password_is_not_told_to_another_server(signed_in: Any, fields: dict[str, Any]) -> None:
    admin = signed_in("alfa_admin")
    admin.post(NEW, fields)
    row = Door.objects.get()
    elsewhere = fields | {"password": "", "host": "imap.stranger.example"}
    answer = admin.post(f"/doors/settings/{row.pk}/", elsewhere)
    assert (answer.status_code, "Сервер другой" in answer.content.decode()) == (422, True)
    row.refresh_from_db()
    assert row.settings["host"] == fields["host"]

    admin.post(f"/doors/settings/{row.pk}/", elsewhere | {"password": "другая-тайна"})
    row.refresh_from_db()
    assert (row.settings["host"], row.secret("password")) == ("imap.stranger.example", "другая-тайна")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": ""}, "Заполните"),
        ({"address": "не адрес"}, "адрес"),
        ({"port": "70000"}, "65535"),
        ({"rule": "appeal"}, "укажите тему и вид"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    signed_in: Any, fields: dict[str, Any], change: dict[str, Any], sentence: str
) -> None:
    answer = signed_in("alfa_admin").post(NEW, fields | change)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Door.objects.exists()


def test_one_mailbox_is_not_opened_twice(signed_in: Any, fields: dict[str, Any]) -> None:
    admin = signed_in("alfa_admin")
    admin.post(NEW, fields)
    answer = admin.post(NEW, fields | {"slug": "again", "address": "HELP@alfa.example"})
    assert "уже открыт" in answer.content.decode()
    assert Door.objects.count() == 1


def test_a_look_says_what_is_wrong(signed_in: Any, fields: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        def fetch(self, *_: Any) -> int:
            raise GatewayUnavailable("Почтовый ящик не отвечает.")

    admin = signed_in("alfa_admin")
    admin.post(NEW, fields)
    monkeypatch.setattr(ports, "way", lambda _: Silent())
    pk = Door.objects.get().pk
    assert "Почтовый ящик не отвечает" in admin.post(f"/doors/settings/{pk}/look/", follow=True).content.decode()
    assert "Почтовый ящик не отвечает" in admin.get("/doors/settings/").content.decode()


def test_a_bot_is_connected_and_its_token_is_shown_to_nobody(signed_in: Any, fields: dict[str, Any]) -> None:
    admin, token = signed_in("alfa_admin"), "123456:" + "AbC-_9" * 6
    given = {name: fields[name] for name in ("title", "slug", "organisation", "rule", "is_active")}
    given |= {"address": "alfa_oms_bot", "token": token, "api": "https://bot.alfa.example/"}
    page = admin.post(f"{NEW}?kind=telegram", given, follow=True)

    row = Door.objects.get()
    assert (row.kind, row.address, row.settings) == ("telegram", "@alfa_oms_bot", {"api": "https://bot.alfa.example"})
    assert row.secret("token") == token
    assert token not in page.content.decode() + str(list(AuditLine.objects.values_list("details", flat=True)))
    again = admin.post(f"{NEW}?kind=telegram", given | {"slug": "again", "address": "@Alfa_OMS_bot"})
    assert "бот уже открыт" in again.content.decode()


def test_a_door_is_made_only_where_she_will_see_it(signed_in: Any, fields: dict[str, Any]) -> None:
    answer = signed_in("admin").post(NEW, fields)  # the fund's, for an insurer
    assert answer.status_code == 422
    assert not Door.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"token": ""}, "Заполните"),
        ({"token": "без номера"}, "не токен"),
        ({"api": "http://bot.alfa.example"}, "https://"),
        ({"api": "https://me:pass@bot.alfa.example"}, "https://"),
        ({"api": "https://[::"}, "https://"),
    ],
)
def test_what_is_wrong_with_a_bot(signed_in: Any, fields: Any, change: dict[str, Any], sentence: str) -> None:
    given = {**fields, "address": "@bot", "token": "123456:" + "a" * 35, "api": "https://bot.alfa.example", **change}
    answer = signed_in("alfa_admin").post(f"{NEW}?kind=telegram", given)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_door_of_another_house_is_not_there(signed_in: Any, doors: SimpleNamespace) -> None:
    admin = signed_in("alfa_admin")
    assert admin.get(f"/doors/settings/{doors.beta.pk}/").status_code == 404
    assert admin.post(f"/doors/settings/{doors.beta.pk}/look/").status_code == 404
    assert admin.get(f"/doors/settings/{doors.site.pk}/").status_code == 200
    assert signed_in("alina").get("/doors/settings/").status_code == 403
