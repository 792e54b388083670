"""Bringing the database to this version, safely when several machines start at once."""

import sys

TURN = 5_408_326  # one migration at a time: the number of our advisory lock


def bring_up_to_date(*, verbosity: int = 0) -> None:
    """Apply the missing migrations; whoever comes second waits and finds nothing to do. Needs Django set up."""
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [TURN])
        try:
            call_command("migrate", verbosity=verbosity, interactive=False, stdout=sys.stderr)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [TURN])
