"""One key where an answer is read; questions without an answer; nothing of persons is kept."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from opora.knowledge import feedback
from opora.knowledge.asked import key_of, without_persons
from opora.knowledge.models import AnswerCard, CardVote, MissingAnswer

PERSONAL = [
    ("Иванова Мария Петровна 14.03.1985 не может записаться", "… не может записаться"),
    ("мужу сергею вызов на дом", "мужу … вызов на дом"),
    ("полис 5400123412341234 потерял", "полис … потерял"),
    ("звонит ковальчук насчет протонной терапии", "звонит … насчет протонной терапии"),
    ("+7 900 000 11 22", ""),
    ("ivanov@example.ru", ""),
    ("флюшка и больничный", "флюшка и больничный"),
    ("Оплата инсулина", "оплата инсулина"),
]


@pytest.mark.parametrize(("said", "kept"), PERSONAL)
def test_names_and_digits_are_left_out(said: str, kept: str) -> None:
    assert without_persons(said) == kept


def test_the_same_question_has_one_key() -> None:
    assert key_of("потеряла полис") == key_of("полисы … потерял")


def test_a_vote_is_one_key_and_may_change(approved: AnswerCard, signed_in: Any, cast: Any) -> None:
    client, mark = signed_in("alina"), str(uuid4())
    page = client.get(f"/knowledge/{approved.pk}/").content.decode()
    assert 'data-key="V"' in page
    sent = {"mark": mark, "helpful": "1", "q": "где пост Ивановой"}
    assert "Записали" in client.post(f"/knowledge/{approved.pk}/vote/", sent).content.decode()
    client.post(f"/knowledge/{approved.pk}/vote/", sent | {"helpful": "0"})
    vote = CardVote.objects.get()
    assert (vote.is_helpful, vote.words, vote.by) == (False, "где пост …", cast.alina)
    assert MissingAnswer.objects.get().why == "unhelpful"
    use = feedback.use_of(approved)
    assert (use.shown, use.helped, use.unhelped, use.share) == (1, 0, 1, 0)
    assert (
        "показана 1, помогла 0, не помогла 1" in signed_in("boris").get(f"/knowledge/{approved.pk}/").content.decode()
    )


def test_what_is_not_found_goes_to_the_editors(typical: int, signed_in: Any, cast: Any) -> None:
    alina, sp3 = signed_in("alina"), signed_in("sp3")
    alina.get("/knowledge/", {"q": "протонка щщщщ"})
    alina.get("/knowledge/", {"q": "щщщщ протонка 123"})
    row = MissingAnswer.objects.get()
    assert (row.words, row.times, row.why) == ("щщщщ протонка …", 2, "nothing")
    assert "протонка" in sp3.get("/knowledge/missing/").content.decode()
    assert alina.get("/knowledge/missing/").status_code == 403
    sp3.post(f"/knowledge/missing/{row.pk}/closure/")
    assert "Вопросов без ответа нет" in sp3.get("/knowledge/missing/").content.decode()
    alina.get("/knowledge/", {"q": "протонка щщщщ"})
    row.refresh_from_db()
    assert row.closed_at is None


def test_a_search_left_without_opening_is_told(typical: int, signed_in: Any) -> None:
    alina = signed_in("alina")
    assert alina.post("/knowledge/left/", {"q": "потеряла полис"}).status_code == 204
    assert MissingAnswer.objects.get().why == "left"
    alina.post("/knowledge/left/", {"q": "щщщщщ"})
    assert MissingAnswer.objects.count() == 1


def test_a_list_of_another_territory_is_not_seen(typical: int, signed_in: Any) -> None:
    signed_in("alina").post("/knowledge/left/", {"q": "потеряла полис"})
    row = MissingAnswer.objects.get()
    assert row.territory == "50000"
    MissingAnswer.objects.update(territory="01000")
    assert signed_in("sp3").post(f"/knowledge/missing/{row.pk}/closure/").status_code == 404
    assert "Вопросов без ответа нет" in signed_in("sp3").get("/knowledge/missing/").content.decode()


def test_words_and_votes_are_forgotten_in_time(approved: AnswerCard, cast: Any) -> None:
    for helped, days in ((True, 401), (False, 10)):
        given = feedback.vote(
            approved, mark=uuid4(), is_helpful=helped, asked="где кабинет врача", territory="50000", by=cast.alina
        )
        CardVote.objects.filter(pk=given.pk).update(at=timezone.now() - timedelta(days=days))
    MissingAnswer.objects.update(last_on=timezone.localdate() - timedelta(days=91))
    assert feedback.forget_old() == (1, 1)
    assert feedback.forget_old() == (0, 0)
