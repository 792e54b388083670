"""A house for works that send: an insurer, people with phones, a centre of SMS, waves for them, workers."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from config.bench.errors import BenchRefused
from config.bench.programs import Process
from opora.adapters.smsc.process import SmscProcess

CODE, CLINICS = "99980", 40
TEXT = "{имя}, вам положен бесплатный профосмотр, ждём вас"
PEOPLE = """
INSERT INTO insured_person (territory_id, surname, given_name, patronymic, birth_on, sex, insurer_id, provider_id,
                            language, time_zone, enp_is_confirmed)
SELECT %(territory)s, 'Замерова' || translate(n::text, '0123456789', 'абвгдежзик'), 'Анна', '',
       date '1950-01-01' + n %% 18000, 2, %(insurer)s, (%(clinics)s::bigint[])[1 + n %% 40], 'ru', '', true
  FROM generate_series(1, %(people)s) n;
INSERT INTO insured_contact (person_id, kind, value, normalised, phone_kind, owner, state, source)
SELECT id, 'phone', id, 79000000000 + id, 'mobile', 'self', 'unconfirmed', 'register'
  FROM insured_person WHERE territory_id = %(territory)s;
"""
PLAN = """
INSERT INTO informing_planentry (year, measure, person_id, insurer_id, territory, provider_id, state, excluded,
                                 added_at)
SELECT %(year)s, %(measure)s, id, insurer_id, territory_id, provider_id, 'open', '', now()
  FROM insured_person WHERE territory_id = %(territory)s AND id %% %(of)s = 0
"""
FURNISH = "import json, sys; from config.bench import sending; sending.{name}(**json.loads(sys.argv[1]))"
GOES_ON = """
SELECT EXISTS (SELECT FROM informing_touch WHERE wave_id IN (SELECT id FROM informing_wave) AND state = 'planned')
    OR EXISTS (SELECT FROM informing_touch WHERE state IN ('claimed', 'sending') AND claimed_at IS NOT NULL)
    OR EXISTS (SELECT FROM informing_touch WHERE state = 'sent' AND sent_at IS NOT NULL)
"""


def in_the_house(address: str, name: str, **given: Any) -> None:
    """Call a function of this module in a process of its own, on another database."""
    command = [sys.executable, "-c", FURNISH.format(name=name), json.dumps(given)]
    done = subprocess.run(command, env=environment(address), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchRefused(f"Дом замера не обставлен: {done.stderr.strip()[-300:]}")


def environment(address: str, **more: str) -> Mapping[str, str]:
    return {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings", **more}


def furnish(*, people: int, port: int) -> None:
    """Make the insurer with his people and a provider that speaks to the centre on ``port``."""
    import django

    django.setup()
    from django.db import connection

    from opora.access.scope import Scope, enter
    from opora.channels.models import Provider
    from opora.informing.models import Template
    from opora.organisations.models import Organisation, Territory

    with enter(Scope.system("a house of the bench")):
        home = Territory.objects.create(code=CODE, name="Замер отправки", time_zone=noon())
        kind = Organisation.Kind
        insurer = Organisation.objects.create(kind=kind.INSURER, code=f"{CODE}1", name="СМО", territory=home)
        clinics = [
            Organisation.objects.create(kind=kind.PROVIDER, code=f"{CODE}{n:03}", name=f"Клиника {n}", territory=home)
            for n in range(CLINICS)
        ]
        given: dict[str, Any] = {
            "territory": CODE,
            "insurer": insurer.pk,
            "clinics": [one.pk for one in clinics],
            "people": people,
        }
        with connection.cursor() as cursor:
            cursor.execute(PEOPLE, given)
            cursor.execute("ANALYZE insured_person, insured_contact")
        provider = Provider(
            organisation=insurer, slug="smsc", title="Центр", kind="smpp", channel="sms", per_second=100_000, window=200
        )
        provider.settings = {"host": "127.0.0.1", "port": port, "system_id": "opora"}
        provider.keep_secrets({"password": "opora"})
        provider.save()
        for measure in ("checkup", "screening"):
            Template.objects.create(
                organisation=insurer, measure=measure, purpose="invite", channel="sms", text=TEXT, version=1
            )


def launch(*, title: str, measure: str = "checkup", lane: str = "bulk", of: int = 1) -> None:
    """Launch a wave to one person of so many; a plan of the measure is made at the first."""
    import django

    django.setup()
    from django.db import connection

    from opora.access.scope import Scope, enter
    from opora.informing import services
    from opora.informing.models import PlanEntry
    from opora.organisations.models import Organisation

    year = datetime.now(UTC).year
    limits = {"opens": 0, "closes": 24, "weekends": True, "cap_days": 0}
    with enter(Scope.system("a wave of the bench")):
        insurer = Organisation.objects.get(code=f"{CODE}1")
        if not PlanEntry.objects.filter(year=year, measure=measure).exists():
            with connection.cursor() as cursor:
                cursor.execute(PLAN, {"year": year, "measure": measure, "territory": CODE, "of": of})
                cursor.execute("ANALYZE informing_planentry")
        made = services.create(
            insurer=insurer, title=title, measure=measure, year=year, lane=lane, ladder=[{"channel": "sms"}],
            limits=limits, by=None,
        )  # fmt: skip
        services.launch(made.pk, by=None)


def noon() -> str:
    """Return a clock at which it is about noon now: urgent messages do not go by night."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def worker(address: str, said: Path, **more: str) -> Process:
    return Process("worker", environment=environment(address, **more), said=said)


def ask(address: str, question: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with psycopg.connect(address) as link:
        link.execute("SELECT set_config('opora.sees', 'all', true)")
        return link.execute(question.encode(), parameters).fetchall()


def wait_for_the_end(address: str, patience: float) -> float:
    """Wait until nothing is planned or on its way; return the moment of the clock."""
    over = time.monotonic() + patience
    while ask(address, GOES_ON)[0][0]:
        if time.monotonic() > over:
            states = ask(address, "SELECT state, count(*) FROM informing_touch GROUP BY 1")
            raise BenchRefused(f"Отправка не кончилась: {dict(states)}")
        time.sleep(0.1)
    return time.time()


__all__ = ["SmscProcess", "ask", "furnish", "in_the_house", "launch", "wait_for_the_end", "worker"]
