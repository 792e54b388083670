"""Workers that a test kills, in a base of its own (``DATABASE_URL``).

``furnish`` makes an employee and her export of the journal; ``work slowly`` is the worker of ``opora worker`` that says
«half» in the middle of the file and waits; ``work`` is the next one.
"""

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from datetime import date
from typing import Any


def furnish() -> None:
    from opora.access.scope import Scope, enter
    from opora.appeals import exports
    from opora.appeals.listing import Filter
    from opora.organisations.models import Assignment, Employee, Organisation, Role, Territory

    with enter(Scope.system("a house for tests")):
        nsk = Territory.objects.create(code="50000", name="Новосибирская область", time_zone="Asia/Novosibirsk")
        alfa = Organisation.objects.create(kind="insurer", code="54001", name="СМО Альфа", territory=nsk)
        boris = Employee.objects.create(login="boris", surname="А", given_name="Б")
        role = Role.objects.get(slug="supervisor")
        Assignment.objects.create(employee=boris, organisation=alfa, role=role, since=date(2020, 1, 1))
    with enter(boris.scope):
        exports.ask(Filter(), by=boris)


def work(how: str = "") -> None:
    from config.commands import serve
    from opora.appeals import exports

    if how == "slowly":
        whole = exports._lines

        def halting(*args: Any) -> Iterator[list[Any]]:
            sys.stdout.write("half\n")
            sys.stdout.flush()
            time.sleep(60)
            yield from whole(*args)

        exports._lines = halting
    asyncio.run(serve._work(["exports"], 1, wait=False, install_signal_handlers=False))


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    {"furnish": furnish, "work": work}[sys.argv[1]](*sys.argv[2:])
