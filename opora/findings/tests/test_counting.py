"""Facts follow the journal: read bit by bit or made anew they are the same rows, whatever happened between."""

import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from opora.access.scope import enter
from opora.appeals import services
from opora.appeals.intake import NewReason
from opora.appeals.models import Appeal
from opora.appeals.services import Target
from opora.appeals.waits import NewWait
from opora.findings import counting
from opora.findings.models import Cursor, Day, Fact
from opora.findings.tests.conftest import Journal

CELL = ("territory", "day", "insurer_id", "provider_id", "what", "code", "suspicion", "kind")


def days() -> list[Any]:
    return sorted(Day.objects.values_list(*CELL, "number", "over", "days"))


def facts() -> list[Any]:
    return sorted(map(str, Fact.objects.values_list("appeal_id", *CELL, "days", "is_over")))


def test_a_complaint_and_a_wait_are_facts_of_their_clinic(
    journal: Journal, chained: Callable[[], None], place: SimpleNamespace
) -> None:
    journal.complaint(place.clinic, place.clinic2)
    journal.wait(place.clinic, 60)
    journal.wait(place.clinic, 5)
    chained()
    counting.follow()

    alfa, one, two = place.alfa.pk, place.clinic.pk, place.clinic2.pk
    told = Day.objects.order_by("what", "provider_id").values_list(
        "insurer_id", "provider_id", "what", "code", "number", "over", "days"
    )
    assert list(told) == [
        (alfa, one, "topic", "t-quality", 1, 0, []),
        (alfa, two, "topic", "t-quality", 1, 0, []),
        (alfa, one, "wait", "SPEC", 2, 1, [5, 60]),
    ]


def test_a_complaint_about_waiting_is_a_wait_of_no_service(
    journal: Journal, chained: Callable[[], None], place: SimpleNamespace, topics: SimpleNamespace
) -> None:
    journal.complaint(place.clinic, topic=topics.waiting)
    chained()
    counting.follow()
    assert list(Day.objects.order_by("what").values_list("what", "code")) == [("topic", "t-waiting"), ("wait", "")]


def test_what_is_put_right_moves_its_count(
    journal: Journal, chained: Callable[[], None], cast: SimpleNamespace, place: SimpleNamespace
) -> None:
    appeal = journal.wait(place.clinic, 60)
    chained()
    counting.follow()
    opened = journal.complaint(place.clinic)
    with enter(cast.alina.scope):
        services.hand_over(opened.pk, to=Target(handler=place.fund), why="Решает фонд", by=cast.alina)
    chained()
    counting.follow()
    assert set(Fact.objects.values_list("appeal_id", "insurer_id")) == {(appeal.pk, place.alfa.pk), (opened.pk, 0)}
    assert counting.follow() == counting.Counted(0, 0, 0)


@pytest.mark.parametrize("seed", range(4))
def test_bit_by_bit_is_the_same_as_anew(
    seed: int, journal: Journal, chained: Callable[[], None], cast: SimpleNamespace, place: SimpleNamespace
) -> None:
    chance = random.Random(seed)
    clinics, made = [place.clinic, place.clinic2, None], []
    for _ in range(25):
        _something(chance, journal, clinics, made, cast, place)
        if chance.random() < 0.3:
            chained()
            counting.follow(most=chance.choice([1, 3, 1000]))
    chained()
    counting.follow(most=7)
    read = days(), facts()
    counting.rebuild()
    assert (days(), facts()) == read
    Cursor.objects.update(turn=0)  # the same turns a second time
    counting.follow()
    assert (days(), facts()) == read


def _something(
    chance: random.Random, journal: Journal, clinics: list[Any], made: list[Appeal], cast: Any, place: Any
) -> None:
    what = chance.choice(["complaint", "wait", "amend", "hand_over", "amend"])
    clinic = chance.choice(clinics)
    who = chance.choice([cast.alina, cast.vera])
    still = [one for one in made if Appeal.objects.get(pk=one.pk).handler_id == place.alfa.pk]
    if what == "complaint" or not still:
        topic = chance.choice([journal.topics.quality, journal.topics.waiting])
        appeal = journal.complaint(clinic, topic=topic, by=who)
        made += [appeal] if who is cast.alina else []
    elif what == "wait":
        journal.wait(clinic, chance.randrange(90), by=who)
    elif what == "amend":
        wait = NewWait(service="DIAG", days=chance.randrange(60), provider_id=clinic.pk if clinic else None)
        reason = NewReason(topic=journal.topics.waiting, provider_id=clinic.pk if clinic else None)
        with enter(cast.alina.scope):
            services.amend(chance.choice(still).pk, changes={"wait": wait, "reasons": [reason]}, by=cast.alina)
    else:
        with enter(cast.alina.scope):
            services.hand_over(chance.choice(still).pk, to=Target(handler=place.fund), why="Фонду", by=cast.alina)


def test_who_is_far_behind_counts_everything_anew(
    journal: Journal, chained: Callable[[], None], place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.complaint(place.clinic)
    chained()
    monkeypatch.setattr(counting, "FAR", 0)
    assert counting.follow() == counting.Counted(0, 0, 1)
    assert Day.objects.get().number == 1


def test_a_number_may_be_seen_where_the_row_is_not(
    journal: Journal, chained: Callable[[], None], cast: SimpleNamespace, place: SimpleNamespace
) -> None:
    journal.complaint(place.clinic)
    chained()
    counting.follow()
    sees = {}
    for name in ("alina", "vera", "clerk", "op2"):
        with enter(getattr(cast, name).scope):
            sees[name] = (Day.objects.count(), Fact.objects.count())
    assert sees["alina"] == (1, 1)
    assert sees["vera"] == sees["clerk"] == (0, 0)
    assert sees["op2"][0] == 1


def test_people_do_not_write_counts(journal: Journal, cast: SimpleNamespace, place: SimpleNamespace) -> None:
    cell = {
        "territory": "50000",
        "day": "2026-03-02",
        "insurer_id": place.alfa.pk,
        "what": "topic",
        "kind": "complaint",
    }
    with pytest.raises(DatabaseError), transaction.atomic(), enter(cast.sp3.scope):
        Day.objects.create(**cell, number=1, over=0)
