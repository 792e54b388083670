"""Informing in the demonstration: a plan from a clinic's list, an SMS centre on this machine, a campaign that goes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.channels.models import Provider
from opora.informing.incoming import Batch, IncomingEntry, IncomingVisit, Named
from opora.informing.loading import load
from opora.informing.models import Roll
from opora.informing.services import create, launch
from opora.informing.words import Measure
from opora.insured.models import Person
from opora.organisations.models import Organisation

LISTED, STRANGERS, CAME = 240, 3, 30
LOGIN, PASSWORD = "opora", "opora"


def ensure_informing(territory: str, smsc_port: int) -> None:
    """Bring a list, a plan and a campaign of the first insurer; point its provider at the SMS centre of this start."""
    with enter(Scope.system("informing of the demonstration")):
        insurer = Organisation.objects.insurers().filter(territory=territory).order_by("code").first()
        if insurer is None:
            return
        _provider(insurer, smsc_port)
        if not Roll.objects.filter(insurer=insurer).exists():
            _list(insurer)
            _campaigns(insurer)


def _provider(insurer: Organisation, port: int) -> None:
    provider, _ = Provider.objects.get_or_create(
        organisation=insurer,
        slug="smsc",
        defaults={"title": "Центр СМС для проверок", "kind": "smpp", "channel": "sms", "segment_price": "2.40"},
    )
    provider.settings = {"host": "127.0.0.1", "port": port, "system_id": LOGIN}
    provider.keep_secrets({"password": PASSWORD})
    provider.save()


def _list(insurer: Organisation) -> None:
    year = timezone.localdate().year
    people = list(
        Person.objects.filter(insurer=insurer, died_on=None, birth_on__lt=date(year - 18, 1, 1)).order_by("pk")[:LISTED]
    )
    entries = [
        IncomingEntry(
            place=place, key=str(place), who=named(person), measure=Measure.CHECKUP, year=year, month=1 + place % 12
        )
        for place, person in enumerate(people, start=1)
    ]
    strangers = [
        IncomingEntry(
            place=len(people) + n,
            key=f"s{n}",
            who=Named(surname=f"Незнакомцев{'аеи'[n % 3]}", given_name="Пётр", birth_on=date(1970, 1, 1 + n)),
            measure=Measure.CHECKUP,
            year=year,
        )
        for n in range(1, STRANGERS + 1)
    ]
    load(
        Batch([*entries, *strangers], year=year), organisation=insurer, format="opora-informing-csv", name="osmotry.csv"
    )
    yesterday = timezone.localdate() - timedelta(days=1)
    visits = [
        IncomingVisit(place=n, key=str(n), who=named(person), measure=Measure.CHECKUP, on=yesterday)
        for n, person in enumerate(people[:CAME], start=1)
    ]
    load(Batch(visits=visits), organisation=insurer, format="opora-informing-csv", name="prishli.csv")


def _campaigns(insurer: Organisation) -> None:
    year = timezone.localdate().year
    ladder: list[dict[str, Any]] = [{"channel": "sms"}, {"channel": "call", "purpose": "remind", "wait_days": 7}]
    limits = {"per_day": 120, "operators": 3, "weekends": True}
    going = create(
        insurer=insurer,
        title="Осмотры",
        measure="checkup",
        year=year,
        ladder=ladder,
        limits=limits,
        holdout=10,
        by=None,
    )
    launch(going.pk, by=None)
    calls = create(
        insurer=insurer,
        title="Осмотры: обзвон тех, кому не написать",
        measure="checkup",
        year=year,
        ladder=[{"channel": "call"}],
        limits={"cap_days": 0, "weekends": True},
        by=None,
    )
    launch(calls.pk, by=None)
    create(
        insurer=insurer,
        title="Осмотры: напоминание",
        measure="checkup",
        year=year,
        ladder=[{"channel": "sms", "purpose": "remind"}],
        limits={"per_day": 60, "operators": 2, "cap_days": 0},
        by=None,
    )


def named(person: Person) -> Named:
    return Named(
        surname=person.surname,
        given_name=person.given_name,
        patronymic=person.patronymic,
        birth_on=person.birth_on,
        enp=person.enp or "",
    )
