"""What is only read: every page opens for everybody, weighs little, sets no cookie and is found by the sitemap."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone

from opora.organisations.models import Post
from opora.portal import ready
from opora.portal.models import Site

READ = (
    "",
    "checkups/",
    "waiting/",
    "clinics/",
    "posts/",
    "answers/",
    "answers/gosuslugi/",
    "insurer/",
    "data/",
    "look/",
)
HEAVIEST = 150 * 1024
NAMES = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def text_of(answer: Any) -> str:
    """The page as a browser reads it: any white space is one blank."""
    return " ".join(answer.content.decode().split())


def weight(answer: Any) -> int:
    """The page with every file it names but fonts, not packed."""
    page = text_of(answer)
    files = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    assert not re.search(r"<script|https?://(?!testserver|localhost)[^w]", page)
    return len(answer.content) + sum(Path(str(finders.find(one))).stat().st_size for one in set(files))


@pytest.mark.parametrize("path", READ)
def test_a_page_is_light_and_opens_for_everybody(client: Client, sites: SimpleNamespace, path: str) -> None:
    answer = client.get(f"/s/alfa/{path}")
    assert answer.status_code == 200
    assert weight(answer) <= HEAVIEST
    assert "sessionid" not in answer.cookies
    assert "8 800" in text_of(answer) or "+7 800" in text_of(answer).replace("\u00a0", " ")


def test_pages_without_a_form_set_no_cookie(client: Client, sites: SimpleNamespace) -> None:
    for path in ("", "waiting/", "clinics/", "posts/", "answers/", "data/"):
        assert not client.get(f"/s/alfa/{path}").cookies


def test_a_page_for_everybody_is_ready_the_second_time(
    client: Client, sites: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    first = client.get("/s/alfa/clinics/")
    with django_assert_num_queries(0):
        second = client.get("/s/alfa/clinics/")
        known = client.get("/s/alfa/clinics/", headers={"If-None-Match": first.headers["ETag"]})
    assert second.content == first.content
    assert (known.status_code, known.content) == (304, b"")
    client.cookies["look"] = "dark"
    assert 'data-theme="dark"' in text_of(client.get("/s/alfa/clinics/"))


def test_a_ready_page_is_forgotten_with_what_it_shows(client: Client, sites: SimpleNamespace) -> None:
    assert "114" in text_of(client.get("/s/alfa/posts/"))
    post = Post.objects.get()
    post.room = "115"
    post.save()
    assert "115" in text_of(client.get("/s/alfa/posts/"))


def test_pages_with_a_query_or_a_form_are_never_ready(client: Client, sites: SimpleNamespace) -> None:
    for path in ("clinics/?q=114", "insurer/", "ask/", "checkups/"):
        answer = client.get(f"/s/alfa/{path}")
        assert "ETag" not in answer.headers
    assert ready._ready == {}


def test_an_unpublished_site_does_not_exist(client: Client, sites: SimpleNamespace) -> None:
    Site.objects.get(pk=sites.alfa.pk)
    sites.alfa.is_published = False
    sites.alfa.save()
    assert client.get("/s/alfa/").status_code == 404
    assert "alfa" not in text_of(client.get("/sitemap.xml"))


def test_the_territory_has_its_site(client: Client, sites: SimpleNamespace) -> None:
    assert client.get("/site/").headers["Location"] == "/s/nsk/"


def test_the_sitemap_lists_what_exists(client: Client, sites: SimpleNamespace) -> None:
    whole = ElementTree.fromstring(text_of(client.get("/sitemap.xml")))
    addresses = [str(one.text) for one in whole.iter(f"{NAMES}loc")]
    assert "http://testserver/s/alfa/answers/gosuslugi/" in addresses
    assert len(addresses) == len(set(addresses)) > 20
    for one in addresses:
        assert client.get(one.removeprefix("http://testserver")).status_code == 200, one


def test_robots_may_read_what_is_open_and_nothing_else(client: Client, sites: SimpleNamespace) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert {"Disallow: /", "Allow: /s/", "Sitemap: http://testserver/sitemap.xml"} <= set(lines)


@pytest.mark.parametrize(("age", "words"), [(44, "Диспансеризация"), (41, "Профилактический осмотр"), (10, "педиатр")])
def test_check_ups_by_age_and_sex(client: Client, sites: SimpleNamespace, age: int, words: str) -> None:
    year = timezone.localdate().year - age
    answer = client.post("/s/alfa/checkups/", {"year": year, "sex": "2"})
    assert words in text_of(answer)
    assert str(year) not in answer.request["PATH_INFO"]


def test_a_year_that_cannot_be_is_told_so(client: Client, sites: SimpleNamespace) -> None:
    for year in ("1", "2999", "сорок", ""):
        answer = client.post("/s/alfa/checkups/", {"year": year, "sex": "2"})
        assert answer.status_code == 422


def test_waiting_limits_and_the_last_day(client: Client, sites: SimpleNamespace) -> None:
    page = text_of(client.get("/s/alfa/waiting/"))
    assert "рабочих дней" in page
    asked = {"service": "SPEC", "started_on": "02.03.2026", "suspicion": "none"}
    answer = client.get("/s/alfa/waiting/", asked)
    assert "Не позже 23.03.2026" in text_of(answer).replace("\u00a0", " ")


def test_clinics_are_found_by_their_street(client: Client, sites: SimpleNamespace) -> None:
    assert "Главный корпус" in text_of(client.get("/s/alfa/clinics/", {"q": "ленина"}))
    assert "ничего не нашли" in text_of(client.get("/s/alfa/clinics/", {"q": "<b>\x00"}))


def test_posts_are_those_of_the_insurer(client: Client, sites: SimpleNamespace) -> None:
    assert "кабинет 114" in text_of(client.get("/s/alfa/posts/"))
    assert "кабинет 114" in text_of(client.get("/s/nsk/posts/"))


def test_only_chosen_cards_are_shown(client: Client, sites: SimpleNamespace) -> None:
    assert "Госуслугах" in text_of(client.get("/s/alfa/answers/", {"q": "полис на госуслугах"}))
    sites.alfa.cards.clear()
    sites.alfa.save()
    assert client.get("/s/alfa/answers/gosuslugi/").status_code == 404
    assert "Госуслугах" not in text_of(client.get("/s/alfa/answers/"))


def test_the_look_is_chosen_without_a_script(client: Client, sites: SimpleNamespace) -> None:
    answer = client.post("/look/", {"theme": "low-vision", "next": "/s/alfa/"})
    assert answer.headers["Location"] == "/s/alfa/"
    assert 'data-theme="low-vision"' in text_of(client.get("/s/alfa/"))
