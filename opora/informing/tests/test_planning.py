"""Who is written to and who is not; a dry run says what a launch does."""

from collections import Counter
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from opora.channels.models import Provider
from opora.informing import callbacks, forecasting, pacing, planning
from opora.informing.errors import CampaignBusy, LadderEnded, NoText, NothingToPlan
from opora.informing.models import Exclusion, PlanEntry, PlannedVisit, Roll, Template, Touch
from opora.informing.services import change, launch, pause, resume, stop
from opora.informing.tests.crowd import campaign, people, planned, reported
from opora.insured.models import Consent, Contact, Person
from opora.organisations import capacity

NSK = ZoneInfo("Asia/Novosibirsk")


def reasons() -> dict[str, int]:
    return dict(Counter(Exclusion.objects.values_list("reason", flat=True)))


def test_everybody_of_the_plan_once(place: SimpleNamespace) -> None:
    planned(place, people(place, 5))
    wave, found = launch(campaign(place).pk, by=None)
    assert found.people == wave.planned == Touch.objects.count() == 5
    touch = Touch.objects.order_by("id")[0]
    person = Person.objects.get(pk=touch.person_id)
    assert touch.address == f"7900{person.pk:07}"
    assert (touch.zone, touch.state, touch.segments) == ("Asia/Novosibirsk", "planned", 2)


def test_reasons(place: SimpleNamespace, cast: SimpleNamespace) -> None:
    some = people(place, 9)
    planned(place, some)
    fates: list[dict[str, Any]] = [
        {"died_on": date(2026, 1, 10)},
        {"insurer": None},
        {"insurer": place.beta},
        {"territory": place.alt},
    ]
    for person, fate in zip(some, fates, strict=False):
        Person.objects.filter(pk=person.pk).update(**fate)
    PlanEntry.objects.filter(person=some[4]).update(state="passed", passed_on=date(2026, 2, 1))
    Consent.objects.create(
        person=some[5], channel="sms", purpose="informing", is_granted=False, decided_on=date(2026, 1, 5)
    )
    Contact.objects.filter(person=some[6]).update(state="wrong")
    Contact.objects.filter(person=some[7]).update(phone_kind="landline")
    _, found = launch(campaign(place).pk, by=None)
    assert reasons() == {
        "dead": 1,
        "no_policy": 1,
        "other_insurer": 1,
        "moved": 1,
        "passed": 1,
        "no_consent": 1,
        "no_contact": 2,
    }
    assert {str(reason): count for reason, count in found.excluded.items()} == reasons()
    assert list(Touch.objects.values_list("person_id", flat=True)) == [some[8].pk]


def test_who_has_changed_the_clinic_is_not_sent_to_the_former_one(place: SimpleNamespace) -> None:
    moved, stays, unknown = people(place, 3, clinics=[place.clinic])
    planned(place, [moved, stays, unknown])
    Person.objects.filter(pk=moved.pk).update(provider=place.clinic2)
    Person.objects.filter(pk=unknown.pk).update(provider=None)
    made = campaign(place)
    assert planning.dry_run(planning.next_step(made)).excluded == {planning.Exclude.OTHER_CLINIC: 1}
    launch(made.pk, by=None)
    assert set(Touch.objects.values_list("person_id", flat=True)) == {stays.pk, unknown.pk}
    assert Exclusion.objects.get().person_id == moved.pk


def test_observation_may_be_in_another_clinic(place: SimpleNamespace) -> None:
    some = people(place, 1, clinics=[place.clinic])
    planned(place, some, measure="observation")
    Person.objects.update(provider=place.clinic2)
    made = campaign(place, measure="observation", ladder=[{"channel": "call"}])
    assert launch(made.pk, by=None)[0].planned == 1


def test_a_refusal_stands_though_he_has_been_before(place: SimpleNamespace) -> None:
    """Of observation somebody comes in spring and refuses the visit of autumn: his visit does not hide the refusal."""
    came, refused = people(place, 2, clinics=[place.clinic])
    planned(place, [came, refused], measure="observation")
    roll = Roll.objects.create(territory=place.nsk, insurer=place.alfa, format="test", name="dn.xml")
    today = timezone.localdate()
    for one in (came, refused):
        reported(place, one, "passed", measure="observation")
        PlannedVisit.objects.create(
            roll=roll, place=1, territory="50000", insurer=place.alfa, person=one, measure="observation",
            visit_from=today, visit_to=today + timedelta(days=60),
        )  # fmt: skip
    reported(place, refused, "refused", measure="observation")
    made = campaign(place, measure="observation", ladder=[{"channel": "call"}])
    assert planning.dry_run(planning.next_step(made)).excluded == {planning.Exclude.REFUSED: 1}
    launch(made.pk, by=None)
    assert Touch.objects.get().person_id == came.pk


def test_a_campaign_of_next_year_counts_for_the_cap(place: SimpleNamespace) -> None:
    some = people(place, 2)
    planned(place, some)
    other, now = campaign(place, title="Осмотры января", year=2027), timezone.now()
    Touch.objects.create(
        year=2027, campaign_id=other.pk, wave_id=0, round=1, person_id=some[0].pk, channel="sms", territory="50000",
        insurer=place.alfa, measure="checkup", purpose="invite", lane="bulk", zone="Asia/Novosibirsk", state="sent",
        not_before=now, sent_at=now - timedelta(days=1),
    )  # fmt: skip
    found = planning.dry_run(planning.next_step(campaign(place)))
    assert found.excluded == {planning.Exclude.TOO_OFTEN: 1}


def test_an_expired_refusal_is_none(place: SimpleNamespace) -> None:
    some = people(place, 1)
    planned(place, some)
    yesterday = timezone.localdate() - timedelta(days=1)
    Consent.objects.create(
        person=some[0],
        channel="sms",
        purpose="informing",
        is_granted=False,
        decided_on=date(2025, 1, 5),
        until=yesterday,
    )
    assert launch(campaign(place).pk, by=None)[0].planned == 1


def test_the_best_number(place: SimpleNamespace) -> None:
    some = people(place, 1)
    planned(place, some)
    Contact.objects.create(person=some[0], kind="phone", value="b", normalised="79001111111", phone_kind="mobile")
    chosen = Contact.objects.create(
        person=some[0], kind="phone", value="c", normalised="79002222222", phone_kind="mobile", is_preferred=True
    )
    launch(campaign(place).pk, by=None)
    touch = Touch.objects.get()
    assert (touch.contact_id, touch.address) == (chosen.pk, "79002222222")


def test_a_dry_run_leaves_nothing_and_says_the_same(place: SimpleNamespace) -> None:
    planned(place, people(place, 10))
    made = campaign(place, limits={"per_day": 4})
    assert planning.dry_run(planning.next_step(made)).cost is None  # nobody carries texts for Alfa yet
    for slug, share, price in (("a", 75, "2.00"), ("b", 25, "4.00"), ("reserve", 0, "90")):
        Provider.objects.create(
            organisation=place.alfa, slug=slug, title=slug, kind="smpp", channel="sms", share=share, segment_price=price
        )
    found = planning.dry_run(planning.next_step(made))
    assert not Touch.objects.exists()
    assert (found.people, found.segments, str(found.cost)) == (10, 20, "50.00")
    assert found.ends - found.starts >= timedelta(days=2)
    _, done = launch(made.pk, by=None)
    assert done.people == found.people
    last = max(Touch.objects.values_list("not_before", flat=True))
    assert last <= done.ends


def test_each_gets_the_text_of_his_language(place: SimpleNamespace) -> None:
    """Tatar has a text of the insurer, Bashkir a shipped one; who speaks Yakut is written to in Russian."""
    some = people(place, 6, clinics=[place.clinic])
    planned(place, some)
    for person, language in zip(some, ("tt", "tt", "ba", "sah", "ru"), strict=False):
        Person.objects.filter(pk=person.pk).update(language=language)
    made = campaign(place)
    key = {"measure": "checkup", "purpose": "invite", "channel": "sms"}
    Template.objects.filter(language__in=("tt", "ba", "sah")).delete()
    tatar = Template.objects.create(**key, organisation=place.alfa, language="tt", text="{имя}, " + "т" * 200)
    Template.objects.create(**key, organisation=None, language="tt", text="Общий")
    shipped = Template.objects.create(**key, organisation=None, language="ba", text="{имя}, килегеҙ")
    Template.objects.create(**key, organisation=place.beta, language="sah", text="Чужой")
    Template.objects.create(**key, organisation=place.alfa, language="sah", text="Прежний", is_current=False)
    Provider.objects.create(
        organisation=place.alfa, slug="a", title="a", kind="smpp", channel="sms", share=100, segment_price="2.00"
    )
    found = planning.dry_run(planning.next_step(made))
    assert found.languages == {"ru": 3, "tt": 2, "ba": 1}
    assert [(one.provider_id, one.people) for one in found.clinics] == [(place.clinic.pk, 6)]
    samples = forecasting.forecast(found, planning.next_step(made), (0, 0)).samples
    assert [(one.language, one.people) for one in samples] == [("русский", 3), ("татарский", 2), ("башкирский", 1)]
    assert samples[2].text == "Анна, килегеҙ"
    russian = Template.objects.get(**key, organisation=place.alfa, language="ru")
    launch(made.pk, by=None)
    told = dict(Touch.objects.values_list("person_id", "template_id"))
    expected = [tatar.pk, tatar.pk, shipped.pk, russian.pk, russian.pk, russian.pk]
    assert told == {one.pk: text for one, text in zip(some, expected, strict=True)}
    parts = dict(Touch.objects.values_list("person_id", "segments"))
    assert [parts[one.pk] for one in some] == [4, 4, 1, 2, 2, 2]  # 206 characters are four of 67
    assert (found.segments, str(found.cost), found.longest) == (15, "30.00", 206)


def test_a_field_without_a_value_shuts_out_only_those_of_its_language(place: SimpleNamespace) -> None:
    some = people(place, 2, clinics=[place.clinic])
    planned(place, some)
    Person.objects.filter(pk=some[0].pk).update(language="tt")
    made = campaign(place)
    Template.objects.create(
        organisation=place.alfa, measure="checkup", purpose="invite", channel="sms", language="tt",
        text="{телефон_клиники}",
    )  # fmt: skip
    _, found = launch(made.pk, by=None)
    assert found.excluded == {planning.Exclude.EMPTY_FIELD: 1}
    assert Touch.objects.get().person_id == some[1].pk


def test_hold_out_group(place: SimpleNamespace) -> None:
    planned(place, people(place, 400))
    wave, found = launch(campaign(place, holdout=25).pk, by=None)
    kept = found.excluded[planning.Exclude.HOLDOUT]
    assert 60 <= kept <= 140
    assert wave.planned + kept == 400


def test_the_days_of_clinics_and_of_the_wave(place: SimpleNamespace) -> None:
    """Two clinics: 90 people and 30; ten a clinic's day, fifteen a day of the wave."""
    planned(place, people(place, 90, clinics=[place.clinic]))
    planned(place, people(place, 30, clinics=[place.clinic2]))
    made = campaign(place, limits={"per_clinic_day": 10, "per_day": 15, "weekends": True})
    launch(made.pk, by=None)
    by_day: Counter[date] = Counter()
    by_clinic: Counter[tuple[int, date]] = Counter()
    by_hour: Counter[datetime] = Counter()
    for clinic, at in Touch.objects.values_list("provider_id", "not_before"):
        day = at.astimezone(NSK).date()
        by_day[day] += 1
        by_clinic[clinic or 0, day] += 1
        by_hour[at] += 1
    assert max(by_day.values()) <= 15
    assert max(by_clinic.values()) <= 10
    assert max(by_hour.values()) <= 2  # fifteen over the eleven hours from nine to twenty
    assert len(by_day) in {9, 10}  # the day of the launch may be half over


def test_a_second_wave_waits_and_climbs(place: SimpleNamespace) -> None:
    some = people(place, 3)
    planned(place, some)
    made = campaign(place)
    wave, _ = launch(made.pk, by=None)
    with pytest.raises(CampaignBusy):
        launch(made.pk, by=None)
    sent = timezone.now() - timedelta(days=20)
    Touch.objects.update(state="claimed")
    Touch.objects.update(state="sending")
    Touch.objects.update(state="sent", sent_at=sent)
    Touch.objects.filter(person_id=some[0].pk).update(sent_at=timezone.now())
    PlanEntry.objects.filter(person=some[1]).update(state="passed", passed_on=date(2026, 3, 3))
    wave.state = "finished"
    wave.save()
    second, found = launch(made.pk, by=None)
    assert second.round == 2
    assert list(Touch.objects.filter(round=2).values_list("person_id", "channel")) == [(some[2].pk, "call")]
    assert {str(one) for one in found.excluded} == {"waiting", "passed"}
    second.state = "finished"
    second.save()
    with pytest.raises(LadderEnded):
        launch(made.pk, by=None)


@pytest.mark.parametrize("said", ["refused", "passed"])
def test_what_a_person_said_in_a_talk_counts(place: SimpleNamespace, said: str) -> None:
    some = people(place, 2)
    planned(place, some)
    launch(campaign(place).pk, by=None)
    Touch.objects.filter(person_id=some[0].pk).update(state="claimed")
    Touch.objects.filter(person_id=some[0].pk).update(state="done", outcome=said)
    other = campaign(place, title="Ещё раз", lane="urgent")
    assert launch(other.pk, by=None)[1].excluded == {planning.Exclude(said): 1}


def test_the_cap_of_all_campaigns(place: SimpleNamespace) -> None:
    some = people(place, 2)
    planned(place, some)
    planned(place, some[:1], measure="screening")
    launch(campaign(place).pk, by=None)
    Template.objects.create(
        organisation=place.alfa, measure="screening", purpose="invite", channel="sms", text="{имя}, ждём вас"
    )
    other = campaign(place, title="Диспансеризация", measure="screening")
    wave, found = launch(other.pk, by=None)
    assert wave.planned == 0
    assert found.excluded == {planning.Exclude.TOO_OFTEN: 1}
    urgent = campaign(place, title="Срочно", measure="screening", lane="urgent")
    assert launch(urgent.pk, by=None)[0].planned == 1


@pytest.mark.parametrize(
    ("launched", "lane", "goes"),
    [
        ("2026-11-21T10:00", "urgent", "2026-11-21T10:00"),  # a Saturday
        ("2026-11-21T10:00", "bulk", "2026-11-23T09:00"),
        ("2026-11-21T23:00", "urgent", "2026-11-22T08:00"),
        ("2026-11-23T21:00", "urgent", "2026-11-23T21:00"),
        ("2026-11-23T21:00", "bulk", "2026-11-24T09:00"),
    ],
)
@pytest.mark.parametrize("limits", [{}, {"per_day": 500}])
def test_the_urgent_lane_waits_neither_for_monday_nor_for_nine(
    place: SimpleNamespace, launched: str, lane: str, goes: str, limits: dict[str, int]
) -> None:
    """With the limits a campaign has by itself; by the clock of each person."""
    planned(place, people(place, 2))
    Person.objects.filter(pk=Person.objects.order_by("pk")[0].pk).update(time_zone="Europe/Kaliningrad")
    made = campaign(place, lane=lane, limits=limits)
    now = datetime.fromisoformat(launched).replace(tzinfo=NSK)
    told = planning.dry_run(planning.next_step(made, now))
    assert f"{told.starts:%Y-%m-%dT%H:%M}" == goes
    launch(made.pk, by=None, now=now)
    first = {
        touch.zone: f"{touch.not_before.astimezone(ZoneInfo(touch.zone)):%Y-%m-%dT%H:%M}"
        for touch in Touch.objects.all()
    }
    if not limits:
        assert first == {"Asia/Novosibirsk": goes, "Europe/Kaliningrad": goes}
    else:
        assert min(first.values()) == goes


def test_a_clinic_without_a_phone_gets_no_text_that_names_it(place: SimpleNamespace) -> None:
    planned(place, people(place, 2, clinics=[place.clinic]))
    Template.objects.create(
        organisation=place.alfa, measure="checkup", purpose="invite", channel="sms", text="Звоните {телефон_клиники}"
    )
    _, found = launch(campaign(place).pk, by=None)
    assert found.excluded == {planning.Exclude.EMPTY_FIELD: 2}


def test_a_text_too_long_after_merge(place: SimpleNamespace) -> None:
    some = people(place, 2)
    planned(place, some)
    Person.objects.filter(pk=some[0].pk).update(given_name="А" * 80)
    _, found = launch(campaign(place, limits={"longest": 2}).pk, by=None)
    assert found.excluded == {planning.Exclude.TOO_LONG: 1}
    assert found.people == 1


def test_one_message_to_one_number(place: SimpleNamespace) -> None:
    some = people(place, 3)
    planned(place, some)
    Contact.objects.update(normalised="79003334455")
    _, found = launch(campaign(place, limits={"one_per_number": True}).pk, by=None)
    assert (found.people, found.excluded) == (1, {planning.Exclude.SAME_NUMBER: 2})


def test_without_a_text_or_people(place: SimpleNamespace) -> None:
    made = campaign(place)
    with pytest.raises(NothingToPlan):
        launch(made.pk, by=None)
    planned(place, people(place, 1))
    Template.objects.all().delete()
    with pytest.raises(NoText, match="ступени 1"):
        launch(made.pk, by=None)
    assert not Touch.objects.exists()
    assert not made.waves.exists()


def test_pause_and_resume_do_not_flood(place: SimpleNamespace) -> None:
    planned(place, people(place, 60))
    made = campaign(place, limits={"per_day": 22, "weekends": True})
    launch(made.pk, by=None)
    pause(made.pk, by=None)
    long_ago = timezone.now() - timedelta(days=30)
    Touch.objects.update(not_before=long_ago)
    resume(made.pk, by=None)
    moments = Counter(Touch.objects.values_list("not_before", flat=True))
    assert min(moments) > timezone.now() - timedelta(hours=1)
    assert max(moments.values()) <= 2


def test_stop_cancels_what_waits(place: SimpleNamespace) -> None:
    planned(place, people(place, 3))
    made = campaign(place)
    launch(made.pk, by=None)
    assert stop(made.pk, why="Список отозван", by=None) == 3
    assert set(Touch.objects.values_list("state", flat=True)) == {"cancelled"}
    with pytest.raises(CampaignBusy):
        launch(made.pk, by=None)


def test_a_change_meets_a_colleague(place: SimpleNamespace, cast: SimpleNamespace) -> None:
    made = campaign(place)
    change(made.pk, version=1, title="Осмотры весной", by=cast.boris)
    with pytest.raises(CampaignBusy):
        change(made.pk, version=1, title="Осмотры летом", by=cast.boris)


def test_shifts_pace_a_wave_and_hear_of_its_callbacks(place: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits from ten to twelve each day: texts go then, and one in twenty is expected to call back."""

    def on_shift(organisation: int, since: datetime, until: datetime) -> dict[datetime, int]:
        assert organisation == place.alfa.pk
        begins = since.astimezone(NSK).replace(hour=10, minute=0, second=0, microsecond=0)
        return {begins + timedelta(days=n, minutes=30 * half): 1 for n in range(20) for half in range(4)}

    monkeypatch.setattr(capacity, "_on_shift", {"test": on_shift})
    planned(place, people(place, 40))
    made = campaign(place, limits={"weekends": True})
    _, found = launch(made.pk, by=None)
    sent = [at.astimezone(NSK) for at in Touch.objects.values_list("not_before", flat=True)]
    assert len(sent) == 40
    assert {at.hour for at in sent} <= {10, 11}
    assert found.operators == 1
    ahead = callbacks.expected(place.alfa.pk, min(sent) - timedelta(hours=1), max(sent) + timedelta(hours=1))
    assert sum(ahead.values()) == pytest.approx(2)
    assert callbacks.expected(place.beta.pk, min(sent), max(sent)) == {}


def test_days_of_whole_and_of_odd_hours_stand_in_one_layout(db: None) -> None:
    """Two hours of a shared shift and four that the clock has left: the driver takes no list of both kinds."""
    opens = datetime(2026, 11, 24, 11), datetime(2026, 11, 26, 9)
    given = planning.as_parameters(pacing.Layout(opens, (2, 4.0), {7: (1, 2)}))
    with connection.cursor() as cursor:
        cursor.execute("SELECT %(hours)s::float8[], %(opens)s::timestamp[]", given)
        assert cursor.fetchone() == ([2.0, 4.0], list(opens))
