"""Campaigns of one insurer share the people on its line and the days of its clinics."""

import math
from collections import Counter
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import connection

from opora.audit.models import AuditLine
from opora.informing import forecasting, planning, sharing
from opora.informing.errors import LimitsRefused
from opora.informing.models import Campaign, Template, Touch, Wave
from opora.informing.services import launch, pause, relaying, resume
from opora.informing.tests.crowd import campaign, people, planned
from opora.insured.models import Person
from opora.organisations import capacity
from opora.shared.erlang import calls_served, operators_needed

NSK = ZoneInfo("Asia/Novosibirsk")
TUESDAY = datetime(2026, 3, 10, 7, 0, tzinfo=NSK)
HALF = 50  # per cent of recipients who call back here: few people make many calls
OPERATORS = 3
AN_HOUR = calls_served(OPERATORS, 180)
LIMITS = {"cap_days": 0, "callback_percent": HALF, "weekends": True}
SECOND = {"measure": "screening", "ladder": [{"channel": "sms"}], "limits": LIMITS}


@pytest.fixture
def shifts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three people of Alfa sit from nine to twenty on every day of three weeks."""

    def on_shift(organisation: int, since: datetime, until: datetime) -> dict[datetime, int]:
        nine = since.astimezone(NSK).replace(hour=9, minute=0, second=0, microsecond=0)
        there = [nine + timedelta(days=n, minutes=30 * half) for n in range(21) for half in range(22)]
        return dict.fromkeys(there, OPERATORS)

    monkeypatch.setattr(capacity, "_on_shift", {"test": on_shift})


@pytest.fixture
def crowd(place: SimpleNamespace) -> list[Person]:
    """People of two plans, nobody in both; those of the first. A day of three operators does for one."""
    some = people(place, AN_HOUR * 20 * 2)
    planned(place, some[::2])
    invited_to_screening(place, some[1::2])
    return some[::2]


def invited_to_screening(place: SimpleNamespace, some: list[Person]) -> None:
    planned(place, some, measure="screening")
    Template.objects.create(
        organisation=place.alfa, measure="screening", purpose="invite", channel="sms", text="{имя}, ждём вас"
    )


def calls_an_hour() -> Counter[datetime]:
    """Calls expected from what waits, by hour."""
    found: Counter[datetime] = Counter()
    for at, channel in Touch.objects.filter(state="planned").values_list("not_before", "channel"):
        hour = at.astimezone(NSK).replace(minute=0, second=0, microsecond=0)
        found[hour] += 1 if channel == "call" else HALF / 100  # type: ignore[assignment]
    return found


def hours_of(made: Campaign) -> Counter[datetime]:
    rows = Touch.objects.filter(campaign_id=made.pk).values_list("not_before", flat=True)
    return Counter(at.astimezone(NSK).replace(minute=0, second=0, microsecond=0) for at in rows)


def test_two_campaigns_of_one_day_stay_within_the_shift(
    place: SimpleNamespace, crowd: list[Person], shifts: None
) -> None:
    first = campaign(place, limits=LIMITS | {"per_day": AN_HOUR * 11})  # half of what the shift manages
    second = campaign(place, title="Диспансеризация", **SECOND)
    launch(first.pk, by=None, now=TUESDAY)
    assert max(calls_an_hour().values()) == pytest.approx(AN_HOUR / 2, abs=1)
    launch(second.pk, by=None, now=TUESDAY)
    assert Touch.objects.count() == 2 * len(crowd)
    assert max(calls_an_hour().values()) <= AN_HOUR + 1e-9
    shared_day = [hour for hour in hours_of(second) if hour.date() == date(2026, 3, 10)]
    assert shared_day, "what the first leaves of its day is used"


def test_a_shift_promised_whole_is_not_promised_again(
    place: SimpleNamespace, crowd: list[Person], shifts: None
) -> None:
    first, second = campaign(place, limits=LIMITS), campaign(place, title="Диспансеризация", **SECOND)
    launch(first.pk, by=None, now=TUESDAY)
    _, found = launch(second.pk, by=None, now=TUESDAY)
    assert max(calls_an_hour().values()) <= AN_HOUR + 1e-9
    assert found.ends.date() > date(2026, 3, 10)


def test_operators_of_the_settings_are_the_same_people(place: SimpleNamespace, crowd: list[Person]) -> None:
    """Nobody has entered shifts: both campaigns say three, and mean the same three."""
    given = LIMITS | {"operators": OPERATORS}
    launch(campaign(place, limits=given).pk, by=None, now=TUESDAY)
    launch(campaign(place, title="Диспансеризация", **SECOND | {"limits": given}).pk, by=None, now=TUESDAY)
    assert max(calls_an_hour().values()) <= AN_HOUR + 1e-9


def test_a_dry_run_says_who_takes_what(place: SimpleNamespace, crowd: list[Person], shifts: None) -> None:
    launch(campaign(place, limits=LIMITS | {"per_day": AN_HOUR * 11}).pk, by=None, now=TUESDAY)
    second = campaign(place, title="Диспансеризация", **SECOND)
    step = planning.next_step(second, TUESDAY)
    found = planning.dry_run(step)
    (sharer,) = found.shared
    assert (sharer.title, sharer.operators, sharer.invited) == ("Осмотры", 0, 0)
    assert sharer.calls == pytest.approx(AN_HOUR / 2, abs=1)
    assert sharer.until == date(2026, 3, 11)
    assert found.operators == OPERATORS
    assert found.operators_needed <= OPERATORS
    assert found.operators_needed > operators_needed(found.callbacks_an_hour, 180)
    assert forecasting.forecast(found, step, (0, 0)).operators_manage
    assert found.as_json()["shared"][0]["until"] == "2026-03-11"


def test_a_neighbour_and_a_paused_campaign_take_nothing(
    place: SimpleNamespace, crowd: list[Person], shifts: None
) -> None:
    first, second = campaign(place, limits=LIMITS), campaign(place, title="Диспансеризация", **SECOND)
    alone = planning.dry_run(planning.next_step(second, TUESDAY))
    assert alone.shared == []
    launch(first.pk, by=None, now=TUESDAY)
    crowded = planning.dry_run(planning.next_step(second, TUESDAY))
    assert crowded.ends > alone.ends
    pause(first.pk, by=None)
    assert planning.dry_run(planning.next_step(second, TUESDAY)) == alone
    theirs = Campaign.objects.create(
        territory=place.nsk.pk, insurer=place.beta, title="Чужая", measure="screening", year=2026, limits=LIMITS
    )
    Campaign.objects.filter(pk=first.pk).update(insurer=place.beta)
    resume(first.pk, by=None)
    assert planning.dry_run(planning.next_step(second, TUESDAY)) == alone
    assert theirs.waves.count() == 0


def test_a_paused_campaign_comes_back_into_what_is_left(
    place: SimpleNamespace, crowd: list[Person], shifts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = campaign(place, limits=LIMITS), campaign(place, title="Диспансеризация", **SECOND)
    launch(first.pk, by=None, now=TUESDAY)
    whole = hours_of(first)
    pause(first.pk, by=None)
    launch(second.pk, by=None, now=TUESDAY)
    assert hours_of(second) == whole, "it has the hours that were given back"
    monkeypatch.setattr("django.utils.timezone.now", lambda: TUESDAY)
    resume(first.pk, by=None)
    assert hours_of(second) == whole
    assert hours_of(first) != whole
    assert max(calls_an_hour().values()) <= AN_HOUR + 1e-9
    assert hours_of(first).total() == len(crowd)


def test_the_urgent_lane_goes_first_and_bulk_makes_room(
    place: SimpleNamespace, crowd: list[Person], shifts: None
) -> None:
    bulk = campaign(place, limits=LIMITS)
    launch(bulk.pk, by=None, now=TUESDAY)
    before = hours_of(bulk)
    urgent = campaign(place, title="Срочно", lane="urgent", **SECOND)
    alone = planning.dry_run(planning.next_step(urgent, TUESDAY))
    assert (alone.shared, alone.behind) == ([], ["Осмотры"])
    assert alone.starts == TUESDAY.replace(hour=9)
    launch(urgent.pk, by=None, now=TUESDAY)
    assert max(calls_an_hour().values()) > AN_HOUR
    assert relaying.make_room(place.alfa.pk, now=TUESDAY) == 1
    assert max(calls_an_hour().values()) <= AN_HOUR + 1e-9
    assert hours_of(bulk) != before
    assert AuditLine.objects.get(action="informing.make_room").details == {"round": 1, "laid": len(crowd)}
    assert relaying.make_room(place.alfa.pk, now=TUESDAY) == 0, "run twice it finds nothing to do"


def test_a_few_urgent_people_move_nobody(place: SimpleNamespace, crowd: list[Person], shifts: None) -> None:
    launch(campaign(place, limits=LIMITS | {"per_day": AN_HOUR * 11}).pk, by=None, now=TUESDAY)
    few = [one.pk for one in crowd[:40]]
    urgent = campaign(place, title="Срочно", lane="urgent", limits=LIMITS, audience={"people": few})
    launch(urgent.pk, by=None, now=TUESDAY)
    assert relaying.make_room(place.alfa.pk, now=TUESDAY) == 0


def test_one_wave_of_a_lane_is_laid_at_a_time(place: SimpleNamespace, crowd: list[Person]) -> None:
    """A bulk wave is laid elsewhere: who sends lays nothing anew meanwhile; the urgent lane is not kept waiting."""
    made = campaign(place, limits=LIMITS | {"per_day": 100})
    launch(made.pk, by=None, now=TUESDAY)
    Campaign.objects.filter(pk=made.pk).update(insurer=place.beta)  # whose lock this transaction does not hold yet
    wave = Wave.objects.select_related("campaign__insurer", "rung").get()
    next_week = TUESDAY.replace(hour=9) + timedelta(days=7)
    options = connection.get_connection_params()
    wanted = {name: options[name] for name in ("host", "port", "user", "password", "dbname") if name in options}
    with psycopg.connect(**wanted) as other:
        other.execute(sharing.LOCK, ["bulk", place.beta.pk])
        assert relaying.catch_up(wave, now=next_week) == 0
        assert sharing.hold(place.beta.pk, "urgent", wait=False)
    assert relaying.catch_up(wave, now=next_week) == len(crowd)


def test_a_launch_has_the_bulk_waves_looked_through(place: SimpleNamespace, crowd: list[Person]) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    launch(campaign(place, limits=LIMITS).pk, by=None)
    jobs = ProcrastinateJob.objects.filter(task_name="informing.make_room")
    assert [one.args for one in jobs] == [{"insurer": place.alfa.pk}]


def test_a_dry_run_counts_usual_calls_of_the_line(
    place: SimpleNamespace, crowd: list[Person], shifts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty calls of three minutes an hour come anyway: the wave is laid as before, and the manager is warned."""
    step = planning.next_step(campaign(place, limits=LIMITS), TUESDAY)
    before = planning.dry_run(step)
    half = timedelta(minutes=30)

    def usual(organisation: int, since: datetime, until: datetime) -> dict[datetime, float]:
        assert organisation == place.alfa.pk
        assert (since.astimezone(NSK).hour, until.astimezone(NSK).hour) == (9, 20)
        return {since + n * half: 20.0 * 180 for n in range(22)}

    monkeypatch.setattr(capacity, "_usual", {"test": usual})
    found = planning.dry_run(step)
    assert (found.usual_an_hour, found.ends, found.people) == (40, before.ends, before.people)
    assert found.operators_needed == operators_needed(found.callbacks_an_hour + 40, 180) > before.operators_needed
    told = forecasting.forecast(found, step, (0, 0))
    assert (told.operators_manage, told.together) == (False, " вместе с обычными звонками линии (до 40 в час)")
    assert forecasting.forecast(before, step, (0, 0)).operators_manage


@pytest.mark.parametrize(("days", "reached"), [(0, 40), (7, 0)])
def test_a_campaign_without_a_cap_minds_nobody_else(place: SimpleNamespace, days: int, reached: int) -> None:
    """Another campaign writes to the same people tomorrow: that is too often only where a cap says so."""
    planned(place, people(place, 40))
    launch(campaign(place, limits={"cap_days": 0, "callback_percent": 0}).pk, by=None, now=TUESDAY.replace(hour=21))
    assert Touch.objects.filter(not_before__gt=TUESDAY.replace(hour=23)).count() == 40
    again = campaign(place, title="Ещё раз", limits={"cap_days": days, "callback_percent": 0})
    found = planning.dry_run(planning.next_step(again, TUESDAY.replace(hour=21)))
    assert (found.people, found.excluded.get("too_often", 0)) == (reached, 40 - reached)


def test_who_phones_does_not_answer(place: SimpleNamespace, crowd: list[Person], shifts: None) -> None:
    """A call list takes two of the three; the third answers those who call back."""
    first = campaign(place, ladder=[{"channel": "call"}], limits=LIMITS | {"per_day": 40 * 11})
    launch(first.pk, by=None, now=TUESDAY)
    second = campaign(place, title="Диспансеризация", **SECOND)
    found = planning.dry_run(planning.next_step(second, TUESDAY))
    assert (found.shared[0].calls, found.shared[0].operators) == (0, 2)
    launch(second.pk, by=None, now=TUESDAY)
    called, back = hours_of(first), hours_of(second)
    for hour in set(called) & set(back):
        talking = called[hour] * 180 / 3600
        assert operators_needed(back[hour] * HALF / 100, 180) + math.ceil(talking - 1e-9) <= OPERATORS
    assert set(called) & set(back)


def test_a_call_list_is_no_longer_than_the_shift_can_phone(
    place: SimpleNamespace, crowd: list[Person], shifts: None
) -> None:
    made = campaign(place, ladder=[{"channel": "call"}], limits=LIMITS | {"talk_seconds": 360})
    _, found = launch(made.pk, by=None, now=TUESDAY)
    assert found.an_hour == OPERATORS * 10
    assert (found.callbacks_an_hour, found.operators_needed) == (0, OPERATORS)
    assert max(hours_of(made).values()) == OPERATORS * 10


def test_callers_of_their_own_take_nobody_from_the_line(
    place: SimpleNamespace, crowd: list[Person], shifts: None
) -> None:
    given = LIMITS | {"own_callers": True}
    apart = campaign(place, ladder=[{"channel": "call"}], limits=given)
    _, found = launch(apart.pk, by=None, now=TUESDAY)
    assert found.ends.date() == date(2026, 3, 10)
    assert found.operators_needed == 0
    second = campaign(place, title="Диспансеризация", **SECOND)
    assert planning.dry_run(planning.next_step(second, TUESDAY)).shared == []


def test_the_day_of_a_clinic_is_one_for_all_campaigns(place: SimpleNamespace) -> None:
    planned(place, people(place, 30, clinics=[place.clinic]))
    invited_to_screening(place, people(place, 30, clinics=[place.clinic], sex=1))
    limits = {"cap_days": 0, "callback_percent": 0, "per_clinic_day": 10}
    launch(campaign(place, limits=limits | {"per_clinic_day": 6}).pk, by=None, now=TUESDAY)
    second = campaign(place, title="Диспансеризация", **SECOND | {"limits": limits})
    (sharer,) = planning.dry_run(planning.next_step(second, TUESDAY)).shared
    assert (sharer.title, sharer.calls, sharer.invited) == ("Осмотры", 0, 30)
    launch(second.pk, by=None, now=TUESDAY)
    days = Counter(at.astimezone(NSK).date() for at in Touch.objects.values_list("not_before", flat=True))
    assert max(days.values()) == 10
    assert days.total() == 60


def test_what_another_campaign_has_sent_into_a_clinic_today_counts(place: SimpleNamespace) -> None:
    some = people(place, 10, clinics=[place.clinic])
    planned(place, some)
    first = campaign(place, limits={"cap_days": 0, "callback_percent": 0})
    launch(first.pk, by=None, now=TUESDAY)
    Touch.objects.update(state="sending", claimed_at=TUESDAY)
    Touch.objects.update(state="sent", sent_at=TUESDAY.replace(hour=9))
    Wave.objects.update(state="finished", finished_at=TUESDAY.replace(hour=10))
    limits = {"cap_days": 0, "callback_percent": 0, "per_clinic_day": 12, "weekends": True}
    second = campaign(place, title="Ещё раз", limits=limits)
    found = planning.dry_run(planning.next_step(second, TUESDAY.replace(hour=12)))
    assert found.ends.date() == date(2026, 3, 11)


def test_a_centre_taken_for_a_year_is_said_so(place: SimpleNamespace) -> None:
    """One operator, and another campaign that talks with somebody for the whole of each hour."""
    planned(place, people(place, 2))
    talks = campaign(place, title="Обзвон", ladder=[{"channel": "call"}], limits=LIMITS | {"talk_seconds": 3600})
    launch(talks.pk, by=None, now=TUESDAY)
    wave = talks.waves.get()
    Touch.objects.bulk_create(
        Touch(
            year=2026, campaign_id=talks.pk, wave_id=wave.pk, round=1, person_id=10**9 + n, channel="call",
            territory=place.nsk.pk, insurer=place.alfa, measure="checkup", purpose="invite", lane="bulk",
            zone="Asia/Novosibirsk", not_before=TUESDAY + timedelta(hours=n),
        )
        for n in range(367 * 24)
    )  # fmt: skip
    with pytest.raises(LimitsRefused, match="другие кампании"):
        planning.dry_run(planning.next_step(campaign(place, limits=LIMITS | {"operators": 1}), TUESDAY))
