"""What a tablet tells is in the journal once, or waits for a person with the reason; nothing is thrown away."""

import json
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opora.access.scope import enter
from opora.appeals.models import Appeal, Draft, Party
from opora.insured.models import Person
from opora.organisations.models import Post
from opora.posts import envelopes, registering, services, taking, views
from opora.posts.door import Door
from opora.posts.envelopes import Envelope
from opora.posts.errors import EnvelopeBroken, RecordSettled
from opora.posts.models import Arrival, Record, Seal
from opora.posts.taking import Taken

QUESTION = {"kind": "consultation", "topic": "t-policy", "answered": True, "answer": "Полис действует.", "text": ""}


@pytest.fixture
def post(place: SimpleNamespace) -> Post:
    return Post.objects.create(organisation=place.alfa, site=place.site, room="12")


@pytest.fixture
def seal(cast: SimpleNamespace, topics: SimpleNamespace) -> Seal:
    with enter(cast.alina.scope):
        return services.seal_of(cast.alina)


@pytest.fixture(params=["while the tablet waits", "by the worker"])
def tell(
    request: Any, monkeypatch: pytest.MonkeyPatch, cast: SimpleNamespace, seal: Seal, post: Post
) -> Callable[..., Taken]:
    """Tell one record and return what has become of it in the end."""
    if request.param == "by the worker":
        monkeypatch.setattr(taking, "AT_ONCE", 0)

    def told(
        *, key: UUID | None = None, now: datetime | None = None, by: Any = None, to: Seal = seal, **fields: Any
    ) -> Taken:
        at = fields.pop("at", timezone.now().isoformat())
        sealed, who = closed({**QUESTION, "at": at, **fields}, to, key), by or cast.alina
        [first] = sent_in([sealed], who, post=post, now=now)
        if first.state != "waiting":
            return first
        assert registering.register_waiting(rest=0) is False
        assert not Arrival.objects.exists()
        [settled] = sent_in([sealed], who, post=post, now=now)
        return settled

    return told


def sent_in(
    batch: list[Envelope], by: Any, *, post: Post | None = None, now: datetime | None = None, asks: Any = ()
) -> list[Taken]:
    with enter(by.scope):
        return taking.take(batch, post=post, device_now=now or timezone.now(), by=by, asks=asks)


def closed(record: dict[str, Any], seal: Seal, key: UUID | None = None) -> Envelope:
    return envelopes.close_envelope(record, key=key or uuid4(), seal=seal.pk, public=seal.public, nonce=os.urandom(12))


def test_an_answered_question_is_closed_with_the_moment_of_the_talk(tell: Any, post: Post, polina: Person) -> None:
    talked = timezone.now() - timedelta(hours=5)
    taken = tell(at=talked.isoformat(), enp=polina.enp)

    appeal = Appeal.objects.get()
    assert (taken.state, taken.number) == ("accepted", appeal.number)
    assert (appeal.stage, appeal.channel, appeal.topic_code) == ("closed", "clinic_post", "t-policy")
    assert abs(appeal.received_at - talked) < timedelta(seconds=5)
    assert Party.objects.get().person_id == polina.pk
    row = Record.objects.get()
    assert (row.appeal_id, row.post, row.body) == (appeal.pk, post, {})


def test_what_is_passed_on_waits_in_the_queue(tell: Any) -> None:
    assert tell(kind="complaint", topic="t-quality", answered=False, text="Лечили плохо.").state == "accepted"
    assert Appeal.objects.get().stage == "registered"


def test_the_same_record_again_is_answered_not_written(tell: Any) -> None:
    key = uuid4()
    first, second = tell(key=key), tell(key=key)
    assert first == second
    assert Appeal.objects.count() == Record.objects.count() == 1


@pytest.mark.parametrize("wrong", [timedelta(days=1), timedelta(days=-1)])
def test_a_clock_wrong_by_a_day_moves_no_appeal(tell: Any, wrong: timedelta) -> None:
    talked = timezone.now() - timedelta(hours=2)
    tell(at=(talked + wrong).isoformat(), now=timezone.now() + wrong)
    assert abs(Appeal.objects.get().received_at - talked) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"topic": "t-nothing"}, "нет в версии"),
        ({"kind": "song"}, "Вид обращения"),
        ({"answered": False}, "о чём говорил"),
        ({"answered": True, "answer": "", "text": "Где полис?", "surname": "Иванов"}, "Запишите ответ"),
        ({"birth_on": "30.02", "surname": "Иванов"}, "Дата рождения"),
        ({"surname": "И" * 101}, "не читается"),
        ({"text": "знак\x00"}, "не читается"),
        ({"text": "\ud800", "more": {"\x00": "\ud800\x00"}}, "не читается"),
        ({"at": "9999-12-31T23:59:59-14:00"}, "не раскрывается"),
        ({"at": (timezone.now() - timedelta(days=61)).isoformat()}, "старше 60 дней"),
        ({"at": "вчера"}, "не раскрывается"),
    ],
)
def test_what_cannot_be_registered_is_kept_with_the_reason(tell: Any, fields: dict[str, Any], why: str) -> None:
    taken = tell(**fields)

    assert (taken.state, Appeal.objects.count()) == ("kept", 0)
    assert why in taken.sentence
    row = Record.objects.get()
    assert row.body["answer"] == fields.get("answer", "Полис действует.")


@pytest.mark.parametrize(
    "typed",
    [{"surname": "Иванова"}, {"given_name": "Анна"}, {"surname": "Соловьева Седая", "birth_on": "1985-03-15"}],
    ids=["surname", "given name", "birth date"],
)
def test_a_number_of_somebody_else_registers_nobody(tell: Any, polina: Person, typed: dict[str, str]) -> None:
    taken = tell(enp=polina.enp, **typed)
    assert (taken.state, Appeal.objects.count()) == ("kept", 0)
    assert "у другого человека" in taken.sentence
    assert polina.surname not in taken.sentence
    assert Record.objects.get().body["enp"] == polina.enp


@pytest.mark.parametrize("surname", ["соловьева-седая", "Чижикова", ""], ids=["hers", "former", "none"])
def test_a_number_with_her_own_name_is_her(tell: Any, polina: Person, surname: str) -> None:
    assert tell(enp=polina.enp, surname=surname, birth_on="1985-03-14").state == "accepted"
    assert Party.objects.get().person_id == polina.pk


def test_a_record_sealed_to_a_lost_key_is_kept_as_it_came(cast: SimpleNamespace, seal: Seal, post: Post) -> None:
    sent = closed({**QUESTION, "at": timezone.now().isoformat()}, seal)
    stranger = Envelope(sent.key, uuid4(), sent.point, sent.nonce, sent.text)
    [taken] = sent_in([stranger], cast.alina, post=post)
    assert taken.state == "kept"
    assert envelopes.read(Record.objects.get().body["sealed"]) == stranger


def test_a_record_in_trouble_becomes_a_draft_once(tell: Any, cast: SimpleNamespace) -> None:
    tell(topic="t-nothing", surname="Иванов", text="Где полис?")
    key = Record.objects.get().key
    with enter(cast.alina.scope):
        draft = services.into_draft(key, by=cast.alina)
        with pytest.raises(RecordSettled):
            services.into_draft(key, by=cast.alina)
    kept = Draft.objects.get(pk=draft)
    assert (kept.body["surname"], kept.body["text"], kept.body["channel"]) == (
        ["Иванов"],
        ["Где полис?"],
        ["clinic_post"],
    )
    assert Record.objects.get().body == {}


def test_a_key_of_another_insurer_is_not_told_and_what_came_under_it_is_kept(tell: Any, cast: SimpleNamespace) -> None:
    key = uuid4()
    theirs = tell(key=key)
    with enter(cast.vera.scope):
        assert not Record.objects.accessible_to(cast.vera).exists()
        assert not Record.objects.exists()
        hers = services.seal_of(cast.vera)

    for _ in range(2):
        taken = tell(key=key, by=cast.vera, to=hers)
        assert (taken.state, taken.number) == ("waiting", "")
    assert tell(key=key) == theirs
    assert Appeal.objects.count() == 1
    assert [one.key for one in sent_in([], cast.vera, asks=[key])] == []
    with enter(cast.vera.scope):
        kept = Record.objects.get()
    assert "уже занят" in kept.trouble
    assert kept.key != key


def test_each_house_has_a_pair_of_its_own(cast: SimpleNamespace, seal: Seal) -> None:
    pairs = {seal.pk}
    for who in (cast.vera, cast.op1):
        with enter(who.scope):
            own = services.seal_of(who)
            assert own.insurer_id == who.scope.insurer
            assert services.seal_of(who) == own
        pairs.add(own.pk)
    assert len(pairs) == 3


def test_a_record_stays_as_it_came(tell: Any) -> None:
    tell()
    for change in ("UPDATE posts_record SET trouble = 'x'", "DELETE FROM posts_record"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.integers(0, 400))
def test_no_damage_opens_and_none_makes_it_fall(junk: bytes, where: int) -> None:
    public, private = envelopes.make_pair()
    sent = envelopes.close_envelope({"text": "Тайна"}, key=uuid4(), seal=uuid4(), public=public, nonce=os.urandom(12))
    assert envelopes.open_envelope(sent, private) == {"text": "Тайна"}
    spoiled = bytearray(sent.text)
    spoiled[where % len(spoiled)] ^= 1
    for damaged in (
        Envelope(sent.key, sent.seal, sent.point, sent.nonce, bytes(spoiled)),
        Envelope(uuid4(), sent.seal, sent.point, sent.nonce, sent.text),
        Envelope(sent.key, sent.seal, junk, sent.nonce, sent.text),
        Envelope(sent.key, sent.seal, sent.point, sent.nonce, junk),
    ):
        with pytest.raises(EnvelopeBroken):
            envelopes.open_envelope(damaged, private)


def sent(client: Client, body: Any) -> Any:
    raw = body if isinstance(body, str) else json.dumps(body, default=str)
    return client.post("/posts/tablet/records/", raw, content_type="application/json")


def test_a_batch_over_http(signed_in: Any, seal: Seal, post: Post, cast: SimpleNamespace) -> None:
    alina = signed_in("alina")
    day = alina.get("/posts/tablet/day.json").json()
    assert day["seal"] == {"id": str(seal.pk), "key": seal.public}
    assert [one["id"] for one in day["posts"]] == [post.pk]
    now = timezone.now().isoformat()
    records = [closed({**QUESTION, "at": now}, seal), closed({**QUESTION, "at": now, "topic": "t-nothing"}, seal)]
    written = [envelopes.written(one) for one in records]
    body = {"employee": cast.alina.pk, "post": post.pk, "now": now, "records": written, "asks": []}

    answers = sent(alina, body).json()["records"]

    assert [one["state"] for one in answers] == ["accepted", "kept"]
    page = alina.get("/posts/").content.decode()
    assert f'href="/appeals/{answers[0]["number"]}/"' in page
    assert "Нужно оформить: 1" in page
    opened = alina.post(f"/posts/{records[1].key}/draft/")
    assert "/appeals/new/?draft=" in opened["Location"]


def test_a_batch_of_a_colleague_waits_for_her(signed_in: Any, seal: Seal, post: Post, cast: SimpleNamespace) -> None:
    now = timezone.now().isoformat()
    written = [envelopes.written(closed({**QUESTION, "at": now}, seal))]
    body = {"employee": cast.alina.pk, "post": post.pk, "now": now, "records": written, "asks": []}

    refused = sent(signed_in("sp2"), body)

    assert refused.status_code == 409
    assert "другой сотрудник" in refused.json()["sentence"]
    assert not Arrival.objects.exists()
    assert sent(signed_in("alina"), body).json()["records"][0]["state"] == "accepted"
    assert Record.objects.get().employee == cast.alina


def test_a_page_that_does_not_say_whose_records_it_sends_is_asked_to_renew(signed_in: Any, topics: Any) -> None:
    asked = {"post": 0, "now": timezone.now().isoformat(), "records": [], "asks": [str(uuid4())]}
    refused = sent(signed_in("alina"), asked)
    assert refused.status_code == 400
    assert "Обновите страницу" in refused.json()["sentence"]


def test_a_batch_that_finds_the_door_shut_is_asked_to_come_again(
    signed_in: Any, topics: Any, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "DOOR", Door(wait=0.01))
    alina = signed_in("alina")
    whose = {"employee": cast.alina.pk, "post": 0}
    asked = {**whose, "now": timezone.now().isoformat(), "records": [], "asks": [str(uuid4())]}
    with views.DOOR.enter():
        answer = sent(alina, asked)
        assert (answer.status_code, answer["Retry-After"]) == (503, "3")
        assert "сам" in answer.json()["sentence"]
    assert sent(alina, {**asked, "asks": "?"}).status_code == 400, "what does not read holds up nobody"
    monkeypatch.setattr(views, "DOOR", Door())
    assert sent(alina, asked).json() == {"records": []}


FIRST_MOMENT = '{"employee": 1, "post": 1, "now": "0001-01-01T00:00:00+14:00", "records": [], "asks": []}'


@pytest.mark.parametrize(
    "body",
    [
        *("", "{}", "[]", "null", "9" * 5000, FIRST_MOMENT),
        '{"employee": 1, "post": 1, "now": "x", "records": []}',
        '{"employee": 1, "post": 1, "now": "2026-01-01T00:00:00+00:00", "records": [], "asks": []}',
        '{"employee": 1, "post": 1, "now": "2026-01-01T00:00:00+00:00", "records": [], "asks": ["x"]}',
    ],
)
def test_a_batch_that_does_not_read_is_refused_whole(signed_in: Any, topics: Any, body: str) -> None:
    answer = sent(signed_in("alina"), body)
    assert answer.status_code == 422 or answer.status_code == 400
    assert "цело" in answer.json()["sentence"]
    assert not Record.objects.exists()
    assert not Arrival.objects.exists()


def test_who_may_not_register_has_no_tablet(signed_in: Any, topics: Any) -> None:
    assert signed_in("auditor").get("/posts/tablet/").status_code == 403
    assert sent(signed_in("auditor"), {}).status_code == 403
