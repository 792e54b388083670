"""Chats of an organisation are opened and changed by who manages it; origins are what browsers send."""

from types import SimpleNamespace
from typing import Any

import pytest

from opora.chat.models import Place
from opora.chat.rules import origin_of


def test_a_chat_is_opened_and_set_up(cast: SimpleNamespace, place: SimpleNamespace, signed_in: Any) -> None:
    desk = signed_in("alfa_admin")
    assert "Чата пока нет" in desk.get("/chat/settings/").content.decode()
    made = desk.post("/chat/settings/new/", {"organisation": place.alfa.pk, "name": "Альфа", "slug": "alfa"})
    row = Place.objects.get()
    assert made["Location"] == f"/chat/settings/{row.pk}/"
    form = {
        "name": "Альфа", "slug": "alfa", "greeting": "", "away": "", "is_active": "on", "version": row.version,
        "origins": "https://Alfa.example/about\nhttp://localhost:8080\n",
    }  # fmt: skip
    assert desk.post(f"/chat/settings/{row.pk}/", form).status_code == 302
    row.refresh_from_db()
    assert row.origins == ["https://alfa.example", "http://localhost:8080"]
    stale = desk.post(f"/chat/settings/{row.pk}/", form)
    assert stale.status_code == 422, "somebody has changed it meanwhile"
    assert "data-place=&quot;alfa&quot;" in desk.get(f"/chat/settings/{row.pk}/").content.decode()


def test_a_strangers_chat_is_not_there(places: SimpleNamespace, signed_in: Any) -> None:
    assert signed_in("alfa_admin").get(f"/chat/settings/{places.beta.pk}/").status_code == 404


def test_an_address_is_taken_once(places: SimpleNamespace, place: SimpleNamespace, signed_in: Any) -> None:
    again = signed_in("alfa_admin").post(
        "/chat/settings/new/", {"organisation": place.alfa.pk, "name": "Вторая", "slug": "beta"}
    )
    assert again.status_code == 422
    assert "уже занят" in again.content.decode()


@pytest.mark.parametrize(
    "text",
    ["alfa.example", "javascript:alert(1)", "https://*.example", "https://a b", "https://u:p@a.example", "https://",
     "https://alfa.example; script-src *", "ftp://alfa.example", "https://alfa.example:99999", "'self'"],
)  # fmt: skip
def test_what_is_no_site_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Не понимаем"):
        origin_of(text)
