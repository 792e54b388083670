"""findings.day — facts of clinics follow a day of the journal, in an archive of years that is counted already."""

import time
from collections.abc import Iterator
from typing import Any

from django.db import connection

from config.bench.archive import archive
from config.bench.errors import BenchRefused
from config.bench.frame import Bench, Round, work
from opora.access.scope import Scope, enter

SYSTEM = Scope.system("the bench counts by clinic")
# Every fiftieth appeal tells of a wait at some clinic of its territory.
WAITS = """
INSERT INTO appeals_wait (appeal_id, service, suspicion, days, started_on, provider_id, provider_name, title, "limit",
                          pack, is_over, noted_at)
SELECT a.id, (ARRAY['SPEC', 'DIAG', 'CT_MRI'])[1 + h %% 3], '', h %% 60, a.registered_at::date,
       (ARRAY(SELECT o.id FROM organisations_organisation o WHERE o.kind = 'provider' ORDER BY o.id))[1 + h %% 8], '',
       '', '', '', h %% 60 > 20, a.registered_at
  FROM (SELECT id, registered_at, abs(hashtext(id::text)) AS h FROM appeals_appeal) a
 WHERE h %% 50 = 0
    ON CONFLICT DO NOTHING
"""
# The newest events, as many as an archive of ten million appeals over five years has in a day.
EVENTS = 20_000
SPAN = """
SELECT coalesce((SELECT at FROM appeals_event ORDER BY at DESC OFFSET %s LIMIT 1), (SELECT min(at) FROM appeals_event)),
       (SELECT max(at) FROM appeals_event)
"""
LINKS = """
INSERT INTO appeals_chainlink (organisation_id, position, event_at, event_id, hash)
SELECT e.organisation_id,
       coalesce((SELECT max(position) FROM appeals_chainlink l WHERE l.organisation_id = e.organisation_id), 0)
       + row_number() OVER (PARTITION BY e.organisation_id ORDER BY e.at, e.id), e.at, e.id, '\\x00'
  FROM appeals_event e WHERE e.at >= %(since)s AND e.at < %(until)s
    ON CONFLICT DO NOTHING
"""
# A day is read anew in each round: facts it finds counted already are taken away and made again.
BACK = """
UPDATE findings_cursor SET turn = (
  SELECT min(turn) - 1 FROM appeals_chainlink WHERE event_at >= %(since)s AND event_at < %(until)s)
"""
LIMIT = """
SELECT count(*), count(a.topic_code), max(length(e.details::text))
  FROM appeals_event e JOIN appeals_appeal a ON a.id = e.appeal_id WHERE e.at >= %(since)s AND e.at < %(until)s
"""


@work(
    "findings.day",
    unit="с",
    bar=("figure <= 30",),
    note="20 000 событий цепочки, как за день архива в 10 млн; предел — прочитать их и их обращения одним запросом;"
    " rebuild — сосчитать весь архив заново, с",
    needs_people=False,
)
def day(bench: Bench) -> Iterator[Round]:
    """Count everything once, then let the counts follow a day's worth of events; a small archive has them spread over
    many days, each of which is counted anew."""
    from opora.findings import counting

    with archive(bench):
        bench.say("findings.day: весь архив")
        _ask(WAITS)
        _settle()
        began = time.perf_counter()
        counting.rebuild()
        rebuilt = time.perf_counter() - began
        _settle()
        [(since, until)] = _ask(SPAN, [EVENTS])
        if since is None:
            raise BenchRefused("В архиве замера нет событий")
        span = {"since": since, "until": until}
        _ask(LINKS, span)
        for number in bench.rounds:
            bench.say(f"findings.day: {number + 1}")
            _ask(BACK, span)
            limit = _timed(lambda: _ask(LIMIT, span))
            began = time.perf_counter()
            done = counting.follow()
            seconds = time.perf_counter() - began
            yield Round(seconds, limit, {"events": done.turns, "appeals": done.appeals, "rebuild": rebuilt})


def _ask(statement: str, given: Any = None) -> list[Any]:
    with enter(SYSTEM), connection.cursor() as cursor:
        cursor.execute(statement, given if given is not None else {})
        return cursor.fetchall() if cursor.description else []


def _timed(do: Any) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _settle() -> None:
    with connection.cursor() as cursor:
        for table in ("appeals_wait", "appeals_reason", "findings_fact", "findings_day"):
            cursor.execute(f"VACUUM ANALYZE {table}")
