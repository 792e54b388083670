"""Who has the card open, and the two addresses of the room in the web process."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from conftest import PASSWORD
from opora.access.scope import enter
from opora.live import tickets
from opora.live.models import Kept, Presence
from opora.live.place import HERE
from opora.live.services import LIFE_SECONDS, announce_presence

CARD = "appeal:0199aaaa"


def announce(who: Any, session: str = "mark") -> list[str]:
    with enter(who.scope):
        return [
            present.name.replace("\N{NO-BREAK SPACE}", " ")
            for present in announce_presence(CARD, by=who, session=session)
        ]


def test_others_are_named_and_not_oneself(cast: SimpleNamespace) -> None:
    assert announce(cast.alina) == []
    assert announce(cast.boris) == ["Алиева А."]
    assert announce(cast.alina, session="her phone") == ["Борисов Б."]
    assert announce(cast.boris) == ["Алиева А."]


def test_another_card_is_another_company(cast: SimpleNamespace) -> None:
    announce(cast.alina)
    with enter(cast.boris.scope):
        assert announce_presence("appeal:0199bbbb", by=cast.boris, session="m") == []


def test_half_a_minute_of_silence_and_she_is_gone(cast: SimpleNamespace) -> None:
    announce(cast.alina)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE live_presence SET until = until - make_interval(secs => %s)", [LIFE_SECONDS + 1])
    assert announce(cast.boris) == []
    assert list(Presence.objects.values_list("employee", flat=True)) == [cast.boris.pk]


def test_those_already_there_are_told_once_of_who_comes(cast: SimpleNamespace) -> None:
    announce(cast.alina)
    assert not Kept.objects.exists(), "there was nobody to tell"
    announce(cast.boris)
    announce(cast.boris)
    assert Kept.objects.get().body == f'[[["{CARD}"],"presence",{{"by":{cast.boris.pk}}}]]'


def test_the_fund_learns_whose_colleague_it_is_and_the_insurer_no_more_than_a_name(cast: SimpleNamespace) -> None:
    announce(cast.alina)
    with enter(cast.op1.scope):
        (seen,) = announce_presence(CARD, by=cast.op1, session="m")
    assert seen.place == "СМО Альфа"
    with enter(cast.alina.scope):
        (seen,) = announce_presence(CARD, by=cast.alina, session="mark")
    assert (seen.name.replace("\N{NO-BREAK SPACE}", " "), seen.place) == ("Первова И.", "")


def test_the_page_announces_by_the_sealed_name(cast: SimpleNamespace, signed_in: Any) -> None:
    address = reverse("live:presence")
    assert signed_in("alina").post(address, {"subject": tickets.name(cast.alina, CARD)}).status_code == 200
    answer = signed_in("boris").post(address, {"subject": tickets.name(cast.boris, CARD)})
    assert "Алиева" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("subject", ["", CARD, "abc.def", "org:1"])
def test_without_a_sealed_name_there_is_no_card(signed_in: Any, subject: str) -> None:
    assert signed_in("vera").post(reverse("live:presence"), {"subject": subject}).status_code == 404
    assert not Presence.objects.exists()


def test_a_sealed_name_is_good_for_its_owner_only(cast: SimpleNamespace, signed_in: Any) -> None:
    stolen = tickets.name(cast.alina, CARD)
    assert signed_in("vera").post(reverse("live:presence"), {"subject": stolen}).status_code == 404


def test_the_ticket_is_of_this_session_and_this_assignment(
    cast: SimpleNamespace, signed_in: Any, settings: Any
) -> None:
    client = signed_in("alina")
    answer = client.get(reverse("live:ticket"), headers={"X-Background": "1"})
    ticket = tickets.read(answer.json()["ticket"], secret=settings.SECRET_KEY)
    assert (ticket.employee, ticket.assignment) == (cast.alina.pk, cast.alina.assignment.pk)
    assert len(ticket.session) == 16
    assert "no-store" in answer.headers["Cache-Control"]


def test_her_session_may_listen_until_she_signs_out(cast: SimpleNamespace, settings: Any, client: Any) -> None:
    """The mark in the ticket is the one that the stream process makes of the session's key in SQL."""
    client.post("/sign-in/", {"login": "alina", "password": PASSWORD})
    word = client.get(reverse("live:ticket")).json()["ticket"]
    ticket = tickets.read(word, secret=settings.SECRET_KEY)
    assert allowed(ticket) == [ticket.who]
    client.post("/sign-out/")
    assert allowed(ticket) == []


def allowed(ticket: tickets.Ticket) -> list[Any]:
    columns = ("employees", "assignments", "marks", "journal")
    with connection.cursor() as cursor:
        asked = dict(zip(columns, ([value] for value in ticket.who), strict=True))
        cursor.execute((HERE / "sql" / "still_allowed.sql").read_text(), asked)
        return cursor.fetchall()


def test_without_an_assignment_there_is_no_ticket(cast: SimpleNamespace, signed_in: Any) -> None:
    client = signed_in("alina")
    cast.alina.assignments.update(until="2020-02-01")
    assert client.get(reverse("live:ticket")).status_code == 204


@pytest.mark.parametrize(
    ("port", "proxy", "host", "address"),
    [
        (8001, False, "localhost:8000", "http://localhost:8001/live/events"),
        (0, True, "localhost", "/live/events"),
        (0, False, "localhost", ""),
        (8001, False, "[::1]:8000", ""),
    ],
)
def test_where_a_page_listens(signed_in: Any, settings: Any, port: int, proxy: bool, host: str, address: str) -> None:
    settings.LIVE_PORT, settings.BEHIND_PROXY = port, proxy
    page = signed_in("alina").get("/", headers={"Host": host}).content.decode()
    assert f'data-address="{address}"' in page
    assert "live/live.js" in page


def test_nobody_signed_in_listens_to_nothing(db: None, client: Any) -> None:
    page = client.get("/sign-in/").content.decode()
    assert "data-ticket" not in page
    assert "live/live.js" not in page
