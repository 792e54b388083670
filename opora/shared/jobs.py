"""Jobs whose worker died: nobody else gives them back, and one that holds a lock holds it for ever.

Procrastinate knows a worker by its heartbeat, forgets dead ones when another starts, and leaves their jobs ``doing``
(3.10: ``get_stalled_jobs`` finds them, nothing calls it). Here they return to the queue, so every task of the house may
run twice: it finds what it has done by its own row, or holds ``alone`` while it works.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from django.db import IntegrityError, connection, transaction

SILENT = timedelta(seconds=60)  # a heart beats each ten: a slow database is not a dead worker
MOST_ATTEMPTS = 5  # what has killed so many workers is given up

LEFT = """
SELECT job.id, job.task_name, job.attempts
  FROM procrastinate_jobs job
 WHERE job.status = 'doing'
   AND NOT EXISTS (SELECT FROM procrastinate_workers worker
                    WHERE worker.id = job.worker_id AND worker.last_heartbeat >= now() - make_interval(secs => %s))
 ORDER BY job.id
   FOR UPDATE SKIP LOCKED
"""
AGAIN = "SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)"
GIVEN_UP = "SELECT procrastinate_finish_job_v1(%s, 'failed', false)"

log = structlog.get_logger(__name__)


@transaction.atomic
def give_back(silent: timedelta = SILENT) -> int:
    """Return jobs of workers not heard of for so long to the queue; how many. Two at once: the second does nothing.

    A job whose next one waits already (a queueing lock) ends as failed: that one does its work. So does one that was
    begun ``MOST_ATTEMPTS`` times.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('shared.give_back', 0))")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(LEFT, [silent.total_seconds()])
        found = cursor.fetchall()
    return sum(_again(job, task, attempts) for job, task, attempts in found)


def _again(job: int, task: str, attempts: int) -> bool:
    is_last = attempts + 1 >= MOST_ATTEMPTS
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(GIVEN_UP if is_last else AGAIN, [job])
    except IntegrityError:
        with connection.cursor() as cursor:
            cursor.execute(GIVEN_UP, [job])
        is_last = True
    log.warning("jobs.given_up" if is_last else "jobs.given_back", job=job, task=task, attempts=attempts + 1)
    return not is_last


@contextmanager
def alone(what: str) -> Iterator[bool]:
    """Hold a lock of the database under a name while the block runs; False — another holds it.

    On a connection of its own: the lock ends with the program, however it ends.
    """
    aside = connection.copy()
    try:
        with aside.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [what])
            is_mine = bool(cursor.fetchone()[0])
        yield is_mine
    finally:
        aside.close()
