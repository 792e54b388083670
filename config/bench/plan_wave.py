"""``informing.plan`` — a wave judged and laid over days, held against a bare INSERT … SELECT of as many touches."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from django.db import connection

from config.bench.bulk import bulk, sweep
from config.bench.frame import Bench, Round, work
from config.bench.population import territory_of
from opora.access.scope import Scope, enter
from opora.informing.models import Campaign, PlanEntry, Template
from opora.informing.services import create, launch
from opora.organisations.models import Organisation
from opora.simulation.people.plan import FULL_SCALE

SYSTEM = Scope.system("the bench plans a wave of invented people")
FILLED = ("insured_person", "insured_contact", "insured_consent", "informing_planentry")
WRITTEN = ("informing_touch", "informing_exclusion", "informing_touchtally")
TERRITORY, YEAR = "99990", 2026
PEOPLE = """
INSERT INTO insured_person (territory_id, surname, given_name, patronymic, birth_on, sex, insurer_id, provider_id,
                            language, time_zone, enp_is_confirmed, died_on)
SELECT %(territory)s, 'Замерова' || n, 'Анна', 'Петровна', date '1950-01-01' + n %% 18000, 2, %(insurer)s,
       (%(clinics)s::bigint[])[1 + n %% 40], 'ru', '', true, CASE WHEN n %% 100 = 0 THEN date '2025-05-05' END
  FROM generate_series(1, %(people)s) n
"""
CONTACTS = """
INSERT INTO insured_contact (person_id, kind, value, normalised, phone_kind, owner, state, source)
SELECT id, 'phone', id, 79000000000 + id, CASE WHEN id %% 20 = 0 THEN 'landline' ELSE 'mobile' END, 'self',
       CASE WHEN id %% 30 = 0 THEN 'wrong' ELSE 'unconfirmed' END, 'register'
  FROM insured_person WHERE territory_id = %(territory)s
"""
REFUSALS = """
INSERT INTO insured_consent (person_id, channel, purpose, is_granted, decided_on, source)
SELECT id, 'sms', 'informing', false, date '2026-01-05', 'call'
  FROM insured_person WHERE territory_id = %(territory)s AND id %% 25 = 0
"""
PLAN = """
INSERT INTO informing_planentry (year, measure, person_id, insurer_id, territory, provider_id, month, state, excluded,
                                 passed_on, added_at)
SELECT %(year)s, 'checkup', id, insurer_id, territory_id, provider_id, 1 + id %% 12,
       CASE WHEN id %% 10 = 0 THEN 'passed' ELSE 'open' END, '',
       CASE WHEN id %% 10 = 0 THEN date '2026-02-02' END, now()
  FROM insured_person WHERE territory_id = %(territory)s
"""
BARE = """
INSERT INTO informing_touch (year, campaign_id, wave_id, round, person_id, channel, territory, insurer_id, provider_id,
                             measure, purpose, lane, zone, contact_id, address, template_id, state, outcome, reason,
                             not_before, until, planned_at, attempts, claimed_by, message_id, segments, cost)
SELECT year, campaign_id, wave_id, round, person_id, 'email', territory, insurer_id, provider_id, measure, purpose,
       lane, zone, contact_id, address, template_id, state, outcome, reason, not_before, until, planned_at, attempts,
       claimed_by, message_id, segments, cost
  FROM planned
"""


@work(
    "informing.plan",
    unit="s",
    bar=("<= 3", "figure <= 120"),
    note="Планирование волны: исключения, дни клиник, часы; предел — INSERT … SELECT тех же строк",
    needs_people=False,
)
def plan(bench: Bench) -> Iterator[Round]:
    people = round(FULL_SCALE * bench.scale)
    with enter(SYSTEM):
        insurer, clinics = _house()
    bench.say(f"informing.plan: {people} человек")
    _fill(insurer, clinics, people)
    with enter(SYSTEM):
        campaign = _ready(insurer)
    for number in bench.rounds:
        bench.say(f"informing.plan: волна {number + 1}")
        measured: list[Round] = []
        try:
            with enter(SYSTEM):
                measured.append(_round(campaign))
                raise _Undone  # noqa: TRY301 - nothing of a round stays
        except _Undone:
            sweep(*WRITTEN)
            yield from measured


class _Undone(Exception):
    """Ends the transaction of a round."""


def _round(campaign: Campaign) -> Round:
    began = time.perf_counter()
    wave, found = launch(campaign.pk, by=None)
    figure = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE planned ON COMMIT DROP AS SELECT * FROM informing_touch"
            " WHERE year = %s AND wave_id = %s",
            [YEAR, wave.pk],
        )
        began = time.perf_counter()
        cursor.execute(BARE)
        limit = time.perf_counter() - began
    also = {"planned": float(found.people), "excluded": float(sum(found.excluded.values()))}
    return Round(figure, limit, also)


def _house() -> tuple[Organisation, list[int]]:
    territory = territory_of(TERRITORY, time_zone="Asia/Novosibirsk")
    insurer, _ = Organisation.objects.get_or_create(
        kind="insurer", code=f"{TERRITORY}1", defaults={"name": "СМО замера", "territory": territory}
    )
    clinics = [
        Organisation.objects.get_or_create(
            kind="provider", code=f"{TERRITORY}{n:03}", defaults={"name": f"Клиника {n}", "territory": territory}
        )[0].pk
        for n in range(40)
    ]
    return insurer, clinics


def _fill(insurer: Organisation, clinics: list[int], people: int) -> None:
    """Bring people, their phones and the plan, once."""
    with enter(SYSTEM):
        if PlanEntry.objects.filter(year=YEAR, insurer=insurer).exists():
            return
    given: dict[str, Any] = {
        "territory": TERRITORY,
        "insurer": insurer.pk,
        "clinics": clinics,
        "people": people,
        "year": YEAR,
    }
    with bulk(*FILLED) as link:
        for statement in (PEOPLE, CONTACTS, REFUSALS, PLAN):
            link.execute(statement, given)


def _ready(insurer: Organisation) -> Campaign:
    Template.objects.get_or_create(
        organisation=insurer,
        measure="checkup",
        purpose="invite",
        channel="sms",
        defaults={"text": "{имя_отчество}, вам положен бесплатный профосмотр. {клиника}"},
    )
    return Campaign.objects.filter(insurer=insurer).first() or create(
        insurer=insurer,
        title="Замер",
        measure="checkup",
        year=YEAR,
        ladder=[{"channel": "sms"}],
        limits={"per_day": 100_000, "per_clinic_day": 5_000},
        holdout=5,
        by=None,
    )
