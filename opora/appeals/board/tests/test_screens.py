"""Who may look at the wall, and how a screen without a sign-in lives and ends. No name and no number of an appeal."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals.board import news
from opora.appeals.board.errors import TooManyScreens
from opora.appeals.board.screens import MOST, find_screen, make_screen
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.models import Appeal, Screen
from opora.appeals.services import Target, hand_over
from opora.audit.models import AuditLine
from opora.live import tickets
from opora.live.news import News

WHO = [("boris", 200), ("timur", 200), ("admin", 200), ("alina", 403), ("op1", 403), ("clerk", 403), (None, 302)]
PAGES = ["/board/", "/board/figures/", "/board/screens/"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("who", "status"), WHO)
def test_who_may_look(signed_in: Any, wall: SimpleNamespace, who: str | None, status: int, path: str) -> None:
    assert signed_in(who).get(path).status_code == status


def test_a_wall_names_nobody(cast: SimpleNamespace, signed_in: Any, wall: SimpleNamespace) -> None:
    numbers = [one.number for one in Appeal.objects.all()]
    people = [getattr(cast, login).surname for login in ("alina", "sp2", "boris", "vera")]
    for who in ("boris", "admin"):
        client = signed_in(who)
        for path in ("/board/", "/board/figures/"):
            page = client.get(path).content.decode()
            assert 'data-k="waiting"' in page
            assert not [word for word in (*numbers, *people) if word in page]


def test_each_sees_no_more_than_her_house(signed_in: Any, wall: SimpleNamespace) -> None:
    assert "СМО Бета" in signed_in("admin").get("/board/figures/").content.decode()
    assert "СМО Бета" not in signed_in("boris").get("/board/figures/").content.decode()


@pytest.fixture
def screen(cast: SimpleNamespace, wall: SimpleNamespace) -> SimpleNamespace:
    with enter(cast.boris.scope):
        row, secret = make_screen("Зал", days=30, by=cast.boris)
    return SimpleNamespace(row=row, secret=secret)


def opened(secret: str) -> Client:
    client = Client()
    assert client.post("/board/screen/entry/", {"secret": secret}).status_code == 204
    return client


def test_an_address_is_shown_once_and_kept_as_a_hash(signed_in: Any, wall: SimpleNamespace) -> None:
    boris = signed_in("boris")
    page = boris.post("/board/screens/", {"name": "Зал, второй этаж", "days": 30}).content.decode()
    [secret] = re.findall(r"/board/screen/#([\w-]{43})", page)
    row = Screen.objects.get()
    assert secret not in f"{vars(row)}"
    assert secret not in boris.get("/board/screens/").content.decode()
    assert (row.expires_at - row.made_at).days == 30
    made = AuditLine.objects.get(action="appeals.screen.made")
    assert secret not in f"{vars(made)}"
    assert boris.post("/board/screens/", {"name": "", "days": 30}).status_code == 422


def test_a_screen_shows_its_organisation_and_nothing_else(wall: SimpleNamespace, screen: SimpleNamespace) -> None:
    wall_client = opened(screen.secret)
    cookie = wall_client.cookies["opora_screen"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/board/screen/"
    page = wall_client.get("/board/screen/").content.decode()
    assert "СМО Альфа" in page
    assert "СМО Бета" not in page
    assert screen.secret not in page
    assert wall_client.get("/board/screen/figures/").status_code == 200
    for path in ("/board/", "/board/figures/", "/board/screens/", "/appeals/", "/live/ticket/"):
        assert wall_client.get(path).status_code == 302, path
    assert AuditLine.objects.filter(action="appeals.screen.opened", subject_id=f"{screen.row.pk}").count() == 1
    assert Screen.objects.get().seen_at is not None


def test_the_ticket_of_a_screen_hears_boards_of_its_organisation_alone(
    settings: Any, place: SimpleNamespace, screen: SimpleNamespace
) -> None:
    word = opened(screen.secret).get("/board/screen/ticket/").json()["ticket"]
    ticket = tickets.read(word, secret=settings.SECRET_KEY)
    assert ticket.employee == tickets.NOBODY
    heard = [f"board:all:{place.alfa.pk}", f"board:screen-{screen.row.pk}"]
    assert list(ticket.prefixes) == heard
    strange = [f"board:all:{place.beta.pk}", f"board:{place.nsk.pk}", f"org:{place.alfa.pk}", "emp:0", "board:screen-0"]
    allowed = [tickets.channel_of(one, ticket, secret=settings.SECRET_KEY) for one in (*heard, *strange)]
    assert allowed == [*heard, *[None] * len(strange)]
    with pytest.raises(ValueError, match="not for a wall"):
        tickets.issue_to_screen([f"org:{place.alfa.pk}"], screen=1)


ENDS = [
    ({"revoked_at": timezone.now()}, "Экран отключили"),
    ({"expires_at": timezone.now() - timedelta(minutes=1)}, "Срок адреса кончился"),
]


@pytest.mark.parametrize(("ending", "sentence"), ENDS)
def test_a_screen_that_has_ended_says_so_and_shows_no_number(
    screen: SimpleNamespace, ending: dict[str, Any], sentence: str
) -> None:
    client = opened(screen.secret)
    Screen.objects.update(**ending)
    answer = client.get("/board/screen/figures/")
    assert (answer.status_code, "data-k" in answer.content.decode()) == (403, False)
    assert sentence in answer.content.decode()
    page = client.get("/board/screen/").content.decode()
    assert sentence in page
    assert "data-k" not in page
    assert client.get("/board/screen/ticket/", headers={"accept": "application/json"}).status_code == 403
    refused = Client().post("/board/screen/entry/", {"secret": screen.secret}, headers={"accept": "application/json"})
    assert refused.status_code == 403
    assert sentence in refused.json()["message"]


def test_a_guessed_secret_opens_nothing(screen: SimpleNamespace) -> None:
    for secret in ("", "x" * 43, screen.row.digest, screen.secret[:-1], "\x00", "э" * 500):
        assert Client().post("/board/screen/entry/", {"secret": secret}).status_code == 403
    assert Client().get("/board/screen/figures/").status_code == 403
    assert "data-k" not in Client().get("/board/screen/").content.decode()


def test_a_supervisor_of_the_house_revokes_and_a_neighbour_finds_nothing(
    cast: SimpleNamespace, signed_in: Any, screen: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/board/screens/{screen.row.pk}/removal/"
    assert signed_in("admin").post(address).status_code == 404  # the fund's
    assert signed_in("alina").post(address).status_code == 403
    told: list[News] = []
    monkeypatch.setattr("opora.appeals.board.screens.publish", told.extend)
    for _ in range(2):
        assert signed_in("timur").post(address).status_code == 302
    assert [item.channels for item in told] == [(f"board:screen-{screen.row.pk}",)]
    assert AuditLine.objects.filter(action="appeals.screen.revoked").count() == 1
    assert opened_status(screen.secret) == 403


def opened_status(secret: str) -> int:
    return Client().post("/board/screen/entry/", {"secret": secret}).status_code


def test_row_security_hides_the_screens_of_a_neighbour(cast: SimpleNamespace, screen: SimpleNamespace) -> None:
    with enter(cast.boris.scope):
        assert Screen.objects.count() == 1
    for who in (cast.vera, cast.admin, cast.filial):
        with enter(who.scope):
            assert not Screen.objects.exists()


def test_a_screen_of_a_closed_organisation_ends(place: SimpleNamespace, screen: SimpleNamespace) -> None:
    place.alfa.closed_on = timezone.localdate() - timedelta(days=2)
    place.alfa.save()
    assert opened_status(screen.secret) == 403


def test_that_a_screen_lives_is_written_now_and_then(screen: SimpleNamespace) -> None:
    find_screen(screen.secret)
    first = Screen.objects.get().seen_at
    find_screen(screen.secret)
    assert Screen.objects.get().seen_at == first
    Screen.objects.update(seen_at=timezone.now() - timedelta(minutes=6))
    find_screen(screen.secret)
    assert Screen.objects.get().seen_at > first


def test_twenty_screens_are_enough(cast: SimpleNamespace, wall: SimpleNamespace) -> None:
    with enter(cast.boris.scope):
        for number in range(MOST):
            make_screen(f"Зал {number}", days=30, by=cast.boris)
        with pytest.raises(TooManyScreens):
            make_screen("Ещё один", days=30, by=cast.boris)


def test_boards_hear_of_every_change_and_nothing_about_it(
    cast: SimpleNamespace, place: SimpleNamespace, wall: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[News] = []
    monkeypatch.setattr(news, "publish", told.extend)
    chain_batch()
    told.clear()
    with enter(cast.alina.scope):
        hand_over(wall.late.pk, to=Target(handler=place.beta), why="Застрахован там", by=cast.alina)
    chain_batch()
    heard = {channel for item in told for channel in item.channels}
    for organisation in (place.alfa, place.beta, place.fund, place.branch):
        assert set(news_of(organisation)) & heard, organisation
    assert {(item.event, len(item.data)) for item in told} == {("board.changed", 0)}


def news_of(organisation: Any) -> list[str]:
    from opora.appeals.views.board import channels_of

    return channels_of(organisation)
