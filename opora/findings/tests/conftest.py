"""Complaints and waits of people of Alfa and Beta about two clinics, registered as they would be."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals.chain.chainer import chain_batch
from opora.appeals.intake import NewAppeal, NewReason, register
from opora.appeals.models import Appeal
from opora.appeals.waits import NewWait
from opora.findings.models import Alarm, Watch


class Journal:
    """Appeals made in a line; ``by`` is whose telephone it was."""

    def __init__(self, cast: SimpleNamespace, topics: SimpleNamespace, place: SimpleNamespace) -> None:
        self.cast, self.topics, self.place = cast, topics, place

    def complaint(self, *clinics: Any, topic: Any = None, by: Any = None, **more: Any) -> Appeal:
        topic = topic or self.topics.quality
        reasons = [NewReason(topic=topic, provider_id=clinic and clinic.pk) for clinic in clinics]
        return self.new(kind="complaint", topic=topic, channel="post", reasons=reasons, by=by, **more)

    def wait(self, clinic: Any, days: int, service: str = "SPEC", by: Any = None, suspicion: str = "") -> Appeal:
        told = NewWait(service=service, days=days, provider_id=clinic and clinic.pk, suspicion=suspicion)
        return self.new(kind="consultation", topic=self.topics.waiting, channel="hot_line", wait=told, by=by)

    @staticmethod
    def today(place: SimpleNamespace) -> date:
        return timezone.localdate(timezone=ZoneInfo(place.nsk.time_zone))

    def new(self, *, by: Any = None, **given: Any) -> Appeal:
        who = by or self.cast.alina
        with enter(who.scope):
            done = register(NewAppeal(text="Слова", mine=True, **given), by=who)
        return Appeal.objects.get(pk=done.id)


@pytest.fixture
def journal(cast: SimpleNamespace, topics: SimpleNamespace, place: SimpleNamespace) -> Journal:
    return Journal(cast, topics, place)


@pytest.fixture
def chained() -> Callable[[], None]:
    """The chainer gives what was written its places."""

    def run() -> None:
        while chain_batch():
            pass

    return run


@pytest.fixture
def alarm(place: SimpleNamespace) -> Alarm:
    week = timezone.localdate() - timedelta(days=timezone.localdate().weekday() + 7)
    whose = {"territory": place.nsk.pk, "insurer_id": place.alfa.pk, "week": week}
    watch = Watch.objects.create(**whose, series=10, rate=0.05, weeks=26)
    cell = {"provider": place.clinic, "what": "topic", "code": "t-quality"}
    return Alarm.objects.create(**whose, **cell, watch=watch, number=12, expected=1.5, chance=1e-6)
