"""A final answer that came back: seen by who has the appeal and her supervisor until something is done about it."""

from types import SimpleNamespace
from typing import Any

import pytest

from opora.access.errors import RightMissing
from opora.access.scope import enter
from opora.appeals import errors, story, undelivered
from opora.appeals.listing import Filter, journal
from opora.appeals.models import Event
from opora.appeals.tests.test_carrying import assert_row_is_its_fold, do, row
from opora.appeals.tests.test_register import question, registered
from opora.shared.attention import Matter

HERS = "Ответы не дошли до заявителей: 1"
HOUSE = "Ответы организации не дошли до заявителей: 1"


def matters(who: Any) -> list[Matter]:
    with enter(who.scope):
        return [*undelivered.of_hers(who), *undelivered.of_house(who)]


def texts(who: Any) -> list[str]:
    return [matter.text for matter in matters(who)]


def listed(who: Any, **words: Any) -> list[Any]:
    with enter(who.scope):
        return [grant.appeal_id for grant in journal(who, Filter.read({"answer": "undelivered", **words}))]


def answered(who: Any, appeal: Any) -> Any:
    answer = do(who, "prepare_answer", appeal, text="Ответ.")
    do(who, "send_answer", answer.pk, channel="post")
    return answer.pk


@pytest.fixture
def lost(cast: SimpleNamespace, topics: SimpleNamespace) -> Any:
    """Answered by post, closed, and then the letter came back."""
    appeal = registered(cast.sp2, question(topics, channel="post", mine=True)).id
    registered(cast.sp2, question(topics, channel="post", mine=True))
    answer = answered(cast.sp2, appeal)
    do(cast.sp2, "close", appeal, outcome="consulted")
    assert texts(cast.sp2) == []
    do(cast.sp2, "confirm_delivery", answer, failed_why="Адресат выбыл")
    return appeal


def test_an_answer_that_bounced_after_closing_is_a_matter_of_the_owner_and_the_supervisor(
    cast: SimpleNamespace, lost: Any, signed_in: Any
) -> None:
    assert texts(cast.sp2) == [HERS, HOUSE]
    assert texts(cast.boris) == [HOUSE]
    for stranger in (cast.vera, cast.far, cast.clerk):
        assert texts(stranger) == listed(stranger) == []
    assert listed(cast.sp2) == listed(cast.sp2, whose="mine") == listed(cast.boris) == [lost]
    page = signed_in("sp2").get("/")
    [matter] = [matter for matter in page.context["matters"] if matter.text == HERS]
    shown = signed_in("sp2").get(matter.url)
    assert row(lost).number in shown.content.decode()
    assert "Ответ не дошёл" in shown.content.decode()


def test_saying_what_was_done_ends_it(cast: SimpleNamespace, lost: Any, signed_in: Any) -> None:
    at = f"/appeals/{row(lost).number}/acts/settle_undelivered/"
    page = signed_in("sp2")
    assert "acts/settle_undelivered" in page.get(f"/appeals/{row(lost).number}/").content.decode()
    assert page.post(at, {"version": row(lost).version, "done": "Прочитала ответ по телефону"}).status_code == 302

    assert texts(cast.sp2) == texts(cast.boris) == listed(cast.boris) == []
    noted = Event.objects.get(appeal=lost, kind="noted")
    assert noted.text == "Прочитала ответ по телефону"
    assert story.sentence(noted.kind, noted.details, story.named([noted])) == "Заметка: ответ не дошёл, что сделали"
    assert "acts/settle_undelivered" not in page.get(f"/appeals/{row(lost).number}/").content.decode()
    assert_row_is_its_fold(lost)
    with pytest.raises(errors.AnswerNotReady):
        do(cast.sp2, "settle_undelivered", lost, done="Ещё раз")


@pytest.mark.parametrize(("who", "refusal"), [("timur", RightMissing), ("vera", errors.NotFound)])
def test_who_may_not_say_it(cast: SimpleNamespace, lost: Any, who: str, refusal: Any) -> None:
    with pytest.raises(refusal):
        do(getattr(cast, who), "settle_undelivered", lost, done="Позвонили")


def test_a_later_answer_ends_it_until_it_comes_back_too(cast: SimpleNamespace, lost: Any) -> None:
    do(cast.boris, "reopen", lost, why="Ответ не дошёл")
    assert texts(cast.boris) == [HOUSE]
    again = answered(cast.boris, lost)
    assert texts(cast.sp2) == texts(cast.boris) == []
    do(cast.boris, "confirm_delivery", again, failed_why="Нет такого адреса")
    assert listed(cast.boris) == [lost]


def test_an_open_one_waits_until_it_is_withdrawn(cast: SimpleNamespace, topics: SimpleNamespace) -> None:
    appeal = registered(cast.sp2, question(topics, channel="post", mine=True)).id
    do(cast.sp2, "confirm_delivery", answered(cast.sp2, appeal), failed_why="Адресат выбыл")
    assert texts(cast.sp2) == [HERS, HOUSE]
    do(cast.sp2, "close", appeal, outcome="withdrawn", why="Отозвал по телефону")
    assert texts(cast.sp2) == []
