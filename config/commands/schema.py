"""Bringing the database to this version, safely when several machines start at once."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

TURN = 5_408_326  # one migration at a time: the number of our advisory lock
GARBAGE_LIMITS = (20_000, 10, 20)


def bring_up_to_date(*, verbosity: int = 0) -> None:
    """Apply the missing migrations; whoever comes second waits and finds nothing to do. Needs Django set up."""
    from django.core.management import call_command
    from django.db import connection

    from config.commands.drawing import only_what_is_touched

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [TURN])
        try:
            with _rare_collections(), only_what_is_touched():
                call_command("migrate", verbosity=verbosity, interactive=False, stdout=sys.stderr)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [TURN])


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Let garbage lie longer: a migration renders thousands of models, and looking for garbage took a third of it."""
    limits = gc.get_threshold()
    gc.set_threshold(*GARBAGE_LIMITS)
    try:
        yield
    finally:
        gc.set_threshold(*limits)
