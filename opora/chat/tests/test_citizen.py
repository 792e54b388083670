"""A citizen without an account: his key opens his own talk, each line is stored once, floods get a sentence."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.chat import rules
from opora.chat.models import Line, LineFile, Place, Talk
from opora.chat.tests.conftest import KEY, ORIGIN, Citizen
from opora.organisations.hours import NO_HOURS, opening
from opora.organisations.models import WorkingHours

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
OTHER_KEY = "An0ther-KEY_of-vera-abcdefghijklmnopqr98765"


def test_the_first_line_opens_a_talk_and_a_repeat_changes_nothing(citizen: Citizen) -> None:
    same = uuid4()
    first, again = citizen.say("Где мой полис?", same, name="Полина", phone="8 900 000-00-01"), citizen.say("", same)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == {"number": 1}
    talk = Talk.objects.get()
    assert (talk.name, talk.phone, talk.state) == ("Полина", "+79000000001", "waiting")
    assert citizen.texts() == ["Где мой полис?"]


def test_lines_are_numbered_without_gaps_and_asked_for_from_any_place(citizen: Citizen) -> None:
    for number in range(5):
        citizen.say(f"строка {number}")
    assert [one["number"] for one in citizen.lines()["lines"]] == [1, 2, 3, 4, 5]
    told = citizen.lines(after=3)
    assert [one["text"] for one in told["lines"]] == ["строка 3", "строка 4"]
    assert told["reach"] == told["talk"]["last"] == 5


def test_a_key_opens_its_own_talk_in_its_own_place(citizen: Citizen, places: SimpleNamespace) -> None:
    citizen.say("Моя тайна")
    for stranger in (Citizen(key=OTHER_KEY), Citizen("beta")):
        answer = stranger.client.get(stranger.base + "lines/", headers=stranger.headers)
        assert answer.status_code == 404
    assert Citizen("beta").say().status_code == 403, "one key, one talk"
    row = Talk.objects.get()
    assert KEY not in f"{row.key_hash}{row.address_mark}"
    assert "192.0.2.7" not in row.address_mark


@pytest.mark.parametrize("header", [{}, {"Authorization": "Talk short"}, {"Authorization": f"Talk {'a' * 43}"}])
def test_without_a_key_nothing_is_answered(citizen: Citizen, header: dict[str, str]) -> None:
    for path in ("lines/", "reading/", "typing/", "ticket/"):
        answer = Client().post(citizen.base + path, "{}", content_type="application/json", headers=header)
        assert answer.status_code == 403, path


def test_a_page_of_another_site_is_refused(citizen: Citizen) -> None:
    citizen.say()
    for origin in ("https://evil.example", ORIGIN, "null"):
        answer = citizen.post("lines/", {"id": str(uuid4()), "text": "x"}, Origin=origin)
        assert answer.status_code == 403
        assert answer.json()["code"] == "wrong_origin"
        assert "Access-Control-Allow-Origin" not in answer
        read = citizen.client.get(citizen.base + "lines/", headers=citizen.headers | {"Origin": origin})
        assert read.status_code == 403
    own = citizen.post("lines/", {"id": str(uuid4()), "text": "своя"}, Origin="http://testserver")
    assert own.status_code == 201


def test_only_sites_of_the_place_may_frame_it_and_ask_its_state(places: SimpleNamespace) -> None:
    frame = Client().get("/c/alfa/frame/")
    assert f"frame-ancestors 'self' {ORIGIN};" in frame["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in frame
    assert "frame-ancestors 'none'" in Client().get("/c/alfa/")["Content-Security-Policy"]
    told = Client().get("/c/alfa/state/", headers={"Origin": ORIGIN})
    assert told["Access-Control-Allow-Origin"] == ORIGIN
    assert told["Vary"].startswith("Origin")
    assert set(told.json()) == {"name", "is_open", "words"}
    assert "Access-Control-Allow-Credentials" not in told
    for slug, origin in (("alfa", "https://evil.example"), ("beta", ORIGIN)):
        refused = Client().get(f"/c/{slug}/state/", headers={"Origin": origin})
        assert refused.status_code == 403
        assert "Access-Control-Allow-Origin" not in refused


def test_a_flood_is_stopped_with_a_sentence_and_the_talk_goes_on(citizen: Citizen) -> None:
    answers = [citizen.say(f"{number}").status_code for number in range(rules.MOST_A_MINUTE + 5)]
    assert answers == [201] * rules.MOST_A_MINUTE + [429] * 5
    refused = citizen.say("ещё")
    assert refused.json()["code"] == "too_fast"
    assert "Подождите минуту" in refused.json()["message"]
    later = timezone.now() + timedelta(minutes=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: later)
        assert citizen.say("теперь").status_code == 201


def test_one_address_opens_few_talks(places: SimpleNamespace) -> None:
    keys = [f"{number:02d}{KEY[2:]}" for number in range(rules.MOST_TALKS + 3)]
    answers = [Citizen(key=key).say() for key in keys]
    assert [one.status_code for one in answers] == [201] * rules.MOST_TALKS + [429] * 3
    assert "десять минут" in answers[-1].json()["message"]
    assert Citizen(key=keys[0]).say("дальше").status_code == 201, "talks that are open go on"
    assert Citizen(key=OTHER_KEY, address="192.0.2.8").say().status_code == 201


@pytest.mark.parametrize(
    ("text", "status"), [("", 422), (" \n\u200b ", 422), ("я" * 4000, 201), ("я" * 4001, 422), ("\x00\x1b ", 422)]
)
def test_what_is_no_line_gets_a_sentence(citizen: Citizen, text: str, status: int) -> None:
    assert citizen.say(text).status_code == status


@pytest.mark.parametrize("body", ["[]", "{", '{"id": "x", "text": "y"}', '{"text": "y"}', "я" * 40_000, "[" * 30_000])
def test_nonsense_is_refused(citizen: Citizen, body: str) -> None:
    answer = citizen.client.post(
        citizen.base + "lines/", body, content_type="application/json", headers=citizen.headers
    )
    assert answer.status_code == 400
    assert not Talk.objects.exists()


def test_files_are_told_by_what_is_inside(citizen: Citizen) -> None:
    def send(name: str, content: bytes) -> Any:
        body = {"id": str(uuid4()), "text": "", "files": SimpleUploadedFile(name, content)}
        return citizen.client.post(citizen.base + "lines/", body, headers=citizen.headers)

    assert send("снимок.png", PNG).status_code == 201
    refused = send("снимок.pdf", PNG)
    assert refused.status_code == 422
    assert "внутри другое" in refused.json()["message"]
    (kept,) = citizen.lines()["lines"][0]["files"]
    got = citizen.client.get(f"{citizen.base}files/{kept['id']}/", headers=citizen.headers)
    assert b"".join(got.streaming_content) == PNG
    assert "attachment" in got["Content-Disposition"]
    stranger = Citizen(key=OTHER_KEY)
    stranger.say()
    assert stranger.client.get(f"{stranger.base}files/{kept['id']}/", headers=stranger.headers).status_code == 404
    assert LineFile.objects.count() == 1


def test_one_address_fills_no_disk_by_many_talks(places: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_FILES_OF_ADDRESS", 2)

    def send(citizen: Citizen) -> Any:
        body = {"id": str(uuid4()), "text": "", "files": SimpleUploadedFile("снимок.png", PNG)}
        return citizen.client.post(citizen.base + "lines/", body, headers=citizen.headers)

    neighbours = [Citizen(key=f"{number:02d}{KEY[2:]}") for number in range(3)]
    assert [send(one).status_code for one in neighbours] == [201, 201, 429]
    assert "Подождите час" in send(neighbours[0]).json()["message"]
    assert neighbours[0].say("без файла").status_code == 201
    assert send(Citizen(key=OTHER_KEY, address="192.0.2.8")).status_code == 201


def test_outside_of_hours_he_is_told_when_somebody_answers(citizen: Citizen, places: SimpleNamespace) -> None:
    Place.objects.filter(pk=places.alfa.pk).update(is_round_the_clock=False)
    day = timezone.localtime(timezone=places.alfa.organisation.zone)
    other = day + timedelta(days=2)
    WorkingHours.objects.create(
        organisation=places.alfa.organisation, weekday=other.isoweekday(), opens_at="09:00", closes_at="18:00"
    )
    citizen.say("Кто-нибудь есть?")
    said = citizen.lines()["lines"]
    assert [one["who"] for one in said] == ["citizen", "program"]
    assert "ваше сообщение мы сохранили" in said[1]["text"]
    citizen.say("Ещё вопрос")
    assert len(citizen.lines()["lines"]) == 3, "it is said once"
    assert opening(NO_HOURS, places.alfa.organisation.zone, day) is not None


def test_a_chat_that_is_shut_opens_no_talk(citizen: Citizen, places: SimpleNamespace) -> None:
    citizen.say()
    Place.objects.update(is_active=False)
    assert Citizen(key=OTHER_KEY).say().status_code == 503
    assert citizen.say("дальше").status_code == 201, "who is inside is let finish"
    assert Client().get("/c/alfa/").status_code == 404


def test_the_page_works_without_scripts(places: SimpleNamespace) -> None:
    browser = Client(enforce_csrf_checks=True)
    page = browser.get("/c/alfa/")
    token = page.content.decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    form = {"csrfmiddlewaretoken": token, "id": str(uuid4()), "text": "Где полис?", "name": "Полина", "phone": ""}
    for _ in range(2):  # pressed twice
        assert browser.post("/c/alfa/", form).status_code == 302
    assert Line.objects.count() == 1
    assert "Где полис?" in browser.get("/c/alfa/").content.decode()
    cookie = browser.cookies["talk"]
    assert cookie["httponly"]
    assert cookie["path"] == "/c/alfa/"
    assert "Где полис?" not in Client().get("/c/alfa/").content.decode()
    empty = browser.post("/c/alfa/", form | {"id": str(uuid4()), "text": " "})
    assert empty.status_code == 422
    assert "Напишите сообщение" in empty.content.decode()


def test_lines_stay_as_they_are(citizen: Citizen) -> None:
    citizen.say()
    for change in (lambda: Line.objects.update(text="другое"), lambda: Line.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_row_security_shows_a_talk_to_its_house_alone(citizen: Citizen, cast: SimpleNamespace) -> None:
    citizen.say()
    for who, sees in (("alina", True), ("vera", False), ("op1", False), ("clerk", False), ("far", False)):
        with enter(getattr(cast, who).scope):
            assert Talk.objects.exists() is sees, who
            assert Line.objects.exists() is sees, who
    with enter(Scope()):
        assert not Talk.objects.exists()
