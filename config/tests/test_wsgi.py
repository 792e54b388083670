"""A web process asks small questions: its connections neither compile nor share them out."""

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
