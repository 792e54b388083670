"""People told in a year: kept sums say what the contacts say, whatever happens to the touches."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from opora.access.scope import Scope, enter
from opora.informing.models import Informed, ToldCount, Touch
from opora.informing.monthly import nightly
from opora.informing.tests.crowd import campaign, people
from opora.informing.told import keeping
from opora.informing.told.queries import Told, told
from opora.informing.told.words import STREAMS, stream_of
from opora.organisations.models import Organisation

SUMS = ("year", "month", "territory", "insurer", "stream", "informed", "repeated", "contacts")
YEARS = range(2025, 2028)
# Of nobody's statement but this one: people by measure and channel, counted over touches.
PLAIN = """
SELECT count(DISTINCT person_id), count(*) FROM informing_touch
 WHERE state IN ('sent', 'delivered', 'silent', 'done') AND purpose IN ('invite', 'remind') AND sent_at IS NOT NULL
   AND outcome NOT IN ('call_later', 'no_answer', 'busy', 'wrong_number', 'foreign_person', 'undelivered', 'returned',
                       'impossible', 'withdrawn')
   AND measure = ANY(%s) AND channel = ANY(%s) AND insurer_id = ANY(%s) AND (sent_at AT TIME ZONE zone)::date <= %s
"""
ENDS = (("delivered", "delivered"), ("failed", "undelivered"), ("silent", ""), ("sent", ""))


def kept() -> list[tuple[Any, ...]]:
    return sorted(ToldCount.objects.values_list(*SUMS), key=str)


def touch(made: Any, random: Random, number: int, person: int, insurer: Organisation) -> Touch:
    at = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=random.randrange(300))
    state, outcome = random.choice(ENDS)
    return Touch(
        year=2026, campaign_id=made.pk, wave_id=1, round=number, person_id=person, territory="50000", lane="bulk",
        zone="Asia/Novosibirsk", not_before=at, sent_at=at, state=state, outcome=outcome, insurer=insurer,
        measure=random.choice(("screening", "checkup", "observation", "fertility")), purpose="invite",
        channel=random.choice(("sms", "letter", "email")),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_sums_follow_a_random_stream_of_touches(place: SimpleNamespace, seed: int) -> None:
    random, numbers, made = Random(seed), count(1), campaign(place)
    crowd = [one.pk for one in people(place, 6)]
    homes = [place.alfa, place.branch, place.beta]
    for _ in range(5):
        Touch.objects.bulk_create(
            touch(made, random, next(numbers), random.choice(crowd), random.choice(homes)) for _ in range(8)
        )
        for one in Touch.objects.filter(state__in=("sent", "silent")):
            if random.random() < 0.5:
                Touch.objects.filter(year=one.year, id=one.id).update(state="failed", outcome="undelivered")
        for one in Touch.objects.filter(state="delivered"):
            if random.random() < 0.2:
                Touch.objects.filter(year=one.year, id=one.id).update(sent_at=random.choice((None, one.sent_at)))
        nightly.fold_year(2026)
        followed = kept()
        assert keeping.recount(YEARS) == 0
        ToldCount.objects.all().delete()
        assert keeping.recount(YEARS) == len(followed)
        assert kept() == followed
    owners = {place.alfa: homes[:2], place.branch: homes[1:2], place.beta: homes[2:], None: homes}
    for insurer, whose in owners.items():
        for until in (date(2026, 4, 30), date(2026, 12, 31)):
            said = told("50000", insurer and insurer.pk, date(2026, 1, 1), until) or {}
            for stream in STREAMS:
                measures, channels = (sorted({pair[n] for pair in stream.pairs()}) for n in (1, 2))
                with connection.cursor() as cursor:
                    cursor.execute(PLAIN, [measures, channels, [one.pk for one in whose], until])
                    counted = cursor.fetchone()
                one = said.get(stream.name, Told())
                assert (one.informed, one.contacts) == counted, (stream.name, insurer, until)


def test_a_retracted_touch_lowers_the_sums_and_a_broken_sum_is_found(place: SimpleNamespace) -> None:
    made, (person,) = campaign(place), people(place, 1)
    for number, (month, state) in enumerate(((2, "sent"), (3, "sent"), (5, "sent")), start=1):
        at = datetime(2026, month, 10, tzinfo=UTC)
        Touch.objects.create(
            year=2026, campaign_id=made.pk, wave_id=1, round=number, person_id=person.pk, territory="50000",
            lane="bulk", zone="Asia/Novosibirsk", not_before=at, sent_at=at, state=state, insurer=place.alfa,
            measure="screening", purpose="invite", channel="sms",
        )  # fmt: skip

    def sums(until: date) -> Told:
        return (told("50000", place.alfa.pk, date(2026, 1, 1), until) or {}).get("prevention", Told())

    nightly.fold_year(2026)
    assert [sums(date(2026, month, 28 if month == 2 else 31)) for month in (1, 2, 3, 12)] == [
        Told(), Told(1, 0, 1), Told(1, 1, 2), Told(1, 1, 3)
    ]  # fmt: skip
    Touch.objects.filter(round=1).update(state="failed", outcome="undelivered")
    nightly.fold_year(2026)
    assert [sums(date(2026, month, day)) for month, day in ((2, 28), (3, 31), (5, 31))] == [
        Told(), Told(1, 0, 1), Told(1, 1, 2)
    ]  # fmt: skip
    Touch.objects.filter(round__gt=1).update(sent_at=None)
    nightly.fold_year(2026)
    assert Informed.objects.count() == 1
    assert not ToldCount.objects.exists()
    Touch.objects.filter(round__gt=1).update(sent_at=datetime(2026, 6, 1, tzinfo=UTC))
    nightly.fold_year(2026)
    right = kept()
    ToldCount.objects.filter(stream="prevention").update(informed=7)
    wrong = ToldCount.objects.filter(stream="prevention").count()
    assert keeping.recount(YEARS) == wrong > 0
    assert kept() == right


def test_days_that_are_no_months_from_the_first_are_not_answered(place: SimpleNamespace) -> None:
    assert told("50000", None, date(2026, 2, 1), date(2026, 2, 28)) is None
    assert told("50000", None, date(2026, 1, 1), date(2026, 3, 15)) is None
    assert told("50000", None, date(2025, 1, 1), date(2026, 12, 31)) is None
    assert told("50000", None, date(2026, 1, 1), date(2026, 12, 31)) is None


def test_an_insurer_sees_its_own_sums(place: SimpleNamespace, cast: Any) -> None:
    for insurer in (place.alfa, place.beta, None):
        ToldCount.objects.create(year=2026, month=1, territory="50000", insurer=insurer, stream="adults", informed=1,
                                 repeated=0, contacts=1)  # fmt: skip
    with enter(cast.vera.scope):
        own = set(ToldCount.objects.values_list("insurer", flat=True))
    assert own == {cast.vera.scope.insurer} != {None}
    with enter(Scope()):
        assert not ToldCount.objects.exists()


def test_forms_find_their_streams() -> None:
    assert stream_of(["checkup", "screening", "extended", "observation"], None) == "adults"
    assert stream_of(None, ["robot", "call"]) == "phone"
    assert stream_of(["checkup"], ["sms"]) is None
