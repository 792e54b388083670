"""``informing.campaign`` — the page of a campaign of millions of touches, and the rows behind its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from config.bench.bulk import bulk
from config.bench.frame import Bench, Round, work
from config.bench.journal_lists import answer, browser_of
from config.bench.population import LONG_AGO, territory_of
from config.bench.times import both, percentile, spent, timed
from opora.access.scope import Scope, enter
from opora.informing.dispatch.batches import fold_tally
from opora.informing.models import Campaign, Rung, Wave
from opora.organisations.models import Assignment, Employee, Organisation, Role

TERRITORY, YEAR = "99991", 2026
TIMES, BATCH = 40, 500_000
# A wave near its end: most delivered, some of each other state, and states that only a few are in.
FILL = """
INSERT INTO informing_touch (year, campaign_id, wave_id, round, person_id, channel, territory, insurer_id, measure,
                             purpose, lane, zone, address, state, outcome, reason, not_before, planned_at, attempts,
                             claimed_by, message_id, segments, cost, sent_at, final_at, came_on)
SELECT %(year)s, %(campaign)s, %(wave)s, 1, n, 'sms', %(territory)s, %(insurer)s, 'checkup', 'invite', 'bulk', 'UTC',
       79000000000 + n, state, '', '', %(now)s, %(now)s, 0, '', 'b' || n, 2, 5, %(now)s, %(now)s,
       CASE WHEN state = 'delivered' AND n %% 9 = 0 THEN %(now)s::date END
  FROM (SELECT n, CASE WHEN n %% 50000 = 0 THEN 'expired' WHEN n %% 1000 = 1 THEN 'planned'
                       WHEN n %% 100 = 2 THEN 'sent' WHEN n %% 25 = 3 THEN 'silent' WHEN n %% 20 = 4 THEN 'failed'
                       ELSE 'delivered' END AS state
          FROM generate_series(%(first)s::bigint, %(last)s::bigint) n) each
"""
LEFT_OUT = """
INSERT INTO informing_exclusion (year, wave_id, person_id, territory, insurer_id, reason)
SELECT %(year)s, %(wave)s, n + 100000000, %(territory)s, %(insurer)s,
       CASE WHEN n %% 5000 = 0 THEN 'dead' WHEN n %% 3 = 0 THEN 'no_contact' ELSE 'passed' END
  FROM generate_series(1, %(people)s) n
"""
# As the trigger counts them.
TALLY = """
INSERT INTO informing_touchtally (campaign_id, wave_id, channel, state, outcome, came, change, segments, cost)
SELECT campaign_id, wave_id, channel, state, outcome, came_on IS NOT NULL, count(*), sum(segments), sum(cost)
  FROM informing_touch WHERE year = %(year)s AND campaign_id = %(campaign)s
 GROUP BY 1, 2, 3, 4, 5, 6
"""
BARE = "SELECT state, sum(change) FROM informing_touchtally WHERE campaign_id = %s GROUP BY state"
SYSTEM = Scope.system("the bench fills a campaign of invented touches")


@work(
    "informing.campaign",
    unit="мс",
    bar=("figure <= 50", "rows <= 50"),
    note="p95 страницы кампании; rows — худшая из страниц строк за её числами; предел — счётчики одним запросом;"
    " work — без ожидания процессора",
    needs_people=False,
)
def campaign_page(bench: Bench) -> Iterator[Round]:
    bench.say(f"informing.campaign: {bench.touches} контактов")
    campaign, employee = _ready(bench.touches)
    browser = browser_of(employee)
    page = [reverse("informing:campaign", args=[campaign.pk]), reverse("informing:progress", args=[campaign.pk])]
    touches, out = (reverse(f"informing:{name}", args=[campaign.pk, 1]) for name in ("touches", "excluded"))
    asked = ("", "?of=waiting", "?of=went", "?of=reached", "?of=failed", "?came=1", "?state=expired", "?state=sent")
    rows = [f"{touches}{one}" for one in asked] + [out, f"{out}?reason=dead"]
    for _ in bench.rounds:
        for address in (*page, *rows):
            answer(browser, address)
        figure, work_done = both([spent(partial(answer, browser, one)) for one in page for _ in range(TIMES)])
        each = [both([spent(partial(answer, browser, one)) for _ in range(TIMES)]) for one in rows]
        worst, worst_work = max(wall for wall, _ in each), max(done.get("work", 0.0) for _, done in each)
        limit = percentile([timed(partial(_bare, campaign))[0] for _ in range(TIMES)])
        yield Round(figure, limit, {"rows": worst, "rows_work": worst_work, "touches": bench.touches, **work_done})


def _bare(campaign: Campaign) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE, [campaign.pk])
        cursor.fetchall()


def _ready(touches: int) -> tuple[Campaign, Employee]:
    """Bring a campaign of so many touches, once for each size, and somebody who looks after it."""
    with enter(SYSTEM):
        insurer, employee = _house()
        title = f"Замер на {touches}"
        found = Campaign.objects.filter(insurer=insurer, title=title).first()
        if found:
            return found, employee
        campaign, given = _started(insurer, touches)
    _fill(touches, given)
    with enter(SYSTEM):
        fold_tally()
        campaign.title = title
        campaign.save(update_fields=["title"])
    return campaign, employee


def _house() -> tuple[Organisation, Employee]:
    territory = territory_of(TERRITORY)
    insurer, _ = Organisation.objects.get_or_create(
        kind="insurer", code=f"{TERRITORY}1", defaults={"name": "СМО замера", "territory": territory}
    )
    employee, made = Employee.objects.get_or_create(
        login="bench.campaign", defaults={"surname": "Замерова", "given_name": "Анна", "password": "!"}
    )
    if made:
        Assignment.objects.create(
            employee=employee,
            organisation=insurer,
            role=Role.objects.get(slug="supervisor"),
            since=LONG_AGO,
        )
    return insurer, employee


def _started(insurer: Organisation, touches: int) -> tuple[Campaign, dict[str, Any]]:
    """Make the campaign under a title of nobody until its rows are there, and say what they are made of."""
    campaign = Campaign.objects.create(
        territory=TERRITORY, insurer=insurer, title=f"Не готова {timezone.now():%c}", measure="checkup", year=YEAR,
        state="running",
    )  # fmt: skip
    rung = Rung.objects.create(campaign=campaign, step=1, channel="sms")
    left_out = touches // 5
    wave = Wave.objects.create(
        campaign=campaign, rung=rung, round=1, state="running", planned=touches, excluded=left_out,
        listed=touches + left_out, matched=touches + left_out, reasons={"passed": left_out},
    )  # fmt: skip
    given = {
        "year": YEAR, "campaign": campaign.pk, "wave": wave.pk, "territory": TERRITORY, "insurer": insurer.pk,
        "now": timezone.now(), "people": left_out,
    }  # fmt: skip
    return campaign, given


def _fill(touches: int, given: dict[str, Any]) -> None:
    with bulk("informing_touch", "informing_exclusion") as link:
        for first in range(1, touches + 1, BATCH):
            link.execute(FILL, {**given, "first": first, "last": min(touches, first + BATCH - 1)})
        link.execute(LEFT_OUT, given)
        link.execute(TALLY, given)
        link.execute("ANALYZE informing_touchtally")
