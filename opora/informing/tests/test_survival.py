"""Workers and the database killed again and again while a wave goes: nobody is told twice, nobody is forgotten."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from opora.adapters.smsc import journal
from opora.adapters.smsc.process import SmscProcess
from opora.shared import postgres
from opora.shared.postgres.testing import kill_everything

PEOPLE = int(os.environ.get("TOUCHES", "3000"))
KILLS, DOUBT, PATIENCE = 3, 8, 150
READY = """
import django; django.setup()
from datetime import date
from opora.access.scope import Scope, enter
from opora.channels.models import Provider
from opora.informing.models import Template
from opora.informing.services import create, launch
from opora.informing import pacing
pacing.URGENT_HOURS = (0, 24)  # the test runs at night as well
from opora.organisations.models import Organisation, Territory
import sys
with enter(Scope.system("test")):
    territory = Territory.objects.create(code="50000", name="Область", time_zone="UTC")
    alfa = Organisation.objects.create(kind="insurer", code="54001", name="Альфа", territory=territory)
    clinic = Organisation.objects.create(kind="provider", code="540001", name="Клиника", territory=territory)
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO insured_person (territory_id, surname, given_name, patronymic, birth_on, sex, insurer_id, provider_id,"
            " language, time_zone, enp_is_confirmed)"
            " SELECT '50000', 'Планова' || n, 'Анна', '', '1980-01-01', 2, %s, %s, 'ru', '', true"
            " FROM generate_series(1, %s) n",
            [alfa.pk, clinic.pk, int(sys.argv[2])])
        cursor.execute(
            "INSERT INTO insured_contact (person_id, kind, value, normalised, phone_kind, owner, state, source)"
            " SELECT id, 'phone', id, 79000000000 + id, 'mobile', 'self', 'unconfirmed', 'register' FROM insured_person")
        cursor.execute(
            "INSERT INTO informing_planentry (year, measure, person_id, insurer_id, territory, provider_id, state,"
            " excluded, added_at) SELECT extract(year FROM now()), 'checkup', id, insurer_id, '50000', provider_id,"
            " 'open', '', now() FROM insured_person")
    Provider.objects.create(organisation=alfa, slug="smsc", title="Центр", kind="smpp", channel="sms", per_second=100000,
                            window=100, settings={"host": "127.0.0.1", "port": int(sys.argv[1]), "system_id": "opora"})
    provider = Provider.objects.get()
    provider.keep_secrets({"password": "opora"})
    provider.save()
    Template.objects.create(organisation=alfa, measure="checkup", purpose="invite", channel="sms", text="{имя}, ждём вас")
    made = create(insurer=alfa, title="Осмотры", measure="checkup", year=date.today().year, lane="urgent",
                  ladder=[{"channel": "sms"}], limits={"opens": 0, "closes": 24, "weekends": True}, by=None)
    launch(made.pk, by=None)
"""  # noqa: E501
WORKER = """
import django; django.setup()
from opora.informing import pacing
pacing.URGENT_HOURS = (0, 24)
from opora.informing.dispatch import Dispatcher
dispatcher = Dispatcher(); dispatcher.start(); dispatcher.join()
"""
COUNT = "SELECT state, count(*) FROM informing_touch GROUP BY 1"


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    postgres.stop(tmp_path / "data", force=True)


def python(code: str, address: str, *arguments: str) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "OPORA_DOUBT_SECONDS": str(DOUBT),
    }
    return subprocess.Popen([sys.executable, "-c", code, *arguments], env=environment)


def counts(data: Path) -> dict[str, int]:
    with psycopg.connect(postgres.ensure(data)) as link:
        link.execute("SELECT set_config('opora.sees', 'all', true)")
        return {str(state): int(count) for state, count in link.execute(COUNT).fetchall()}


@pytest.mark.slow
def test_each_person_hears_once(data: Path, lay_cluster: Callable[[Path], None], tmp_path: Path) -> None:
    lay_cluster(data)
    taken = tmp_path / "taken"
    with postgres.hold(data) as address, SmscProcess(journal=taken, plain=True, receipt_seconds=0.2) as smsc:
        assert python(READY, address, str(smsc.port), str(PEOPLE)).wait(PATIENCE) == 0
        workers = [python(WORKER, address) for _ in range(2)]
        try:
            for number in range(KILLS):
                before = counts(data)
                wait_until(lambda: counts(data) != before, data)  # noqa: B023 - called at once
                end(workers[number % 2])
                if number == KILLS // 2:
                    kill_everything(data)
                    address = postgres.ensure(data)
                workers[number % 2] = python(WORKER, address)
            wait_until(lambda: counts(data) == {"delivered": PEOPLE}, data)
        finally:
            for worker in workers:
                end(worker)
    said = list(journal.read(taken))
    assert journal.doubled(taken) == {}
    assert len({one.to for one in said}) == len(said) == PEOPLE


def end(worker: "subprocess.Popen[str]") -> None:
    worker.kill()
    worker.wait()


def wait_until(is_true: object, data: Path) -> None:
    over = time.monotonic() + PATIENCE
    while not is_true():  # type: ignore[operator]
        assert time.monotonic() < over, counts(data)
        time.sleep(0.2)
