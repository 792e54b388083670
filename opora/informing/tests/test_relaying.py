"""A wave that has fallen behind goes on at its pace: an outage does not end in a flood."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from opora.audit.models import AuditLine
from opora.channels.models import Provider
from opora.channels.ports import Accepted, Link, Outgoing
from opora.informing.dispatch import batches, dispatcher
from opora.informing.dispatch.batches import Batch, Carrier, Going
from opora.informing.dispatch.lines import Line
from opora.informing.models import Attempt, Touch, Wave
from opora.informing.services import launch, pause, resume
from opora.informing.services.relaying import catch_up, lay_anew
from opora.informing.tests.crowd import campaign, people, planned
from opora.informing.words import Lane

NSK = ZoneInfo("Asia/Novosibirsk")
ZONES = ["Asia/Novosibirsk"]
TUESDAY = datetime(2026, 3, 10, 9, 0, tzinfo=NSK)
NEXT_TUESDAY = datetime(2026, 3, 17, 9, 0, tzinfo=NSK)


def wave_of(place: SimpleNamespace, limits: dict[str, Any]) -> Wave:
    planned(place, people(place, 60))
    made = campaign(place, limits={"cap_days": 0, **limits})
    launch(made.pk, by=None, now=TUESDAY)
    return Wave.objects.select_related("campaign__insurer", "rung").get()


def by_day() -> dict[int, int]:
    return dict(Counter(at.astimezone(NSK).day for at in Touch.objects.values_list("not_before", flat=True)))


def due(now: datetime) -> int:
    return Touch.objects.filter(state="planned", not_before__lte=now).count()


def test_days_of_an_outage_do_not_go_at_once(place: SimpleNamespace) -> None:
    """Twenty-two a day; the provider comes back when the week is over: again twenty-two a day."""
    wave = wave_of(place, {"per_day": 22})
    assert due(NEXT_TUESDAY) == 60
    assert catch_up(wave, now=NEXT_TUESDAY) == 60
    assert due(NEXT_TUESDAY) == 1, "the next one goes half an hour later"
    assert due(NEXT_TUESDAY + timedelta(minutes=30)) == 2
    assert by_day() == {17: 22, 18: 22, 19: 16}
    assert catch_up(wave, now=NEXT_TUESDAY) == 0, "a second worker finds nothing to do"
    assert AuditLine.objects.get(action="informing.catch_up").details == {"round": 1, "laid": 60}


def test_clinics_keep_their_days(place: SimpleNamespace) -> None:
    wave = wave_of(place, {"per_clinic_day": 10})
    catch_up(wave, now=NEXT_TUESDAY)
    rows = Touch.objects.values_list("provider_id", "not_before")
    assert max(Counter((clinic, at.astimezone(NSK).day) for clinic, at in rows).values()) == 10


def test_what_went_this_morning_counts_after_a_pause(place: SimpleNamespace) -> None:
    """Ten a day into each clinic: seven of one have gone by noon, three more may."""
    wave = wave_of(place, {"per_clinic_day": 10})
    noon = TUESDAY.replace(hour=12)
    morning = Touch.objects.filter(provider=place.clinic).order_by("not_before")[:7].values_list("pk", flat=True)
    Touch.objects.filter(pk__in=list(morning)).update(state="claimed")
    for state in ("sending", "sent"):
        Touch.objects.filter(pk__in=list(morning) or [], state__in=["claimed", "sending"]).update(
            state=state, sent_at=noon if state == "sent" else None
        )
    assert lay_anew(wave, noon) == 53
    rows = Touch.objects.filter(state="planned").values_list("provider_id", "not_before")
    days = Counter((clinic, at.astimezone(NSK).day) for clinic, at in rows)
    assert (days[place.clinic.pk, 10], days[place.clinic2.pk, 10]) == (3, 10)
    assert max(days.values()) == 10
    assert max(at for _, at in rows).astimezone(NSK).hour < 20


@pytest.mark.parametrize(
    "now",
    [
        TUESDAY.replace(hour=11),  # less than two hours
        datetime(2026, 3, 11, 9, 30, tzinfo=NSK),  # a night is no lag: what is late is late by half an hour
    ],
)
def test_a_wave_that_keeps_pace_stays_as_it_is(place: SimpleNamespace, now: datetime) -> None:
    wave = wave_of(place, {"per_day": 22})
    evening = now - timedelta(hours=14)
    Touch.objects.filter(not_before__lt=evening).update(not_before=evening)
    before = by_day()
    assert catch_up(wave, now=now) == 0
    assert by_day() == before


def test_without_limits_nothing_is_laid(place: SimpleNamespace) -> None:
    assert catch_up(wave_of(place, {}), now=NEXT_TUESDAY) == 0
    assert due(NEXT_TUESDAY) == 60


def test_a_paused_wave_is_left_to_its_resuming(place: SimpleNamespace) -> None:
    wave = wave_of(place, {"per_day": 22})
    pause(wave.campaign_id, by=None)
    assert catch_up(wave, now=NEXT_TUESDAY) == 0


def test_a_promised_call_keeps_its_hour(place: SimpleNamespace, cast: SimpleNamespace) -> None:
    """«Перезвоните через десять дней в шесть вечера», then a pause; a promise that is over is laid like the others."""
    wave = wave_of(place, {"per_day": 22})
    promised = datetime.now(UTC) + timedelta(days=10)
    kept, over, *_ = Touch.objects.order_by("id")
    for touch, at in ((kept, promised), (over, promised - timedelta(days=40))):
        Attempt.objects.create(
            year=touch.year, touch_id=touch.id, territory=touch.territory, insurer=place.alfa, outcome="call_later",
            again_at=at,
        )  # fmt: skip
        Touch.objects.filter(id=touch.id).update(not_before=at, attempts=1)
    pause(wave.campaign_id, by=None)
    resume(wave.campaign_id, by=None)
    assert Touch.objects.get(id=kept.id).not_before == promised
    laid = Counter(
        at.astimezone(NSK).date() for at in Touch.objects.exclude(id=kept.id).values_list("not_before", flat=True)
    )
    assert sum(laid.values()) == 59
    assert max(laid.values()) <= 22
    assert min(laid) >= datetime.now(NSK).date()


def test_what_is_being_sent_meanwhile_is_left_alone(place: SimpleNamespace) -> None:
    wave = wave_of(place, {"per_day": 22})
    provider = Provider.objects.create(organisation=place.alfa, slug="a", title="А", kind="smpp", channel="sms")
    taken = batches.claim(batches.going("bulk")[0], provider.link(), ZONES, now=NEXT_TUESDAY, most=5)
    assert len(taken.messages) == 5
    assert catch_up(wave, now=NEXT_TUESDAY) == 55
    assert Touch.objects.filter(state="sending").count() == 5


def test_a_provider_who_is_back_first_lets_the_wave_be_laid(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few go to see whether he takes them; then the wave is laid; then whole batches go."""
    said: list[Any] = []

    class Session:
        async def send_all(self, messages: list[Outgoing]) -> list[Accepted]:
            return [Accepted(one.reference, ("m",)) for one in messages]

    class OneLine:
        @contextmanager
        def use(self, carriers: object) -> Iterator[Line]:
            yield line

    def claim(*_: object, most: int, **__: object) -> Batch:
        said.append(most)
        return Batch(2026, [Outgoing(UUID(int=n + 1), "7", "т") for n in range(most)], most)

    def lay(*_: object, **__: object) -> int:
        said.append("laid")
        return 1

    async def call(function: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return function(*args, **named)

    link = Link(provider=1, organisation=1, slug="a", kind="http", channel="sms", settings={})
    line = Line(Carrier(link, 1.0, Decimal(1)), session=Session())  # type: ignore[arg-type]
    monkeypatch.setattr(batches, "open_zones", lambda *_: ZONES)
    monkeypatch.setattr(batches, "claim", claim)
    monkeypatch.setattr(batches, "note_answers", lambda *_, **__: None)
    monkeypatch.setattr(dispatcher, "catch_up", lay)
    one = dispatcher._Sending(Going(Wave(pk=1), None), [])  # type: ignore[arg-type]

    async def play() -> None:
        turn = dispatcher._Round(threading.Event())
        turn._lines = OneLine()  # type: ignore[assignment]
        for _ in range(3):
            await turn._batch(one, Lane.BULK, call)

    asyncio.run(play())
    assert said == [20, "laid", 500, 500]
