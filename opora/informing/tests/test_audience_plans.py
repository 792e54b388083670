"""Forty people of a hundred thousand are judged by their keys, many by sets: one text, and the planner chooses."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from opora.informing import planning
from opora.informing.models import Campaign, PlanEntry, Roll, Template, Touch
from opora.informing.services import launch
from opora.informing.tests.crowd import campaign, people, planned, reported
from opora.insured.models import Consent, Contact, Person
from opora.shared.sql import text

PEOPLE = 100_000
BIG = (
    "insured_person", "insured_contact", "insured_consent", "informing_touch_2026", "informing_planentry_2026",
    "informing_reported",
)  # fmt: skip
BY_KEY = "(cardinality(%(people)s::bigint[]) = 0 OR person_id = ANY(%(people)s::bigint[]))"
FILL = """
INSERT INTO insured_person (territory_id, surname, given_name, patronymic, birth_on, sex, insurer_id, provider_id,
                            language, time_zone, enp_is_confirmed)
SELECT %(territory)s, 'Планова' || n, 'Анна', '', '1980-01-01', 2, %(insurer)s, %(provider)s, 'ru', '', true
  FROM generate_series(1, %(people)s) n;
INSERT INTO insured_contact (person_id, kind, value, normalised, phone_kind, owner, state, source)
SELECT id, 'phone', id, 79000000000 + id, 'mobile', 'self', 'unconfirmed', 'register' FROM insured_person;
INSERT INTO insured_consent (person_id, channel, purpose, is_granted, decided_on, source)
SELECT id, 'sms', 'informing', true, '2026-01-05', 'call' FROM insured_person;
INSERT INTO informing_planentry (year, measure, person_id, insurer_id, territory, provider_id, state, excluded,
                                 added_at)
SELECT 2026, 'checkup', id, insurer_id, territory_id, provider_id, 'open', '', now() FROM insured_person;
INSERT INTO informing_touch (year, campaign_id, wave_id, round, person_id, channel, territory, insurer_id, measure,
                             purpose, lane, zone, address, state, outcome, reason, not_before, planned_at, attempts,
                             claimed_by, message_id, segments, cost)
SELECT 2026, %(other)s, 0, 1, id, 'sms', territory_id, insurer_id, 'screening', 'invite', 'bulk', '', '', 'planned', '',
       '', now(), now(), 0, '', '', 1, 0
  FROM insured_person;
INSERT INTO informing_reported (roll_id, place, territory, insurer_id, person_id, measure, channel, purpose, "on", key,
                                sequence, outcome, reason, note)
SELECT %(roll)s, row_number() OVER (), territory_id, insurer_id, id, 'screening', 'call', 'invite', '2026-02-02', id,
       '', 'answered', '', ''
  FROM insured_person;
ANALYZE insured_person, insured_contact, insured_consent, informing_planentry, informing_touch, informing_reported;
"""


@pytest.fixture
def crowd(place: SimpleNamespace) -> SimpleNamespace:
    """A hundred thousand, each with a phone, a word about SMS, a contact of a partner and a touch that waits."""
    other = campaign(place, title="Диспансеризация", measure="screening")
    roll = Roll.objects.create(territory=place.nsk, insurer=place.alfa, format="test", name="r.xml")
    facts = {
        "territory": place.nsk.pk, "insurer": place.alfa.pk, "provider": place.clinic.pk, "other": other.pk,
        "roll": roll.pk, "people": PEOPLE,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(FILL, facts)
    return place


def plan_of(statement: str, given: dict[str, Any]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (COSTS OFF) " + statement, given)
        return [line for (line,) in cursor.fetchall()]


def swept(made: Campaign) -> list[str]:
    """Return the great tables that the judgement of the next wave reads from end to end."""
    given = planning.next_step(made).judge() | {"most": planning.FEW}
    found = [line for name in ("audience", "judge") for line in plan_of(text(planning.SQL / f"{name}.sql"), given)]
    return [table for table in BIG if any(f"Seq Scan on {table}" in line for line in found)]


@pytest.mark.slow
def test_forty_people_are_fetched_by_their_keys(crowd: SimpleNamespace) -> None:
    some = list(Person.objects.order_by("pk").values_list("pk", flat=True)[10_000:10_040])
    by_name = campaign(crowd, title="Поимённо", lane="urgent", audience={"people": some})
    assert swept(by_name) == []
    planned(crowd, [Person.objects.get(pk=one) for one in some], measure="hospital")
    Template.objects.create(
        organisation=crowd.alfa, measure="hospital", purpose="invite", channel="sms", text="{имя}, ждём вас"
    )
    by_measure = campaign(crowd, title="Госпитализация", measure="hospital", lane="urgent", ladder=[{"channel": "sms"}])
    assert swept(by_measure) == []
    assert {launch(one.pk, by=None)[0].planned for one in (by_name, by_measure)} == {40}
    everybody = campaign(crowd, title="Все")
    assert "insured_person" in swept(everybody)
    judgement, given = text(planning.SQL / "judge.sql"), planning.next_step(everybody).judge()
    assert plan_of(judgement, given) == plan_of(judgement.replace(BY_KEY, "true"), given), "sets are judged as ever"


def test_by_keys_and_by_sets_come_to_the_same(place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    some = people(place, 12)
    planned(place, some[:10], month=3)
    planned(place, some[10:11], month=5)
    planned(place, some[11:])
    died, asked, no_phone, told, touched, here = some[:6]
    Person.objects.filter(pk=died.pk).update(died_on="2026-01-10")
    Consent.objects.create(
        person=asked, channel="sms", purpose="informing", is_granted=False, decided_on="2026-01-05"
    )  # fmt: skip
    Contact.objects.filter(person=no_phone).update(state="wrong")
    reported(place, told, "refused")
    planned(place, [touched], measure="screening")
    Template.objects.create(
        organisation=place.alfa, measure="screening", purpose="invite", channel="sms", text="{имя}, ждём вас"
    )
    launch(campaign(place, title="Другая", measure="screening", ladder=[{"channel": "sms"}]).pk, by=None)
    PlanEntry.objects.filter(person=here, measure="checkup").update(state="passed", passed_on="2026-02-01")
    made = campaign(place, audience={"months": [3], "late_months": False})
    ways = {}
    for few in (planning.FEW, 3):
        monkeypatch.setattr(planning, "FEW", few)
        step = planning.next_step(made)
        ways[few] = judged(step), bool(step.judge()["people"])
    (by_keys, is_keyed), (by_sets, is_swept) = ways.values()
    assert by_keys == by_sets
    assert (is_keyed, is_swept) == (True, False)
    assert len(by_keys) == 11  # May is not asked for, who has no month is
    assert sorted(reason for _, reason, _ in by_keys if reason) == sorted(
        ["dead", "no_consent", "no_contact", "refused", "too_often", "passed"]
    )
    assert Touch.objects.count() == 1


def test_an_audience_of_nobody_is_not_everybody(place: SimpleNamespace) -> None:
    planned(place, people(place, 2), month=3)
    made = campaign(place, audience={"months": [5], "late_months": False})
    step = planning.next_step(made)
    assert step.judge()["people"] == planning.NOBODY
    assert planning.dry_run(step).planned == 0


def judged(step: planning.Step) -> list[Iterable[object]]:
    with planning._judged(step), connection.cursor() as cursor:
        cursor.execute("SELECT person_id, reason, address FROM judged ORDER BY person_id")
        return list(cursor.fetchall())
