import re

import pytest

from opora.shared.look import Look


@pytest.mark.parametrize("cookie", ["", "purple", "dark.9.9.pink", "....", "low-vision." * 50, "<script>"])
def test_a_cookie_from_elsewhere_is_harmless(cookie):
    look = Look.read(cookie)
    assert look.size in {"1", "2", "3"}
    assert "<" not in str(look)


def test_a_look_survives_the_cookie():
    look = Look("low-vision", "3", "2", "white-on-black")
    assert Look.read(str(look)) == look


def test_the_server_writes_the_theme_so_that_nothing_flashes(client, db):
    client.post("/look/", {"theme": "low-vision"})
    client.post("/look/", {"size": "2"})
    [html] = re.findall(r"<html[^>]*>", client.get("/ui/plain/").content.decode())
    assert re.findall(r'data-\w+="[^"]*"', html) == [
        'data-theme="low-vision"', 'data-size="2"', 'data-spacing="0"', 'data-colours="black-on-white"'
    ]  # fmt: skip


def test_without_script_the_form_leads_back(client, db):
    assert client.post("/look/", {"theme": "dark", "next": "/ui/#tabs"}).headers["Location"] == "/ui/#tabs"


@pytest.mark.parametrize("address", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_the_form_does_not_lead_elsewhere(client, db, address):
    assert client.post("/look/", {"theme": "dark", "next": address}).headers["Location"] == "/"


def test_script_gets_the_whole_choice(client, db):
    answer = client.post("/look/", {"theme": "dark"}, headers={"HX-Request": "true"})
    assert answer.json() == {"theme": "dark", "size": "1", "spacing": "0", "colours": "black-on-white"}
    assert answer.cookies["look"]["httponly"]
