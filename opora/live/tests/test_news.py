"""What may be told, and how it goes into few messages."""

import json
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from opora.live.models import Kept
from opora.live.news import MOST_BYTES, News, batches, publish
from opora.live.place import HERE
from opora.shared.sql import text


def news(number: int = 1, **data: object) -> News:
    return News(("org:12:queue:sp2", "emp:34"), "appeal.registered", {"number": f"2026-{number}", **data})


@pytest.mark.parametrize("channel", ["org:12", "org:12:counters", "appeal:0199aabb-1", "emp:3", "org:7:queue:op1"])
def test_channels(channel: str) -> None:
    assert News((channel,), "changed").channels == (channel,)


@pytest.mark.parametrize("channel", ["", "org", "org:", "orgs:1", "ORG:1", "org:1:", "org:1 emp:2", "emp:1\n", "org:*"])
def test_what_is_no_channel(channel: str) -> None:
    with pytest.raises(ValueError, match="not channels"):
        News((channel,), "changed")


@pytest.mark.parametrize("word", ["surname", "name", "text", "phone", "enp", "applicant", "snils"])
def test_personal_data_have_no_word(word: str) -> None:
    with pytest.raises(ValueError, match=f"not to be told aloud: {word}"):
        news(**{word: "Соловьёва"})


def test_dates_and_uuids_are_written_plainly() -> None:
    (body,) = batches([news(due_at=datetime(2026, 3, 2, tzinfo=UTC), id=UUID(int=5))])
    assert json.loads(body)[0][2] == {
        "number": "2026-1",
        "due_at": "2026-03-02T00:00:00+00:00",
        "id": "00000000-0000-0000-0000-000000000005",
    }


def test_many_news_fit_into_few_messages_and_none_is_lost() -> None:
    bodies = list(batches([news(number, topic="12.3.4") for number in range(500)]))
    assert len(bodies) < 10
    assert all(len(body.encode()) <= MOST_BYTES for body in bodies)
    assert [item[2]["number"] for body in bodies for item in json.loads(body)] == [f"2026-{n}" for n in range(500)]


def test_one_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        list(batches([news(topic="ы" * MOST_BYTES)]))


def test_nothing_to_tell_is_nothing(db: None) -> None:
    assert publish([]) == 0
    assert not Kept.objects.exists()


def test_news_are_heard_when_the_transaction_commits_and_not_before(db: None) -> None:
    """By connections of its own: the transaction of a test never commits."""
    known = {"dbname", "user", "password", "host", "port", "sslmode"}
    parameters = {name: value for name, value in connection.get_connection_params().items() if name in known}
    (body,) = batches([news(1), news(2)])
    with (
        psycopg.connect(**parameters, autocommit=True) as ear,
        psycopg.connect(**parameters, autocommit=True) as mouth,
    ):
        ear.execute("LISTEN opora_live")
        with mouth.transaction():
            mouth.execute(text(HERE / "sql" / "keep_and_tell.sql"), {"body": body})
            assert not list(ear.notifies(timeout=0.3))
        (note,) = ear.notifies(timeout=5, stop_after=1)
        with mouth.transaction(force_rollback=True):
            mouth.execute(text(HERE / "sql" / "keep_and_tell.sql"), {"body": body})
        assert not list(ear.notifies(timeout=0.3))
        kept = mouth.execute("DELETE FROM live_kept RETURNING id, body").fetchall()
    number, _, told = note.payload.partition(" ")
    assert told == body
    assert kept == [(int(number), body)]


def test_published_news_are_kept(db: None) -> None:
    assert publish([news(1)]) == 1
    assert json.loads(Kept.objects.get().body) == [
        [["org:12:queue:sp2", "emp:34"], "appeal.registered", {"number": "2026-1"}]
    ]


def test_old_news_go_and_the_newest_of_them_stays(db: None) -> None:
    from opora.live.news import _prune

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO live_kept (at, body) SELECT now() - make_interval(secs => s), '[]'"
            " FROM unnest(ARRAY[400, 300, 200, 60, 1]) s RETURNING id"
        )
        first, second, anchor, young, newest = (row[0] for row in cursor.fetchall())
    assert _prune()[0].gone == 2
    assert {first, second}.isdisjoint(Kept.objects.values_list("pk", flat=True))
    assert list(Kept.objects.order_by("pk").values_list("pk", flat=True)) == [anchor, young, newest]


def test_both_tables_are_unlogged_and_numbers_outlive_a_crash(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, relpersistence FROM pg_class WHERE relname LIKE 'live_%'")
        kinds = dict(cursor.fetchall())
    assert (kinds["live_kept"], kinds["live_presence"], kinds["live_kept_id_seq"]) == ("u", "u", "p")
