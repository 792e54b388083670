"""A web process asks small questions, on one core, and is never held up by a search for cycles among its own code."""

import subprocess
import sys

import pytest
from django.db import connection


@pytest.mark.django_db
def test_connections_of_pages_use_one_core_and_no_compiler() -> None:
    from config.wsgi import answer_pages

    answer_pages(connection=connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('jit'), current_setting('max_parallel_workers_per_gather')")
        assert cursor.fetchone() == ("off", "0")
        cursor.execute("RESET jit; RESET max_parallel_workers_per_gather")


def test_what_a_process_begins_with_is_searched_for_cycles_no_more() -> None:
    """Half a million objects took a seventh of a second, in the middle of somebody's page."""
    begin = "import gc, sys, config.wsgi; print(gc.get_freeze_count(), 'opora.workplace.views' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", begin], capture_output=True, text=True, check=True).stdout.split()
    assert int(told[0]) > 100_000
    assert told[1] == "True"
