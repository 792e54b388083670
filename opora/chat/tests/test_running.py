"""Who leads those that answer sees open talks, reads one silently, gives it to somebody else or takes it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from opora.audit.models import AuditLine
from opora.chat import matters, queries, services
from opora.chat.errors import NoSuchColleague, NotYours, TalkClosed
from opora.chat.models import Line, Place, Talk
from opora.chat.services._writing import NewLine
from opora.chat.tests.conftest import KEY, Citizen
from opora.chat.words import State

RUNNING = "/chat/running/"


@pytest.fixture
def talk(citizen: Citizen, cast: SimpleNamespace) -> Talk:
    """Alina leads it and has not answered yet."""
    citizen.say("Где получить полис?", name="Полина Соловьёва")
    return services.take(Talk.objects.get().pk, by=cast.alina)


def waited(talk: Talk, seconds: int) -> None:
    """His line came so long ago; lines are append-only, so a new one is written in the past."""
    Line.objects.create(
        organisation_id=talk.organisation_id, talk=talk, number=talk.last + 1, client_id=uuid4(), author="citizen",
        text="Алло?", at=timezone.now() - timedelta(seconds=seconds),
    )  # fmt: skip
    Talk.objects.filter(pk=talk.pk).update(last=talk.last + 1)
    talk.refresh_from_db()


def answer(talk: Talk, by: Any) -> None:
    services.answer(talk.pk, NewLine(uuid4(), "В любом офисе."), by=by)
    talk.refresh_from_db()


def test_three_colours_by_how_long_he_has_no_answer(talk: Talk, cast: SimpleNamespace) -> None:
    answer(talk, cast.alina)
    (row,) = queries.running(cast.boris)
    assert (row.state, row.asked_at) == ("done", None)
    for seconds, state in ((300, "late"), (70, "late")):
        waited(talk, seconds)
        (row,) = queries.running(cast.boris)
        assert row.state == state, "the first of his lines without an answer counts"
    answer(talk, cast.alina)
    waited(talk, 70)
    assert [row.state for row in queries.running(cast.boris)] == ["today"]


def test_a_taken_talk_without_an_answer_is_a_matter_of_who_leads_it_and_of_her_chief(
    talk: Talk, cast: SimpleNamespace
) -> None:
    def said(who: Any) -> list[tuple[str, str]]:
        return [(matter.text, matter.url) for matter in matters.unanswered(who)]

    assert said(cast.alina) == [], "he has written a moment ago"
    answer(talk, cast.alina)
    waited(talk, 301)
    assert said(cast.alina) == [("В чате ждут вашего ответа больше пяти минут: 1", "/chat/")]
    assert said(cast.boris) == [("В чате без ответа больше пяти минут: 1", RUNNING)]
    assert said(cast.sp2) == said(cast.vera) == []
    answer(talk, cast.alina)
    assert said(cast.alina) == said(cast.boris) == []


def test_who_was_answered_and_is_silent_for_a_day_has_gone(talk: Talk, citizen: Citizen, cast: SimpleNamespace) -> None:
    answer(talk, cast.alina)
    now = timezone.now()
    assert services.close_silent(now + timedelta(hours=23)) == 0
    assert services.close_silent(now + timedelta(hours=25)) == 1
    assert services.close_silent(now + timedelta(hours=25)) == 0
    talk.refresh_from_db()
    assert (talk.state, talk.ending, talk.appeal) == (State.CLOSED, "silent", None)
    assert talk.forget_at is not None
    assert "вы давно не отвечаете" in citizen.lines()["lines"][-1]["text"]
    assert AuditLine.objects.filter(action="chat.close", subject_id=str(talk.pk)).exists()


def test_who_waits_for_an_answer_is_never_left(talk: Talk, citizen: Citizen, cast: SimpleNamespace) -> None:
    late = timezone.now() + timedelta(days=3)
    assert services.close_silent(late) == 0, "taken, not answered"
    answer(talk, cast.alina)
    citizen.say("А в субботу?")
    assert services.close_silent(late) == 0
    services.return_to_queue(talk.pk, level="1", why="", by=cast.alina)
    assert services.close_silent(late) == 0


def test_who_waits_longest_stands_first_and_an_answered_one_last(talk: Talk, cast: SimpleNamespace) -> None:
    answer(talk, cast.alina)
    for one in range(2):
        Citizen(key=f"{one:02d}{KEY[2:]}", address=f"192.0.2.{one + 20}").say(f"Вопрос {one}")
    rows = queries.running(cast.boris)
    assert [row.talk.owner for row in rows] == [None, None, cast.alina]
    assert rows[0].asked_at < rows[1].asked_at  # type: ignore[operator]


@pytest.mark.parametrize(("who", "status"), [("boris", 200), ("alina", 403), ("timur", 403), ("vera", 403)])
def test_who_sees_the_list(signed_in: Any, talk: Talk, who: str, status: int) -> None:
    answer = signed_in(who).get(RUNNING)
    assert answer.status_code == status
    if status == 200:
        page = answer.content.decode()
        assert "Полина Соловьёва" in page
        assert "Алиева" in page
        assert "Где получить полис?" not in page, "words are on a page whose reading is written down"
        assert signed_in(who).get("/chat/").content.decode().count(RUNNING) == 1


def test_nobody_talks_and_it_says_so(signed_in: Any, places: Any) -> None:
    assert "Сейчас никто не говорит" in signed_in("boris").get(RUNNING).content.decode()


def test_another_house_sees_none(talk: Talk, cast: SimpleNamespace) -> None:
    assert queries.running(cast.vera) == []
    assert queries.running(cast.admin) == [], "the fund does not read talks of an insurer"


def test_she_reads_silently_and_the_reading_is_written_down_once(signed_in: Any, talk: Talk, citizen: Citizen) -> None:
    read = AuditLine.objects.filter(action="chat.read")
    leader = signed_in("boris")
    page = leader.get(f"/chat/{talk.pk}/")
    assert "Вы читаете чужой разговор" in page.content.decode()
    before = citizen.lines()
    assert read.count() == 1
    watch = page.context["watch"]
    assert leader.get(f"/chat/{talk.pk}/?watch={watch}").status_code == 200
    assert read.count() == 1, "the same page looks again"
    for other in (f"{watch}x", "", "мимо"):
        leader.get(f"/chat/{talk.pk}/", {"watch": other})
    assert read.count() == 4
    signed_in("sp2").get(f"/chat/{talk.pk}/?watch={watch}")
    assert read.count() == 5, "it is hers alone"
    assert citizen.lines() == before, "he sees nothing of it"


def test_she_gives_it_to_another_and_takes_it_herself(
    signed_in: Any, talk: Talk, citizen: Citizen, cast: SimpleNamespace
) -> None:
    form = signed_in("boris").get(f"/chat/{talk.pk}/handing/").content.decode()
    assert "взять себе" in form
    assert "Где получить полис?" not in form
    sent = {"to": cast.sp2.pk, "why": "Помогите"}
    assert signed_in("boris").post(f"/chat/{talk.pk}/handing/", sent).headers["Location"] == RUNNING
    talk.refresh_from_db()
    assert talk.owner == cast.sp2
    services.hand_over(talk.pk, cast.boris, why="", by=cast.boris)
    services.answer(talk.pk, NewLine(uuid4(), "Здравствуйте."), by=cast.boris)
    assert [line["text"] for line in citizen.lines()["lines"] if line["kind"] == "event"] == [
        "Вам отвечает Алина.", "Вам отвечает Ольга.", "Вам отвечает Борис.",
    ]  # fmt: skip
    taken = AuditLine.objects.filter(action="chat.take").order_by("pk").last()
    assert taken is not None
    assert taken.details == {"former": cast.sp2.pk}
    with pytest.raises(NotYours):
        services.hand_over(talk.pk, cast.sp2, why="", by=cast.alina)


def test_who_waits_is_given_to_somebody(citizen: Citizen, cast: SimpleNamespace) -> None:
    citizen.say()
    talk = Talk.objects.get()
    services.hand_over(talk.pk, cast.alina, why="", by=cast.boris)
    talk.refresh_from_db()
    assert (talk.state, talk.owner) == (State.TAKEN, cast.alina)
    services.return_to_queue(talk.pk, level="2", why="", by=cast.boris)
    talk.refresh_from_db()
    assert (talk.state, talk.level, talk.owner) == (State.WAITING, "2", None)


def test_what_is_over_or_elsewhere_is_not_moved(
    signed_in: Any, talk: Talk, cast: SimpleNamespace, places: SimpleNamespace
) -> None:
    with pytest.raises(NoSuchColleague):
        services.hand_over(talk.pk, cast.vera, why="", by=cast.boris)
    assert signed_in("sp2").get(f"/chat/{talk.pk}/handing/").status_code == 404
    assert signed_in("alfa_admin").get(f"/chat/{talk.pk}/handing/").status_code == 200
    services.drop(talk.pk, why="Ошибся", by=cast.alina)
    with pytest.raises(TalkClosed):
        services.hand_over(talk.pk, cast.boris, why="", by=cast.boris)
    assert signed_in("boris").get(f"/chat/{talk.pk}/handing/").status_code == 404
    assert Place.objects.count() == 2


def test_the_list_costs_one_query(talk: Talk, cast: SimpleNamespace, django_assert_num_queries: Any) -> None:
    queries.running(cast.boris)  # her assignment is read once
    with django_assert_num_queries(1):
        assert queries.running(cast.boris)
