"""The pages: who opens them, what they show, how a version is loaded."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from opora.audit.models import AuditLine
from opora.classifiers import queries
from opora.classifiers.models import Edition, Topic
from opora.classifiers.tests.test_packs import SMALL

type SignedIn = Callable[[str | None], Client]
PAGES = ["/classifiers/", "/classifiers/partners/", "/classifiers/editions/"]
NEW = "/classifiers/editions/new/"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("who", "status"), [("alina", 200), ("clerk", 200), ("auditor", 200), (None, 302)])
def test_who_may_open(signed_in: SignedIn, page: str, who: str | None, status: int) -> None:
    assert signed_in(who).get(page).status_code == status


@pytest.mark.parametrize(("who", "status"), [("alina", 403), ("boris", 403), ("admin", 200), ("alfa_admin", 200)])
def test_who_may_load(signed_in: SignedIn, who: str, status: int) -> None:
    assert signed_in(who).get(NEW).status_code == status


def codes(page: Any) -> list[str]:
    return [row.topic.code for row in page.context["rows"]]


def test_the_tree_shows_rows_of_every_form(signed_in: SignedIn) -> None:
    page = signed_in("alina").get("/classifiers/")
    assert len(codes(page)) == 114
    equipment = next(row for row in page.context["rows"] if row.topic.code == "5.11")
    assert [cell for _, _, cell in equipment.cells] == ["4.5 · ж9", "4.5 · 3.5.1", "0389"]


def test_words_a_kind_and_an_edition_choose(signed_in: SignedIn) -> None:
    client = signed_in("alina")
    assert codes(client.get("/classifiers/", {"q": "потеряла полис"}))[0] == "2.3"
    assert set(codes(client.get("/classifiers/", {"kind": "thanks"}))) == {"14", "14.3", "14.4"}
    old = Edition.objects.get(code="topics", version="2")
    page = client.get("/classifiers/", {"edition": old.pk})
    assert "5.21" in codes(page)
    assert "сегодня не действует" in page.content.decode()


@pytest.mark.parametrize(
    "query", ["edition=999999", "edition=рыба", "kind=song", "q=%00", "topic=no", "q=" + "ы" * 300]
)
def test_a_strange_question_breaks_nothing(signed_in: SignedIn, query: str) -> None:
    assert signed_in("alina").get(f"/classifiers/?{query}").status_code == 200


def test_a_topic_in_the_panel_says_its_rows_and_partners(signed_in: SignedIn) -> None:
    page = signed_in("alina").get("/classifiers/", {"topic": "5.11"}).content.decode()
    assert "Материально-техническое обеспечение" in page
    assert "4.5 · 3.5.1" in page
    assert "ж 9 Материально-техническое обеспечение" in page


def test_codes_of_a_partner_in_words(signed_in: SignedIn) -> None:
    page = signed_in("alina").get("/classifiers/partners/", {"system": "hmao"}).content.decode()
    assert "Телефон горячей линии" in page
    assert "Коды журнала ХМАО — Югры" in page
    assert signed_in("alina").get("/classifiers/partners/", {"system": "nowhere"}).status_code == 200


def test_a_version_says_what_differs_from_the_one_before(signed_in: SignedIn) -> None:
    three, two = (Edition.objects.get(code="topics", version=version) for version in "32")
    page = signed_in("alina").get(f"/classifiers/editions/{three.pk}/")
    assert page.context["other"] == two
    assert "6.2 Сроки ожидания помощи" in page.content.decode()
    back = signed_in("alina").get(f"/classifiers/editions/{two.pk}/", {"with": three.pk})
    assert back.context["other"] == three
    assert signed_in("alina").get(f"/classifiers/editions/{two.pk}/").context["other"] is None


def own(**fields: Any) -> dict[str, Any]:
    country = queries.topics("", date(2026, 1, 1))
    return SMALL | {"moved": {topic.code: "1" for topic in country if topic.code != "1"}} | fields


def sent(content: Any) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("темы.json", json.dumps(content).encode())}


def agreed(content: Any) -> dict[str, Any]:
    return {"name": "темы.json", "content": b64encode(json.dumps(content).encode()).decode()}


def test_a_version_is_shown_before_it_is_stored(signed_in: SignedIn) -> None:
    client = signed_in("admin")
    before = Edition.objects.count()
    page = client.post(NEW, sent(own()))
    assert page.status_code == 200
    assert "Пока ничего не записано" in page.content.decode()
    assert Edition.objects.count() == before
    answer = client.post(NEW, {"name": "темы.json", "content": page.context["content"]})
    edition = Edition.objects.get(territory="50000")
    assert answer.url == f"/classifiers/editions/{edition.pk}/"
    line = AuditLine.objects.get(action="classifiers.load")
    assert (line.subject_id, line.details["version"]) == (str(edition.pk), "1")
    assert "уже загружен" in client.post(NEW, sent(own())).content.decode()


REFUSED = [
    ("alfa_admin", {}, "загружает её фонд"),
    ("admin", {"territory": "01000"}, "а ваша — «50000»"),
    ("admin", {"territory": ""}, "вся страна"),
    ("admin", {"moved": {}}, "Напишите в moved"),
    ("admin", {"topics": []}, "список пуст"),
]


@pytest.mark.parametrize(("who", "fields", "sentence"), REFUSED)
def test_a_strange_file_is_refused_in_words(
    signed_in: SignedIn, who: str, fields: dict[str, Any], sentence: str
) -> None:
    client, before = signed_in(who), Topic.objects.count()
    page = client.post(NEW, sent(own(**fields)))
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert client.post(NEW, agreed(own(**fields))).status_code == 422
    assert Topic.objects.count() == before


@pytest.mark.parametrize("content", ["", "рыба", "e30=", b64encode(b"\xff").decode()])
def test_a_spoilt_agreement_is_refused(signed_in: SignedIn, content: str) -> None:
    assert signed_in("admin").post(NEW, {"name": "x", "content": content}).status_code == 422


def test_another_territory_does_not_exist(signed_in: SignedIn) -> None:
    signed_in("admin").post(NEW, agreed(own()))
    edition = Edition.objects.get(territory="50000")
    assert signed_in("far").get(f"/classifiers/editions/{edition.pk}/").status_code == 404
    assert len(codes(signed_in("far").get("/classifiers/"))) == 114
    assert codes(signed_in("alina").get("/classifiers/")) == ["1"]


def test_the_tree_asks_few_questions(signed_in: SignedIn, django_assert_max_num_queries: Any) -> None:
    client = signed_in("alina")
    client.get("/classifiers/", {"topic": "5.11"})
    with django_assert_max_num_queries(20):
        client.get("/classifiers/", {"topic": "5.11", "q": "сломан рентген"})
