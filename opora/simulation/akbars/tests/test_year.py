"""A year that is made up keeps every promise of a real one, and its rows add up to the published figures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Count, Sum

from opora.access.scope import Scope, enter
from opora.informing.models import Attempt, Campaign, PlanEntry, Roll, Seal, Touch, TouchTally, Visit, Wave
from opora.informing.yearly import YearOfStream, what_informs
from opora.reports import definitions, following
from opora.reports.counting import Report
from opora.reports.periods import Period
from opora.reports.subjects import Subject
from opora.simulation.akbars.carry import working_days
from opora.simulation.akbars.errors import OtherYear
from opora.simulation.akbars.rest import live_rest
from opora.simulation.akbars.targets import scaled, targets
from opora.simulation.akbars.world import CODE, HOME, World
from opora.simulation.akbars.year import live

SCALE = float(os.environ.get("YEAR_SCALE", "0.001"))
pytestmark = pytest.mark.django_db
type Year = tuple[World, list[YearOfStream]]


@pytest.fixture(scope="module")
def year(django_db_setup: None, django_db_blocker: Any) -> Iterator[Year]:
    """One year for all tests of this file; nothing of it stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        with enter(Scope.system("test")):
            yield live(SCALE, 1)
        transaction.set_rollback(True)


def rows(question: str, **given: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        return cursor.fetchall()


def test_targets_are_rounded_in_one_way() -> None:
    whole = targets(1)
    assert [(one.informed, one.repeated) for one in whole.streams] == [(2641342, 1692978), (753509, 329380)]
    assert whole.contacts == 5417209
    assert [round(one.informed * 100 / one.planned, 1) for one in whole.streams] == [108.7, 103.4]
    assert scaled(1692978, 0.0005) == 846  # 846.489
    assert scaled(3, 0.5) == 2  # 1.5


def test_counted_rows_come_to_the_published_figures(year: Year) -> None:
    world, counted = year
    aims = {one.name: one for one in world.targets.streams}
    assert {one.stream: (one.informed, one.repeated) for one in counted} == {
        name: (aim.informed, aim.repeated) for name, aim in aims.items()
    }
    assert sum(one.contacts for one in counted) == world.targets.contacts
    assert {one.stream: one.planned for one in counted} == {name: aim.planned for name, aim in aims.items()}


def test_the_report_of_indicators_says_the_same(year: Year) -> None:
    """The report counts contacts of the monthly table; here people are counted from touches, by another statement."""
    world, _ = year
    day = date(world.targets.year, 12, 31)
    subject = Subject(HOME, world.insurer.pk, world.insurer.name, CODE)
    with enter(Scope.system("test")):
        pack = definitions.current("smo-indicators", day, HOME)[1]
        table = Report(pack, subject, Period.read(str(day.year))).table("1")
        said = {row: table.value(row, "value") for row in ("3a", "3b", "3c", "3d", "3a.plan", "3b.plan")}
        told = rows(
            """SELECT measure = 'observation', count(*), count(*) FILTER (WHERE times > 1)
                 FROM (SELECT measure, person_id, count(*) AS times FROM informing_touch
                        WHERE purpose IN ('invite', 'remind') AND state IN ('sent', 'delivered', 'silent', 'done')
                          AND outcome NOT IN ('call_later', 'no_answer', 'busy', 'wrong_number', 'foreign_person',
                                              'undelivered', 'returned', 'impossible', 'withdrawn')
                        GROUP BY 1, 2) people GROUP BY 1 ORDER BY 1"""
        )
        shares = [table.value(row, "value") for row in ("3a.share", "3b.share")]
    aims = {one.name: one for one in world.targets.streams}
    assert told == [(False, said["3a"], said["3c"]), (True, said["3b"], said["3d"])]
    assert (said["3a.plan"], said["3b.plan"]) == (aims["prevention"].planned, aims["observation"].planned)
    assert shares == [Decimal("108.7"), Decimal("103.4")]


# Each row by its own question to the rows of the rooms: no fact, no form, no measure has a part in it. The insurer has
# no branches, its territory lives by Moscow.
PLAIN = """
WITH told AS (
  SELECT measure = 'observation' AS observed, person_id, count(*) AS times
    FROM informing_touch
   WHERE insurer_id = %(insurer)s AND purpose IN ('invite', 'remind')
     AND state IN ('sent', 'delivered', 'silent', 'done')
     AND outcome NOT IN ('call_later', 'no_answer', 'busy', 'wrong_number', 'foreign_person', 'undelivered', 'returned',
                         'impossible', 'withdrawn')
     AND extract(year FROM sent_at AT TIME ZONE zone) = %(year)s
   GROUP BY observed, measure, person_id),
planned AS (
  SELECT measure = 'observation' AS observed FROM informing_planentry
   WHERE insurer_id = %(insurer)s AND year = %(year)s AND seal_id IS NOT NULL),
appeals AS (
  SELECT a.*, a.registered_at AT TIME ZONE 'Europe/Moscow' AS registered, h.kind AS handled_by, o.kind AS taken_by,
         coalesce((SELECT insurer_id FROM appeals_party p WHERE p.appeal_id = a.id AND p.role = 'concerned'),
                  (SELECT insurer_id FROM appeals_party p WHERE p.appeal_id = a.id AND p.role = 'applicant')) AS about
    FROM appeals_appeal a
    JOIN organisations_organisation h ON h.id = a.handler_id
    JOIN organisations_organisation o ON o.id = a.organisation_id),
calls AS (
  SELECT * FROM appeals WHERE channel = 'hot_line' AND handler_id = %(insurer)s
     AND extract(year FROM registered) = %(year)s),
sheets AS (
  SELECT v.code, s.answers -> 'helped' ->> 0 AS helped
    FROM surveys_sheet s
    JOIN surveys_round r ON r.id = s.round_id
    JOIN surveys_survey v ON v.id = r.survey_id
   WHERE r.insurer_id = %(insurer)s AND r.state = 'closed' AND extract(year FROM r.until) = %(year)s),
upheld AS (  -- of topics of the causes all but those under 13 stand in rows 3.3-3.11 of form ПГ
  SELECT * FROM appeals
   WHERE kind = 'complaint' AND handler_id = %(insurer)s AND topic_code NOT LIKE '13.%%'
     AND verdict IN ('justified', 'pretrial', 'court')
     AND extract(year FROM closed_at AT TIME ZONE 'Europe/Moscow') = %(year)s),
claims AS (
  SELECT m.decision FROM complaints_claim m JOIN complaints_control c ON c.id = m.control_id
   WHERE c.made_by_id = %(insurer)s AND extract(year FROM m.filed_at AT TIME ZONE 'Europe/Moscow') = %(year)s),
brought AS (
  SELECT 1 FROM policies_handover h JOIN policies_delivery d ON d.id = h.delivery_id
   WHERE d.insurer_id = %(insurer)s AND extract(year FROM h."on") = %(year)s),
counted AS (
  SELECT '1.1' AS row, (SELECT count(DISTINCT extract(hour FROM registered)) FROM calls) AS value
  UNION ALL SELECT '1.2', (SELECT count(*) FROM calls)
  UNION ALL SELECT '2.1', (SELECT count(*) FROM brought)
  UNION ALL SELECT '3a', (SELECT count(*) FROM told WHERE NOT observed)
  UNION ALL SELECT '3a.plan', (SELECT count(*) FROM planned WHERE NOT observed)
  UNION ALL SELECT '3b', (SELECT count(*) FROM told WHERE observed)
  UNION ALL SELECT '3b.plan', (SELECT count(*) FROM planned WHERE observed)
  UNION ALL SELECT '3c', (SELECT count(*) FROM told WHERE NOT observed AND times > 1)
  UNION ALL SELECT '3d', (SELECT count(*) FROM told WHERE observed AND times > 1)
  UNION ALL SELECT '4.1', (SELECT count(*) FROM sheets)
  UNION ALL SELECT '4.2', (
    SELECT count(DISTINCT p.id) FROM insured_person p JOIN insured_policy o ON o.person_id = p.id
     WHERE o.insurer_id = %(insurer)s AND daterange(o.since, o.until, '[]') @> make_date(%(year)s - 1, 12, 31)
       AND coalesce(p.died_on, 'infinity') > make_date(%(year)s - 1, 12, 31))
  UNION ALL SELECT '5.1', (SELECT count(*) FROM sheets WHERE code = 'contact_centre' AND helped = 'yes')
  UNION ALL SELECT '5.2', (SELECT count(*) FROM sheets WHERE code = 'contact_centre' AND helped IS NOT NULL)
  UNION ALL SELECT '6.1', (SELECT count(*) FROM upheld WHERE verdict = 'pretrial')
  UNION ALL SELECT '6.2', (SELECT count(*) FROM upheld)
  UNION ALL SELECT '7.1', (SELECT count(*) FROM claims WHERE decision IN ('justified', 'partly'))
  UNION ALL SELECT '7.2', (SELECT count(*) FROM claims)
  UNION ALL SELECT '8', (
    SELECT count(*) FROM appeals
     WHERE kind = 'complaint' AND topic_code = '13.6' AND verdict IN ('justified', 'pretrial', 'court')
       AND about = %(insurer)s AND (taken_by = 'fund' OR origin NOT IN ('direct', ''))
       AND extract(year FROM closed_at AT TIME ZONE 'Europe/Moscow') = %(year)s)),
shared AS (
  SELECT s.row, round(100.0 * o.value / u.value, 1) AS value
    FROM (VALUES ('3a.share', '3a', '3a.plan'), ('3b.share', '3b', '3b.plan'), ('4', '4.1', '4.2'), ('5', '5.1', '5.2'),
                 ('6', '6.1', '6.2'), ('7', '7.1', '7.2')) s (row, part, whole)
    JOIN counted o ON o.row = s.part JOIN counted u ON u.row = s.whole)
SELECT row, value FROM counted UNION ALL SELECT row, value FROM shared
UNION ALL SELECT '1', count(*) FROM organisations_hotline WHERE organisation_id = %(insurer)s AND is_round_the_clock
UNION ALL SELECT '2', count(*) FROM brought
"""


@pytest.fixture
def whole(year: Year) -> Iterator[World]:
    """The year with its appeals, complaints, surveys and deliveries, and the facts of reports; they go with the test.

    Ten times as many are surveyed as the scale says: answers of fewer than five are told by no report.
    """
    world, _ = year
    more = targets(10 * SCALE).rest
    surveys = {name: getattr(more, name) for name in ("surveyed", "centre", "satisfied", "hard")}
    world = replace(world, targets=replace(world.targets, rest=replace(world.targets.rest, **surveys)))
    with transaction.atomic():
        live_rest(world)
        following.rebuild()
        yield world
        transaction.set_rollback(True)


@pytest.mark.slow
def test_all_eight_indicators_are_what_plain_questions_count(whole: World) -> None:
    """Every row of the report against a question of its own; where the scale keeps it, against what was published."""
    year = whole.targets.year
    with enter(Scope.system("test")):
        pack = definitions.current("smo-indicators", date(year, 12, 31), HOME)[1]
        subject = Subject(HOME, whole.insurer.pk, whole.insurer.name, CODE)
        table = Report(pack, subject, Period.read(str(year))).table("1")
        said = {row.code: table.value(row.code, "value") for row in table.rows if not row.is_head}
        plain = dict(rows(PLAIN, insurer=whole.insurer.pk, year=year))
    plain |= {row: "да" if plain[row] else "нет" for row in ("1", "2")}
    assert said == plain
    published = ("1", "2", "3a.share", "3b.share", "5", "6", "7", "8")
    assert [said[row] for row in published] == [
        "да", "да", Decimal("108.7"), Decimal("103.4"), Decimal("99.0"), Decimal("100.0"), Decimal("0.2"), 3,
    ]  # fmt: skip


def test_the_plan_is_sealed_and_who_came_later_explains_the_share(year: Year) -> None:
    for seal in Seal.objects.all():
        under = PlanEntry.objects.filter(year=2024, measure=seal.measure, seal_id=seal.pk)
        assert under.count() == seal.count
    assert PlanEntry.objects.filter(year=2024, seal_id=None).exists()
    assert not rows("SELECT 1 FROM informing_planentry pe JOIN insured_person p ON p.id = pe.person_id"
                    " WHERE extract(year FROM p.birth_on) > 2006")  # fmt: skip


def test_every_touch_has_its_end_and_is_counted(year: Year) -> None:
    touches = Touch.objects.filter(year=2024)
    assert not touches.filter(state__in=["planned", "claimed", "sending", "sent"]).exists()
    assert not touches.filter(final_at=None).exists()
    by = ("wave_id", "channel", "state", "outcome")
    found = touches.values_list(*by).annotate(n=Count("*"), s=Sum("segments"), c=Sum("cost"))
    tally = TouchTally.objects.values_list(*by).annotate(n=Sum("change"), s=Sum("segments"), c=Sum("cost"))
    assert set(tally.filter(n__gt=0)) == set(found)
    assert not Wave.objects.exclude(state__in=["finished", "stopped"]).exists()
    assert not Campaign.objects.exclude(state__in=["finished", "stopped"]).exists()


def test_nobody_is_disturbed_at_night_or_on_a_day_off(year: Year) -> None:
    hours = rows("SELECT DISTINCT extract(hour FROM sent_at AT TIME ZONE zone)::int FROM informing_touch"
                 " WHERE sent_at IS NOT NULL")  # fmt: skip
    assert {hour for (hour,) in hours} <= set(range(9, 20))
    told = rows("SELECT DISTINCT (sent_at AT TIME ZONE zone)::date FROM informing_touch WHERE sent_at IS NOT NULL")
    assert {day for (day,) in told} <= set(working_days(2024))
    assert len(rows("SELECT DISTINCT zone FROM informing_touch")) > 1


def test_nobody_is_told_after_death_leave_or_visit(year: Year) -> None:
    late = """
    SELECT count(*) FILTER (WHERE p.died_on <= (t.sent_at AT TIME ZONE t.zone)::date),
           count(*) FILTER (WHERE o.until < (t.sent_at AT TIME ZONE t.zone)::date),
           -- The observed have come before their time: the planned visit is still ahead, and they are told of it.
           count(*) FILTER (WHERE pe.passed_on < (t.sent_at AT TIME ZONE t.zone)::date
             AND NOT EXISTS (SELECT FROM informing_plannedvisit v WHERE v.person_id = t.person_id
                                AND v.measure = t.measure AND v.came_on IS NULL AND v.visit_to >= t.sent_at::date)),
           count(*) FILTER (WHERE o.since > (t.sent_at AT TIME ZONE t.zone)::date),
           count(*) FILTER (WHERE r.at < t.sent_at), count(*)
      FROM informing_touch t
      JOIN insured_person p ON p.id = t.person_id
      JOIN insured_policy o ON o.person_id = p.id AND (o.until IS NULL OR o.until >= date '2024-01-01')
      JOIN informing_planentry pe ON pe.year = t.year AND pe.measure = t.measure AND pe.person_id = t.person_id
      LEFT JOIN (SELECT person_id, measure, min(final_at) AS at FROM informing_touch
                  WHERE outcome IN ('refused', 'passed')
                    AND state = 'done' GROUP BY 1, 2) r ON r.person_id = t.person_id AND r.measure = t.measure
     WHERE t.sent_at IS NOT NULL
    """
    *wrong, told = rows(late)[0]
    assert wrong == [0, 0, 0, 0, 0]
    assert told > 0


def test_a_person_is_told_again_weeks_later_and_twice_at_most(year: Year) -> None:
    told = """
    SELECT max(n), min(gap) FROM (
      SELECT person_id, count(*) AS n, min(gap) AS gap FROM (
        SELECT person_id, measure, sent_at - lag(sent_at) OVER (PARTITION BY person_id, measure ORDER BY sent_at) AS gap
          FROM informing_touch WHERE state = ANY(%(states)s) AND purpose = ANY(%(purposes)s)
           AND NOT outcome = ANY(%(vain)s)) one
       GROUP BY person_id, measure) each_person
    """
    most, gap = rows(told, **what_informs())[0]
    assert most == 2
    assert gap.days >= 20
    close = """
    SELECT min(gap)
      FROM (SELECT sent_at - lag(sent_at) OVER (PARTITION BY person_id ORDER BY sent_at) AS gap
              FROM informing_touch WHERE sent_at IS NOT NULL AND state <> 'failed') one
    """
    assert rows(close)[0][0].days >= 3


def test_messages_have_numbers_prices_and_receipts(year: Year) -> None:
    sms = Touch.objects.filter(year=2024, channel="sms", sent_at__isnull=False)
    assert sms.count() == sms.values("message_id").distinct().count() > 0
    assert not rows("SELECT 1 FROM informing_touch WHERE channel = 'sms' AND sent_at IS NOT NULL"
                    " AND (cost <> segments * 2.40 OR segments = 0)")  # fmt: skip
    said = """
    SELECT t.state, array_agg(DISTINCT r.state ORDER BY r.state)
      FROM informing_touch t JOIN channels_receipt r ON r.reference = lpad(to_hex(t.id), 32, '0')::uuid
       AND r.message_id = t.message_id AND r.received_at >= t.sent_at
     GROUP BY 1 ORDER BY 1
    """
    assert rows(said) == [("delivered", ["accepted", "delivered"]), ("failed", ["accepted", "undeliverable"]),
                          ("silent", ["accepted"])]  # fmt: skip


def test_calls_are_the_fold_of_their_attempts(year: Year) -> None:
    fold = """
    SELECT count(*) FILTER (WHERE t.attempts <> a.n), count(*) FILTER (WHERE a.n > 5),
           count(*) FILTER (WHERE t.state IN ('done', 'failed') AND (t.outcome, t.final_at) <> (a.outcome, a.at)),
           count(*)
      FROM informing_touch t
      JOIN (SELECT touch_id, count(*) AS n, max(at) AS at, (array_agg(outcome ORDER BY at DESC))[1] AS outcome
              FROM informing_attempt GROUP BY 1) a ON a.touch_id = t.id
    """
    *wrong, phoned = rows(fold)[0]
    assert wrong == [0, 0, 0]
    assert phoned > 0
    assert Attempt.objects.filter(outcome="no_answer").exists()
    asked = Touch.objects.filter(year=2024, purpose="ask_why", state="done")
    assert asked.exclude(reason="").exists()


def test_visits_close_the_plan_and_name_the_touch(year: Year) -> None:
    assert Visit.objects.count() == PlanEntry.objects.filter(state="passed").count() > 0
    assert Touch.objects.filter(year=2024, came_on__isnull=False).exists()
    assert not rows("SELECT 1 FROM informing_touch WHERE came_on < (sent_at AT TIME ZONE zone)::date")


def test_a_second_run_adds_nothing_and_another_year_is_refused(year: Year) -> None:
    _, counted = year
    before = (Touch.objects.count(), Roll.objects.count(), PlanEntry.objects.count())
    fates = "SELECT md5(string_agg(y::text, ';' ORDER BY person_id)) FROM year_people y"
    former = rows(fates)
    assert live(SCALE, 1)[1] == counted
    assert rows(fates) == former
    assert (Touch.objects.count(), Roll.objects.count(), PlanEntry.objects.count()) == before
    with pytest.raises(OtherYear):
        live(SCALE * 2, 1)
