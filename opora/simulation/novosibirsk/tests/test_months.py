"""The months come to what was published: the chosen numbers by arithmetic, the rows by questions of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from opora.access.scope import Scope, enter
from opora.appeals.chain.verify import verify
from opora.appeals.models import Appeal
from opora.classifiers.words import Channel, Kind
from opora.reports import definitions, following
from opora.reports.counting import Report
from opora.reports.periods import Period
from opora.reports.subjects import Subject
from opora.simulation.novosibirsk.errors import OtherJournal
from opora.simulation.novosibirsk.months import HOME, Counted, live
from opora.simulation.novosibirsk.printed import sentences
from opora.simulation.novosibirsk.targets import aims, people_needed
from opora.simulation.printed import growth, share

SCALE = 0.01
SPOKEN = (Channel.HOT_LINE, Channel.VISIT, Channel.CLINIC_POST)
pytestmark = pytest.mark.django_db
type Months = tuple[Counted, Counted]


@pytest.fixture(scope="module")
def months(django_db_setup: None, django_db_blocker: Any) -> Iterator[Months]:
    """Both years once for all tests of this file; nothing of them stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        with enter(Scope.system("test")):
            before, now = live(SCALE, 1)
            yield before, now
        transaction.set_rollback(True)


def rows(question: str, **given: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        return cursor.fetchall()


def test_the_chosen_numbers_say_what_was_published() -> None:
    before, now = aims(2024, 1), aims(2025, 1)
    assert now.total > 64_000
    assert round(growth(before.count(kind=Kind.CONSULTATION), now.count(kind=Kind.CONSULTATION)), 1) == Decimal("5.8")
    line, former = (one.count(office="fund", channel=Channel.HOT_LINE) for one in (now, before))
    assert 4_550 <= line < 4_650
    assert 7.5 < share(line, sum(now.count(channel=way) for way in SPOKEN)) < 8
    assert -2 < growth(former, line) <= Decimal("-1.9")
    lines, earlier = (one.count(office="insurers", channel=Channel.HOT_LINE) for one in (now, before))
    assert 26_900 < lines < 27_000
    assert round(growth(earlier, lines), 1) == Decimal("0.4")
    assert now.count(channel=Channel.FEEDBACK) > 4_000
    explained = {"channel": Channel.FEEDBACK, "kind": Kind.CONSULTATION}
    assert share(now.count(office="insurers", **explained), now.count(**explained)) == 80
    assert now.count(channel=Channel.CHAT) == now.count(office="a", **explained | {"channel": Channel.CHAT}) == 1_612
    assert sum(now.causes.values()) == sum(now.verdicts.values()) == now.count(kind=Kind.COMPLAINT)


@pytest.mark.parametrize("scale", [1, 0.3, 0.05, 0.01])
def test_at_any_scale_sums_are_exact(scale: float) -> None:
    for year, whole in ((2024, 60_840), (2025, 64_212)):
        aim = aims(year, scale)
        assert abs(aim.total - whole * scale) <= 0.5
        assert sum(aim.causes.values()) == sum(aim.verdicts.values()) == aim.count(kind=Kind.COMPLAINT)
        assert (
            abs(aim.count(kind=Kind.CONSULTATION) / aim.total - aims(year, 1).count(kind=Kind.CONSULTATION) / whole)
            < 0.02
        )


def test_rows_are_those_that_were_aimed_at(months: Months) -> None:
    counted = """
    SELECT extract(year FROM a.registered_at AT TIME ZONE 'Asia/Novosibirsk')::int, a.channel, a.kind,
           o.kind = 'fund', count(*)
      FROM appeals_appeal a JOIN organisations_organisation o ON o.id = a.organisation_id GROUP BY 1, 2, 3, 4
    """
    found = {tuple(sort): number for *sort, number in rows(counted)}
    wanted: dict[Any, int] = {}
    for year in (2024, 2025):
        for (office, channel, kind), number in aims(year, SCALE).cells.items():
            if number:
                sort = (year, str(channel), str(kind), office == "fund")
                wanted[sort] = wanted.get(sort, 0) + number
    assert found == wanted


def test_what_is_printed_is_what_another_question_counts(months: Months) -> None:
    for counted in months:
        of_year = Appeal.objects.filter(year=counted.year)
        assert counted.appeals == of_year.count() == aims(counted.year, SCALE).total
        assert counted.consultations == of_year.filter(kind="consultation").count()
        assert counted.oral == of_year.filter(channel__in=SPOKEN).count()
        assert counted.feedback == of_year.filter(channel="feedback").count()
        assert counted.complaints == of_year.filter(kind="complaint").count() == counted.cases
        assert counted.justified == of_year.filter(verdict__in=["justified", "pretrial", "court"]).count()
        assert counted.restored == counted.justified
    before, now = months
    # A hundredth of the region: what is left of the published growth when each sum is a whole number.
    assert growth(before.consultations, now.consultations) == pytest.approx(Decimal("5.8"), abs=Decimal("0.5"))
    assert share(now.feedback_by_insurers, now.feedback_consultations) == pytest.approx(80, abs=Decimal(3))
    assert any("ПОС" in line for line in sentences(before, now))


# The same eight months of both years by one cut; the line over them all is «total».
GROWTH = """
SELECT coalesce(cut, 'total'), now_, before, round(100.0 * (now_ - before) / nullif(before, 0), 1)
  FROM (SELECT cut, count(*) FILTER (WHERE year = 2025) AS now_, count(*) FILTER (WHERE year = 2024) AS before
          FROM (SELECT {cut} AS cut, extract(year FROM a.registered_at AT TIME ZONE 'Asia/Novosibirsk') AS year
                  FROM appeals_appeal a JOIN organisations_organisation h ON h.id = a.handler_id
                 WHERE extract(month FROM a.registered_at AT TIME ZONE 'Asia/Novosibirsk') <= 8) told
         GROUP BY ROLLUP (cut)) counted
"""
CUTS = {
    "kinds": "a.kind",
    "channels": "a.channel",
    "performers": "CASE WHEN h.kind = 'fund' THEN 'fund' ELSE 'insurer' END",
}


def test_the_analysis_of_the_fund_counts_the_same_growth(months: Months) -> None:
    """Eight months against those of the year before: kinds, ways and who considered, each by a plain question."""
    columns = ("now", "before", "growth")
    with transaction.atomic():
        following.rebuild()
        with enter(Scope.system("test")):
            pack = definitions.current("fund-analysis", date(2025, 8, 31), HOME)[1]
            report = Report(pack, Subject(HOME, None, "Область", HOME), Period.read("2025-01:08"))
            said = {
                (table, row.code): tuple(report.table(table).value(row.code, one) for one in columns)
                for table in CUTS
                for row in report.table(table).rows
            }
        transaction.set_rollback(True)
    plain = {(table, code): tuple(told) for table, cut in CUTS.items() for code, *told in rows(GROWTH.format(cut=cut))}
    assert {at: one for at, one in said.items() if any(one[:2])} == plain
    # A hundredth of the region: whole numbers leave half a point of the published growth.
    assert said["kinds", "consultation"][2] == pytest.approx(Decimal("5.8"), abs=Decimal("0.5"))


def test_days_and_hours_are_those_of_the_region(months: Months) -> None:
    local = "registered_at AT TIME ZONE 'Asia/Novosibirsk'"
    bounds = rows(f"SELECT min({local})::date, max({local})::date FROM appeals_appeal GROUP BY year ORDER BY year")
    assert [(since.month, until.month) for since, until in bounds] == [(1, 8), (1, 8)]
    assert all(since >= date(since.year, 1, 1) and until <= date(until.year, 8, 31) for since, until in bounds)
    hours = dict(rows(f"SELECT extract(hour FROM {local})::int, count(*) FROM appeals_appeal"
                      " WHERE channel = 'hot_line' GROUP BY 1"))  # fmt: skip
    assert set(hours) == set(range(24))  # hot lines of insurers never sleep
    assert hours[10] > 10 * hours[3]
    visits = rows(f"SELECT min(extract(hour FROM {local})), max(extract(hour FROM {local})) FROM appeals_appeal"
                  " WHERE channel = 'visit'")  # fmt: skip
    assert visits[0][0] >= 8
    assert visits[0][1] <= 19
    assert not rows("SELECT 1 FROM appeals_event WHERE at > now()")


def test_numbers_have_no_gaps(months: Months) -> None:
    gaps = "SELECT organisation_id, year FROM appeals_appeal GROUP BY 1, 2 HAVING count(*) <> max(sequence)"
    assert not rows(gaps)


def test_every_event_has_its_place_and_the_proof_holds(months: Months) -> None:
    assert not rows("SELECT 1 FROM appeals_unchained")
    report = verify()
    assert not report.findings
    assert rows("SELECT sum(position) FROM appeals_chainhead")[0] == rows("SELECT count(*) FROM appeals_event")[0]


def test_everything_is_over_and_most_of_it_in_time(months: Months) -> None:
    assert [one.still_open for one in months] == [0, 0]
    assert all(one.in_time > 0.95 * one.appeals for one in months)
    assert rows("SELECT count(*) > 0 FROM appeals_clock WHERE state = 'missed'") == [(True,)]
    assert not rows("SELECT 1 FROM appeals_clock WHERE state = 'running'")


def test_three_levels_work_and_some_answers_come_from_the_second_on_the_same_call(months: Months) -> None:
    lines = {line for (line,) in rows("SELECT DISTINCT line FROM appeals_appeal")}
    assert {"op1", "op2", "sp1", "sp2", "sp3"} <= lines
    talks = rows("SELECT line, line_received, closed_at - received_at FROM appeals_appeal WHERE call_id <> ''")
    assert talks
    assert {(line, received) for line, received, _ in talks} <= {("sp2", "sp1"), ("op2", "op1")}
    assert max(took for *_, took in talks) < timedelta(minutes=30)


def test_complaints_name_clinics_and_the_two_main_causes_lead(months: Months) -> None:
    causes = rows("SELECT topic_code, count(*) FROM appeals_reason GROUP BY 1 ORDER BY 2 DESC, 1")
    assert {code for code, _ in causes[:2]} == {"6.1", "13.2"}
    assert not rows("SELECT 1 FROM appeals_reason WHERE provider_id IS NULL AND topic_code NOT LIKE '1.%%'")


def test_a_second_run_adds_nothing_and_another_one_is_refused(months: Months) -> None:
    before = rows("SELECT (SELECT count(*) FROM appeals_event), (SELECT count(*) FROM complaints_caseevent),"
                  " (SELECT count(*) FROM insured_person)")  # fmt: skip
    assert tuple(live(SCALE, 1)) == months
    assert before == rows("SELECT (SELECT count(*) FROM appeals_event), (SELECT count(*) FROM complaints_caseevent),"
                          " (SELECT count(*) FROM insured_person)")  # fmt: skip
    with pytest.raises(OtherJournal):
        live(SCALE * 2, 1)


def test_people_are_enough_and_nobody_is_moved_to_tomorrow(months: Months) -> None:
    assert people_needed(SCALE) == rows("SELECT count(*) FROM insured_person")[0][0]
    assert Appeal.objects.filter(registered_at__gt=datetime.now(UTC)).count() == 0
