"""A second database of the tests, in which what most of them ask for already stands.

A test reads it in a millisecond instead of making it; it is committed, and the test's transaction begins afterwards, as
any other. A test that does not ask for it plays in the bare database, and finds nobody there.
"""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from config.testing import copies, make_copy
from opora.access.scope import Scope, enter

APART = 1_000  # numbers between the tables: a number of one is not a number of another


class Stage[Standing]:
    """A copy of ``model`` with what ``furnish`` makes and returns. Needs leave to use the database."""

    def __init__(self, model: str, furnish: Callable[[], Standing]) -> None:
        from django.db import connections

        bare = connections.settings["default"]
        self.settings = {**bare, "NAME": f"{bare['NAME']}_stage"}
        make_copy(model, self.settings["NAME"])
        self.connection: Any = type(connections["default"])(self.settings, "default")
        copies.append(self.connection)
        with self.set(), enter(Scope.system("test")):
            _set_apart()
            self.rows = pickle.dumps(furnish())

    def standing(self) -> Standing:
        """Return what was made, as it was made, each time anew."""
        return cast(Standing, pickle.loads(self.rows))  # noqa: S301 - dumped above

    @contextmanager
    def set(self) -> Iterator[None]:
        """Let this be the database of the program for a while, of new threads too."""
        from django.db import connections

        bare, settings = connections["default"], connections.settings["default"]
        connections["default"], connections.settings["default"] = self.connection, self.settings
        try:
            yield
        finally:
            connections["default"], connections.settings["default"] = bare, settings

    def strike(self) -> None:
        """Leave the database; it goes with its cluster."""
        self.connection.close()


def _set_apart() -> None:
    from django.apps import apps
    from django.db import connection

    with connection.cursor() as cursor:
        for number, model in enumerate(apps.get_models(), start=1):
            if model._meta.managed and model._meta.pk.get_internal_type() in {"AutoField", "BigAutoField"}:
                key = [model._meta.db_table, model._meta.pk.column]
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [*key, number * APART])
