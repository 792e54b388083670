"""Lists: what the words of the address find, who finds it, page after page."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.appeals.intake import NewAppeal, register
from opora.appeals.listing import Filter, details, grants, journal, walk
from opora.appeals.listing.details import due_state
from opora.appeals.listing.totals import _let_through, total
from opora.appeals.models import Appeal, Grant, Words
from opora.appeals.templatetags.appeals import Due
from opora.appeals.templatetags.appeals import due as due_words
from opora.shared.hidden import hide


def found(who: Any, after: str | None = None, **words: Any) -> set[str]:
    if "find" in words:
        words["find"] = hide(words["find"])
    with enter(who.scope):
        page = journal(who, Filter.read(words), after)
        return {line.number for line in details(page.rows, who.scope)}


def names(shelf: SimpleNamespace, *wanted: str) -> set[str]:
    return {getattr(shelf, name).number for name in wanted}


FINDS = [
    ({}, ["mine", "queue", "complaint", "handed"]),
    ({"whose": "mine"}, ["mine"]),
    ({"whose": "queue"}, ["queue"]),
    ({"kind": "complaint"}, ["complaint"]),
    ({"kind": "complaint", "channel": "post", "state": "all"}, ["complaint"]),
    ({"kind": "complaint", "channel": "chat", "state": "all"}, []),
    ({"flags": ["oncology"]}, ["complaint"]),
    ({"flags": ["oncology", "child"]}, []),
    ({"form": "written"}, ["complaint"]),
    ({"topic": "t-policy"}, ["mine", "queue", "handed"]),
    ({"line": "sp3"}, ["complaint"]),
    ({"state": "closed"}, []),
    ({"due": "overdue"}, []),
    ({"find": "ГОСПИТАЛИЗАЦИЯ отказала"}, ["complaint"]),
    ({"find": "полисы"}, ["mine", "queue"]),
    ({"find": "соловьева"}, ["complaint"]),
    ({"find": "Полина Соловьёва-Седая"}, ["complaint"]),
    ({"find": "8 (900) 000-00-01"}, ["complaint"]),
    ({"find": "5476 4108 3500 1236"}, ["complaint"]),
    ({"find": "утерян"}, []),
    ({"find": "никогда такого"}, []),
]


@pytest.mark.parametrize(("words", "wanted"), FINDS, ids=str)
def test_what_the_words_of_an_address_find(
    cast: SimpleNamespace, shelf: SimpleNamespace, words: dict[str, Any], wanted: list[str]
) -> None:
    assert found(cast.alina, **words) == names(shelf, *wanted)


@pytest.mark.parametrize("looked_at", [0, 1, 2])
@pytest.mark.parametrize(("words", "wanted"), FINDS, ids=str)
def test_whatever_is_looked_at_first_the_same_is_found(
    cast: SimpleNamespace,
    shelf: SimpleNamespace,
    words: dict[str, Any],
    wanted: list[str],
    looked_at: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("opora.appeals.listing.page.PROBED", looked_at)
    monkeypatch.setattr("opora.appeals.listing.page.NEAR", looked_at)
    everything = words if words.get("due") or words.get("state") == "closed" else words | {"state": "all"}

    assert found(cast.alina, **words) == names(shelf, *wanted)
    assert found(cast.alina, **everything) >= names(shelf, *wanted)


def test_a_number_and_its_tail(cast: SimpleNamespace, shelf: SimpleNamespace) -> None:
    assert found(cast.alina, number=shelf.queue.number) == {shelf.queue.number}
    assert found(cast.alina, number="3") == {shelf.complaint.number}
    assert found(cast.alina, number=shelf.betas.number) == set()
    assert found(cast.op1, number="1") == names(shelf, "mine", "betas")


COME = ["345", "12-34/567-ОГ", "2026/0000123", "8 900 000-00-00"]


@pytest.mark.parametrize("number", COME)
def test_an_incoming_number_is_typed_as_it_is_written(
    cast: SimpleNamespace, shelf: SimpleNamespace, signed_in: Any, number: str
) -> None:
    Appeal.objects.filter(pk=shelf.mine.pk).update(incoming_number=number)

    assert found(cast.alina, number=number) == names(shelf, "mine")
    assert found(cast.vera, number=number) == set()
    answer = signed_in("alina").post("/appeals/finding/", {"q": f" {number}"})
    assert Filter.read(QueryDict(urlsplit(answer.url).query)) == Filter(number=number)
    if number != "345":  # a tail is a number for everybody
        sealed = signed_in("vera").post("/appeals/finding/", {"q": number}).url
        assert Filter.read(QueryDict(urlsplit(sealed).query)) == Filter(find=number)


def test_a_tail_and_an_incoming_number_may_be_the_same_digits(cast: SimpleNamespace, shelf: SimpleNamespace) -> None:
    Appeal.objects.filter(pk=shelf.mine.pk).update(incoming_number="3")
    assert found(cast.alina, number="3") == names(shelf, "mine", "complaint")


def test_who_sees_what(cast: SimpleNamespace, shelf: SimpleNamespace) -> None:
    assert found(cast.vera) == names(shelf, "handed", "betas")
    assert found(cast.op1) == names(shelf, "mine", "queue", "complaint", "handed", "betas")
    assert found(cast.far) == found(cast.clerk) == set()
    assert found(cast.vera, find="соловьева") == names(shelf, "betas")
    assert found(cast.op1, handler=cast.vera.assignment.organisation_id) == names(shelf, "handed", "betas")


def test_a_shallow_grant_finds_no_words_and_no_people(cast: SimpleNamespace, shelf: SimpleNamespace) -> None:
    """Depth 2 — stage and deadline: neither a text nor a name leads to the appeal, and its line shows neither."""
    Grant.objects.filter(appeal=shelf.complaint).update(depth1=2, depth3=3)

    assert found(cast.alina, find="госпитализация") == found(cast.alina, find="соловьева") == set()
    assert found(cast.sp3, find="госпитализация") == names(shelf, "complaint")
    assert found(cast.sp3, find="89000000001") == found(cast.sp3, find="соловьева") == set()
    with enter(cast.alina.scope):
        line = details(journal(cast.alina, Filter(kind="complaint")).rows, cast.alina.scope)[0]
        assert (line.text, line.applicant, line.row.text, line.row.surname) == (None, None, None, None)


def test_an_appeal_that_only_exists_is_in_no_list(cast: SimpleNamespace, shelf: SimpleNamespace) -> None:
    Grant.objects.filter(appeal=shelf.complaint).update(depth1=1)

    assert shelf.complaint.number not in found(cast.alina) | found(cast.alina, kind="complaint")


def test_words_follow_what_is_amended(cast: SimpleNamespace, shelf: SimpleNamespace) -> None:
    shelf.queue.content.text = "Теперь о диспансеризации"
    shelf.queue.content.save()
    Appeal.objects.filter(pk=shelf.queue.pk).update(flags=["child"])

    assert found(cast.alina, find="диспансеризация") == names(shelf, "queue")
    assert found(cast.alina, find="полис") == names(shelf, "mine")
    assert found(cast.alina, flags=["child"]) == names(shelf, "queue")
    assert found(cast.alina, find="диспансеризация", flags=["child"]) == names(shelf, "queue")
    assert found(cast.alina, find="диспансеризация", kind="complaint", state="all") == set()
    Appeal.objects.filter(pk=shelf.queue.pk).update(kind="complaint")
    assert found(cast.alina, find="диспансеризация", kind="complaint", state="all") == names(shelf, "queue")
    assert found(cast.alina, find="диспансеризация", kind="consultation", state="all") == set()


def test_the_hashes_say_nothing(shelf: SimpleNamespace) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT hashtextextended('1:полис', 0)")
        plain = cursor.fetchone()[0]
    assert all(plain not in row.words for row in Words.objects.all())


@pytest.mark.parametrize(
    "words",
    [{}, {"state": "all"}, {"find": "полис"}, {"kind": "consultation", "channel": "hot_line", "state": "all"}],
    ids=str,
)
def test_pages_leave_nothing_out_and_show_nothing_twice(
    cast: SimpleNamespace, topics: SimpleNamespace, words: dict[str, str]
) -> None:
    with enter(cast.alina.scope):
        for number in range(7):
            register(
                NewAppeal(kind="consultation", topic=topics.policy, channel="hot_line", text=f"Полис {number}"),
                by=cast.alina,
            )
        chosen = Filter.read({**words, "find": hide(words["find"])} if "find" in words else words)
        seen, after = [], None
        while True:
            page = journal(cast.alina, chosen, after, size=3)
            seen += [row.appeal_id for row in page]
            after = page.next
            if after is None:
                break
        assert len(seen) == len(set(seen)) == 7
        everything = [row.appeal_id for rows in walk(cast.alina, chosen, before=timezone.now()) for row in rows]
        assert sorted(everything) == sorted(seen)


def test_what_is_late_today_and_this_week(cast: SimpleNamespace, shelf: SimpleNamespace) -> None:
    now = timezone.now()
    Appeal.objects.filter(pk=shelf.mine.pk).update(due_at=now - timedelta(hours=1))

    assert found(cast.alina, due="overdue") == names(shelf, "mine")
    assert shelf.mine.number not in found(cast.alina, due="week")


def test_an_address_gives_the_same_filter_back() -> None:
    chosen = Filter.read({"whose": "mine", "due": "overdue", "since": "2026-03-01", "flags": ["child"], "owner": "x"})

    assert chosen == Filter(whose="mine", due="overdue", since=chosen.since, flags=("child",))
    assert Filter.read(chosen.words) == chosen
    assert "Соловьёва" not in Filter(find="Соловьёва").query
    assert Filter.read(Filter(find="Соловьёва").words).find == "Соловьёва"


@pytest.mark.parametrize(
    ("due_at", "words"),
    [
        ("2026-11-10 23:59", "просрочено 13 дней"),
        ("2026-11-22 23:59", "просрочено 1 день"),
        ("2026-11-23 15:00", "просрочено 2 часа"),
        ("2026-11-23 16:59", "просрочено 1 минута"),
    ],
)
def test_lateness_is_counted_by_the_calendar_and_alike_everywhere(
    monkeypatch: pytest.MonkeyPatch, due_at: str, words: str
) -> None:
    zone = timezone.get_current_timezone()
    now, due = (datetime.fromisoformat(one).replace(tzinfo=zone) for one in ("2026-11-23 17:00", due_at))
    monkeypatch.setattr(timezone, "now", lambda: now)
    row = SimpleNamespace(due_at=due, closed_at=None, stage="in_work")
    state, said = due_state(due, None, now)
    assert (state, said.replace("\u00a0", " ")) == ("late", words)
    assert due_words(row) == Due("late", said)


MANY = """
WITH more AS (
  INSERT INTO appeals_appeal SELECT (jsonb_populate_record(a, jsonb_build_object(
           'id', gen_random_uuid(), 'number', a.number || '-' || n, 'sequence', a.sequence + 1000 + n))).*
    FROM appeals_appeal a CROSS JOIN generate_series(1, 600) n WHERE a.id = %(appeal)s
  RETURNING id)
INSERT INTO appeals_grant (
       appeal_id, organisation_id, territory, registrar_id, reason, depth1, depth2, depth3, granted_at, registered_at,
       kind, topic_code, channel, stage, line, handler_id, owner_id, due_at, closed_at)
SELECT more.id, organisation_id, territory, registrar_id, reason, depth1, depth2, depth3, granted_at, registered_at,
       kind, topic_code, channel, stage, line, handler_id, owner_id, due_at, closed_at
  FROM appeals_grant CROSS JOIN more WHERE appeal_id = %(appeal)s
"""


def test_a_long_list_says_about_how_long_it_is(cast: Any, shelf: SimpleNamespace) -> None:
    """The planner takes the policy and the list that asks for the same for independent; the page may not."""
    with enter(Scope.system("a longer journal")), connection.cursor() as cursor:
        cursor.execute(MANY, {"appeal": shelf.complaint.id})
        cursor.execute("ANALYZE appeals_grant")
    _let_through.cache_clear()
    chosen = Filter(state="all", kind="complaint")
    with enter(cast.alina.scope):
        told, real = total(cast.alina, chosen), grants(cast.alina, chosen).count()
    _let_through.cache_clear()
    assert real > 600
    assert told is not None
    assert not told.is_exact
    assert 0.7 * real < told.number < 1.4 * real
