"""Pages of the room: who sees what, what a page says, files that are taken from it."""

import re
from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from opora.audit.models import AuditLine
from opora.mailroom.models import Incoming, Outgoing, PostList, Scan
from opora.mailroom.tests.conftest import page_picture, saved

TYPED = {"sender": "Чижикова Полина", "way": "registered", "sheets": "2", "came_on": "вчера"}


@pytest.fixture
def go(signed_in: Any) -> Any:
    def get(login: str, address: str = "") -> Any:
        return signed_in(login).get(f"/mailroom/{address}")

    return get


def test_a_letter_is_registered_and_the_next_begins_alike(signed_in: Any) -> None:
    client = signed_in("boris")
    answer = client.post("/mailroom/new/", {**TYPED, "next": "again"}, follow=True)
    letter = Incoming.objects.get()
    assert answer.redirect_chain == [("/mailroom/new/", 302)]
    assert letter.number in answer.content.decode()
    assert re.search(r'value="registered"[^>]*checked', answer.content.decode())
    assert (letter.sheets, letter.way) == (2, "registered")


def test_a_second_registration_asks_first(signed_in: Any, came: Any) -> None:
    first = came(outside_number="17-ОГ")
    client = signed_in("boris")
    answer = client.post("/mailroom/new/", {**TYPED, "outside_number": "17-ог"})
    assert answer.status_code == 422
    assert first.number in answer.content.decode()
    assert 'type="checkbox" name="again"' in answer.content.decode()
    client.post("/mailroom/new/", {**TYPED, "outside_number": "17-ог", "again": "on"})
    assert Incoming.objects.count() == 2


def test_lists_and_search(go: Any, signed_in: Any, came: Any, topics: Any) -> None:
    today, older = came("Первый Отправитель", about="О полисе"), came("Второй", came_on=date(2026, 1, 12))
    pages = {what: go("boris", f"?show={what}").content.decode() for what in ("today", "new", "all")}
    assert [older.number in page for page in pages.values()] == [False, True, True]
    found = signed_in("boris").post("/mailroom/search/", {"q": "полис"}).content.decode()
    assert today.number in found
    assert older.number not in found
    assert signed_in("boris").post("/mailroom/search/", {"q": older.number[-6:]}).content.decode().count("000002")
    assert "Ничего не нашли" in signed_in("boris").post("/mailroom/search/", {"q": "грыжа \x00"}).content.decode()


@pytest.mark.parametrize("address", ["", "?show=new", "?show=all", "out/", "sent/", "sent/?state=returned", "lists/"])
def test_empty_pages_say_a_sentence(go: Any, topics: Any, address: str) -> None:
    answer = go("boris", address)
    assert answer.status_code == 200
    assert "empty" in answer.content.decode()


def test_a_letter_of_another_house_is_not_there(go: Any, came: Any, waiting: Outgoing) -> None:
    letter = came()
    for address in (f"{letter.pk}/", f"{letter.pk}/label.pdf", f"{letter.pk}/scans/1/", f"out/{waiting.pk}/"):
        assert go("op2", address).status_code == 404, address
    assert go("alina", f"{letter.pk}/").status_code == 403


def test_the_page_of_a_letter(go: Any, came: Any) -> None:
    letter = came(outside_number="17-ОГ", about="О полисе")
    page = go("boris", f"{letter.pk}/").content.decode()
    for part in (letter.number, "17-ОГ", "О полисе", "Зарегистрировать обращение", "Сканов нет"):
        assert part in page, part
    assert AuditLine.objects.filter(action="mailroom.read").count() == 1


@pytest.mark.parametrize(("query", "size"), [("", (164, 113)), ("?size=sheet&place=24", (595, 842))])
def test_the_label_has_the_number(go: Any, came: Any, query: str, size: tuple[int, int]) -> None:
    letter = came()
    answer = go("boris", f"{letter.pk}/label.pdf{query}")
    page = PdfReader(BytesIO(answer.content)).pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == size
    assert letter.number in page.extract_text().replace("\n", "")
    assert letter.sender not in page.extract_text()


@pytest.mark.parametrize("query", ["?size=huge", "?size=sheet&place=25", "?size=sheet&place=%D1%81"])
def test_a_label_that_does_not_exist(go: Any, came: Any, query: str) -> None:
    assert go("boris", f"{came().pk}/label.pdf{query}").status_code == 404


def test_scans_are_taken_in_and_given_back(signed_in: Any, go: Any, came: Any) -> None:
    letter, content = came(), saved([page_picture("Слова")], "PNG")
    files = [
        SimpleUploadedFile("скан.png", content, "image/png"),
        SimpleUploadedFile("вирус.exe", b"MZ", "application/pdf"),
    ]
    answer = signed_in("boris").post(f"/mailroom/{letter.pk}/scans/", {"files": files}, follow=True)
    page = answer.content.decode()
    assert "Приложено" in page
    assert "вирус.exe" in page
    scan = Scan.objects.get()
    file = go("boris", f"{letter.pk}/scans/{scan.pk}/")
    assert b"".join(file.streaming_content) == content
    assert "attachment" in file["Content-Disposition"]
    assert go("boris", f"{letter.pk}/scans/{scan.pk}/1.jpg").status_code == 404


def test_acts_on_a_letter(signed_in: Any, came: Any, waiting: Outgoing, appeal_of: Any) -> None:
    letter, client = came(), signed_in("boris")
    at = f"/mailroom/{letter.pk}/acts/"
    assert client.get(f"{at}song/").status_code == 404
    assert client.get(f"{at}link/").status_code == 200
    assert client.post(f"{at}link/", {"number": "нет", "version": "1"}).status_code == 422
    assert client.post(f"{at}file/", {"why": "Реклама", "version": "9"}).status_code == 422
    assert client.post(f"{at}file/", {"why": "Реклама", "version": "1"}).status_code == 302
    assert client.post(f"{at}reopen/", {"version": "2"}).status_code == 302
    opened = client.post(f"{at}intake/", {"version": "3"})
    assert opened.url.startswith("/appeals/new/?draft=")
    assert letter.number in client.get(opened.url).content.decode()
    number = appeal_of(waiting).number
    assert client.post(f"{at}link/", {"number": number, "version": "4"}).status_code == 302
    assert number in client.get(f"/mailroom/{letter.pk}/").content.decode()


def test_the_way_of_a_letter_that_leaves(signed_in: Any, waiting: Outgoing, place: SimpleNamespace) -> None:
    client = signed_in("boris")
    assert "17-исх" in client.get("/mailroom/out/").content.decode()
    drawn = client.post("/mailroom/out/chosen/", {"letter": [str(waiting.pk), "чужое"], "envelopes": "c5"})
    assert drawn.content.startswith(b"%PDF")
    made = client.post("/mailroom/out/chosen/", {"letter": str(waiting.pk), "category": "registered"})
    post_list = PostList.objects.get()
    at = f"/mailroom/lists/{post_list.pk}/"
    assert made.url == at
    assert "Без трек-номера: 1" in client.get(at).content.decode()
    assert client.post(f"{at}tracks/", {"text": "мусор"}).status_code == 422
    assert client.post(f"{at}tracks/", {"text": "RA123456785RU"}).status_code == 302
    for file in ("list.pdf", "list.docx", "envelopes.pdf?size=dl"):
        assert client.get(f"{at}{file}").status_code == 200, file
    assert client.post(f"{at}handing/", {"on": "сегодня"}).status_code == 302
    waiting.refresh_from_db()
    act = f"/mailroom/out/{waiting.pk}/acts/"
    assert client.post(f"{act}returned/", {"why": "", "version": waiting.version}).status_code == 422
    told = {"on": "сегодня", "version": waiting.version}
    assert client.post(f"{act}delivered/", told).status_code == 302
    assert "вручено" in client.get(f"/mailroom/out/{waiting.pk}/").content.decode()
    assert "RA123456785RU" in client.post("/mailroom/sent/search/", {"q": "ra123456785ru"}).content.decode()


def test_nothing_ticked_is_said(signed_in: Any, waiting: Outgoing) -> None:
    for given in ({"category": "registered"}, {"envelopes": "dl"}):
        answer = signed_in("boris").post("/mailroom/out/chosen/", given, follow=True)
        assert "Отметьте письма" in answer.content.decode()


@pytest.mark.parametrize(("page", "most"), [("?show=all", 14), ("out/", 13), ("sent/", 13), ("lists/", 13)])
def test_pages_ask_little(
    signed_in: Any, came: Any, waiting: Outgoing, page: str, most: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        came()
    client = signed_in("boris")
    client.get(f"/mailroom/{page}")
    with django_assert_max_num_queries(most):
        client.get(f"/mailroom/{page}")
