"""Times of small acts: the percentile is among the times, and a processor is not used longer than the wall says."""

import time

import pytest
from django.db import connection

from config.bench.times import Spent, both, percentile, spent


def test_the_percentile_lies_among_the_times() -> None:
    assert percentile([0.001] * 99 + [1.0]) == pytest.approx(1.0)
    assert percentile([0.002]) == 2.0


def test_work_is_told_only_where_it_was_seen() -> None:
    assert both([Spent(0.01, None)]) == (10.0, {})
    assert both([Spent(0.01, 0.004)]) == (10.0, {"work": 4.0})


@pytest.mark.django_db
def test_sleep_is_no_work_and_the_backend_works_too() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        slept = spent(lambda: time.sleep(0.05))
        counted = spent(lambda: cursor.execute("SELECT sum(n) FROM generate_series(1, 200000) n"))

    assert slept.wall >= 0.05
    assert slept.work is None or slept.work < 0.04
    assert counted.work is None or counted.work > 0.001
