"""A year that is made up keeps every promise of a real one, and its rows add up to the published figures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Count, Sum

from opora.access.scope import Scope, enter
from opora.informing.models import Attempt, Campaign, PlanEntry, Roll, Seal, Touch, TouchTally, Visit, Wave
from opora.informing.yearly import YearOfStream, what_informs
from opora.reports import definitions
from opora.reports.counting import Report
from opora.reports.periods import Period
from opora.reports.subjects import Subject
from opora.simulation.akbars.carry import working_days
from opora.simulation.akbars.errors import OtherYear
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
