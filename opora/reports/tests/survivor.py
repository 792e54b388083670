"""A program that a test kills, in a base of its own (``DATABASE_URL``).

``furnish PORT`` makes people, facts, an export and a schedule by a mail server on the port; ``work slowly`` is a worker
that says «half» in the middle of the file and waits; ``work`` begins anew what was left; ``send HOURS`` sends what is
due so many hours after its day began.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

ROWS = 600
DUE = datetime(2024, 4, 5, 3, tzinfo=UTC)
PATIENCE = 20


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def furnish(port: str) -> None:
    from types import SimpleNamespace

    from opora.access.scope import Scope, enter
    from opora.channels.models import Provider
    from opora.classifiers.models import Edition, Topic
    from opora.organisations.models import Assignment, Employee, Organisation, Role, Territory
    from opora.reports import asking, exports
    from opora.reports.models import Schedule
    from opora.reports.tests import desk
    from opora.reports.tests.small import load_form

    with enter(Scope.system("a house for tests")):
        nsk = Territory.objects.create(code="50000", name="Новосибирская область", time_zone="Asia/Novosibirsk")
        alfa = Organisation.objects.create(kind="insurer", code="54001", name="СМО Альфа", territory=nsk)
        people = []
        for login in ("boris", "timur"):
            one = Employee.objects.create(login=login, surname="А", given_name="Б", email=f"{login}@alfa.example")
            role = Role.objects.get(slug="supervisor")
            Assignment.objects.create(employee=one, organisation=alfa, role=role, since=date(2020, 1, 1))
            people.append(one)
        edition = Edition.objects.create(
            code="topics",
            version="test",
            since=date(2020, 1, 1),
            title="Темы",
            source="test",
            sha256="",
            territory="50000",
        )
        topic = Topic.objects.create(edition=edition, code="t", title="Тема", kinds=["consultation"])
        load_form()
        desk.add(SimpleNamespace(alfa=alfa, nsk=nsk), topic, ROWS)
        settings = {"host": "127.0.0.1", "port": int(port), "security": "none", "answer_seconds": 5}
        Provider.objects.create(
            organisation=alfa, slug="mail", title="Почта", kind="smtp", channel="email", sender="a@alfa.example",
            settings=settings,
        )  # fmt: skip
        Schedule.objects.create(
            organisation=alfa, territory="50000", report="small-form", subject="54001", of="month", day=5, form="csv",
            recipients=[one.pk for one in people], made_by=people[0], made_at=DUE - timedelta(days=20),
        )  # fmt: skip
    with enter(people[0].scope):
        report = asking.ask(people[0], "small-form", "54001", "2024-03")
        export = exports.begin(people[0], report, "csv", cell=("1", "3", "all"))
    say(json.dumps({"export": str(export.pk)}))


def work(how: str = "") -> None:
    from django.utils import timezone

    from opora.reports import exports, listed

    if how == "slowly":
        whole = listed.Listing.chunks

        def halting(self: Any) -> Iterator[Any]:
            for number, chunk in enumerate(whole(self)):
                yield chunk
                if number == 1:
                    say("half")
                    time.sleep(60)

        listed.CHUNK = 100
        listed.Listing.chunks = halting  # type: ignore[method-assign]
    else:
        until = time.monotonic() + PATIENCE  # the server needs a moment to notice that the other is dead
        while not exports.tend(timezone.now() + timedelta(minutes=3)):
            assert time.monotonic() < until, "nothing was left to begin anew"
            time.sleep(0.1)
    asyncio.run(_work())


async def _work() -> None:
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()) as ready:  # type: ignore[attr-defined]
        async with ready.open_async():
            await ready.run_worker_async(queues=["exports"], wait=False, install_signal_handlers=False)


def send(*hours: str) -> None:
    from opora.reports import sending

    say(json.dumps([sending.run(DUE + timedelta(hours=int(one))) for one in hours]))


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    {"furnish": furnish, "work": work, "send": send}[sys.argv[1]](*sys.argv[2:])
