"""The memo: rooms in order, only those of check-ups that are due, sent once by a channel he did not refuse."""

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.rights import Right
from opora.access.scope import enter
from opora.channels.models import Provider
from opora.channels.ports import Accepted, Outgoing, Refused
from opora.insured.eligibility import Decision, Measure, Reason
from opora.insured.models import Consent, Person
from opora.posts import memos, rooms
from opora.posts.errors import PostsError
from opora.posts.models import Memo, Stop
from opora.posts.rooms import NewStop


class Line:
    """A provider that keeps what it was given, or refuses."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.given: list[Outgoing] = []
        self.refuses = refuses

    async def __aenter__(self) -> "Line":
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def send(self, message: Outgoing) -> Any:
        self.given.append(message)
        if self.refuses:
            return Refused(message.reference, "away", is_permanent=False)
        return Accepted(message.reference, ("1",))


@pytest.fixture
def due(monkeypatch: pytest.MonkeyPatch) -> list[Measure]:
    """What Polina is due is said here: the rules have tests of their own."""
    found = [Measure.SCREENING]

    def told(*_: Any, **__: Any) -> tuple[list[Decision], None]:
        return [Decision(measure=one, reason=Reason.DUE, year=2026, age=41) for one in found], None

    monkeypatch.setattr(memos, "of_person", told)
    return found


@pytest.fixture
def way(cast: SimpleNamespace, place: SimpleNamespace) -> list[Stop]:
    with enter(cast.alina.scope):
        return [
            rooms.add_stop(place.site, NewStop(title, room, note, codes), by=cast.alina)
            for title, room, note, codes in (
                ("Забор крови", "12, первый этаж", "натощак", ()),
                ("Терапевт", "20", "", ("screening", "checkup")),
                ("Спирометрия", "31", "", ("extended",)),
            )
        ]


@pytest.fixture
def sms(place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Line:
    Provider.objects.create(organisation=place.alfa, channel="sms", kind="standin", title="СМС Альфы")
    line = Line()
    monkeypatch.setattr(memos, "gateway", lambda kind: SimpleNamespace(session=lambda *_: line))
    monkeypatch.setattr(memos.reach, "call_window", lambda now: SimpleNamespace(is_open=True, changes_at=now))
    return line


def test_the_way_holds_what_is_due(
    way: list[Stop], due: list[Measure], polina: Person, place: SimpleNamespace, cast: SimpleNamespace
) -> None:
    with enter(cast.alina.scope):
        assert [one.title for one in memos.route(polina, place.site, cast.alina).stops] == ["Забор крови", "Терапевт"]
        due[:] = [Measure.EXTENDED]
        found = memos.route(polina, place.site, cast.alina)
        assert [one.title for one in found.stops] == ["Забор крови", "Спирометрия"]
        due[:] = []
        assert memos.route(polina, place.site, cast.alina).stops == []
    text = memos.text_of(found)
    assert "1. Забор крови: 12, первый этаж (натощак)" in text
    assert polina.surname not in text


def test_rooms_change_places(way: list[Stop], place: SimpleNamespace, cast: SimpleNamespace) -> None:
    def order() -> list[str]:
        return [one.title for one in rooms.stops_of(place.site, cast.alina)]

    with enter(cast.alina.scope):
        rooms.move_stop(way[2], up=True, by=cast.alina)
        assert order() == ["Забор крови", "Спирометрия", "Терапевт"]
        rooms.move_stop(way[0], up=True, by=cast.alina)
        rooms.remove_stop(way[2], by=cast.alina)
        assert order() == ["Забор крови", "Терапевт"]


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (NewStop("", "1"), "что делают"),
        (NewStop("Терапевт", " "), "кабинет"),
        (NewStop("А", "1", "", ("song",)), "нет"),
    ],
)
def test_a_room_says_what_and_where(place: Any, cast: Any, new: NewStop, why: str) -> None:
    with enter(cast.alina.scope), pytest.raises(PostsError, match=why):
        rooms.add_stop(place.site, new, by=cast.alina)


def test_another_insurer_has_rooms_of_its_own(way: list[Stop], place: SimpleNamespace, cast: SimpleNamespace) -> None:
    with enter(cast.vera.scope):
        assert rooms.stops_of(place.site, cast.vera) == []
        assert not Stop.objects.exists()  # the second belt
    with enter(cast.clerk.scope):
        assert not Stop.objects.accessible_to(cast.clerk).exists()


def test_who_may_not_look_into_the_register_finds_nobody_here(
    signed_in: Any, polina: Person, cast: SimpleNamespace
) -> None:
    role = cast.alina.assignment.role
    role.rights = [one for one in role.rights if one not in {Right.INSURED_SEARCH, Right.INSURED_VIEW}]
    role.save()
    post = signed_in("alina")
    assert post.get("/posts/rooms/").status_code == 200
    assert post.post("/posts/memo/", {"who": polina.surname}).status_code == 403
    assert post.get(f"/posts/memo/{polina.pk}/").status_code == 403


def test_a_memo_goes_once(
    way: list[Stop], due: list[Measure], polina: Person, place: SimpleNamespace, cast: SimpleNamespace, sms: Line
) -> None:
    with enter(cast.alina.scope):
        made = memos.send(polina, place.site, channel="sms", by=cast.alina)
    assert memos.send_due() == 1
    assert memos.send_due() == 0
    made.refresh_from_db()
    assert (made.state, made.attempts) == ("sent", 1)
    [message] = sms.given
    assert (message.to, message.reference) == ("79000000001", made.pk)
    assert "Терапевт: 20" in message.text


def test_a_refusal_is_tried_thrice(
    way: list[Stop], due: Sequence[Measure], polina: Person, place: SimpleNamespace, cast: SimpleNamespace, sms: Line
) -> None:
    sms.refuses = True
    with enter(cast.alina.scope):
        made = memos.send(polina, place.site, channel="sms", by=cast.alina)
    for _ in range(4):
        Memo.objects.filter(state="waiting").update(not_before=made.asked_at)
        memos.send_due()
    made.refresh_from_db()
    assert (made.state, len(sms.given)) == ("failed", memos.MOST_ATTEMPTS)
    assert made.why


def test_who_refused_is_not_written_to(
    way: list[Stop], due: list[Measure], polina: Person, place: SimpleNamespace, cast: SimpleNamespace, sms: Line
) -> None:
    Consent.objects.create(
        person=polina, channel="sms", purpose="informing", is_granted=False, decided_on=date(2026, 1, 12)
    )
    with enter(cast.alina.scope), pytest.raises(PostsError, match="просил"):
        memos.send(polina, place.site, channel="sms", by=cast.alina)


@pytest.mark.parametrize("channel", ["email", "pigeon"])
def test_a_channel_that_is_not_there(way: Any, due: Any, polina: Any, place: Any, cast: Any, channel: str) -> None:
    with enter(cast.alina.scope), pytest.raises(PostsError, match="Так отправить нельзя"):
        memos.send(polina, place.site, channel=channel, by=cast.alina)


def test_pages(
    signed_in: Any, way: list[Stop], due: list[Measure], polina: Person, place: SimpleNamespace, sms: Line
) -> None:
    client = signed_in("alina")
    assert place.site.name in client.get("/posts/rooms/").content.decode()
    at = f"/posts/rooms/{place.site.pk}/"
    assert client.post(at, {"title": "", "room": "1"}).status_code == 422
    assert client.post(at, {"title": "ЭКГ", "room": "7"}).status_code == 302
    assert client.get(f"/posts/rooms/stops/{way[0].pk}/").status_code == 200
    assert client.post(f"/posts/rooms/stops/{way[0].pk}/acts/", {"what": "down"}).status_code == 302
    page = " ".join(client.get(f"/posts/memo/{polina.pk}/").content.decode().split())
    for part in ("Терапевт", "ЭКГ", "Кабинет 12, первый этаж", "натощак", "диспансеризация"):
        assert part in page, part
    assert "Спирометрия" not in page
    assert client.post(f"/posts/memo/{polina.pk}/", {"channel": "sms", "site": place.site.pk}).status_code == 302
    assert Memo.objects.get().channel == "sms"
    assert "Соловьёва" in client.post("/posts/memo/", {"who": polina.enp}).content.decode()
    assert signed_in("vera").get(f"/posts/memo/{polina.pk}/").status_code == 404
    assert signed_in("vera").get(f"/posts/rooms/stops/{way[0].pk}/").status_code == 404


def test_memos_are_forgotten(way: Any, due: Any, polina: Any, place: Any, cast: Any, sms: Line) -> None:
    with enter(cast.alina.scope):
        made = memos.send(polina, place.site, channel="sms", by=cast.alina)
    assert memos.forget() == 0
    Memo.objects.update(asked_at=made.asked_at - memos.KEPT * 2)
    assert memos.forget() == 1
