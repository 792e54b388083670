"""Warnings of terms: once a clock and day, in working time, to who has the appeal."""

from datetime import datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from opora.access.scope import enter
from opora.appeals import reminders
from opora.appeals.models import Clock, Reminder
from opora.appeals.services import Target
from opora.appeals.tests.test_carrying import do
from opora.organisations.models import WorkingHours


def at(place: SimpleNamespace, hour: int) -> datetime:
    """A moment of today at Alfa, open each day from nine to six."""
    today = timezone.now().astimezone(place.alfa.zone).date()
    return datetime.combine(today, time(hour), tzinfo=place.alfa.zone)


@pytest.fixture
def warning(place: SimpleNamespace, shelf: SimpleNamespace) -> SimpleNamespace:
    for organisation in (place.alfa, place.beta):
        WorkingHours.objects.bulk_create(
            WorkingHours(organisation=organisation, weekday=day, opens_at=time(9), closes_at=time(18))
            for day in range(1, 8)
        )
    today = at(place, 12).date()
    Clock.objects.update(warn_on=[(today + timedelta(days=9)).isoformat()])
    for appeal in (shelf.mine, shelf.queue):
        Clock.objects.filter(appeal=appeal).update(warn_on=[today.isoformat()])
    return shelf


def told(who: Any) -> list[str]:
    with enter(who.scope):
        return [matter.text for matter in reminders.coming(who)]


def test_only_in_working_time_and_once(place: SimpleNamespace, warning: SimpleNamespace) -> None:
    assert reminders.remind(at(place, 7)) == 0
    assert reminders.remind(at(place, 20)) == 0
    assert reminders.remind(at(place, 10)) == 2
    assert reminders.remind(at(place, 15)) == 0
    assert set(Reminder.objects.values_list("appeal", flat=True)) == {warning.mine.pk, warning.queue.pk}


def test_the_owner_is_told_and_the_line_of_the_queue(
    cast: SimpleNamespace, place: SimpleNamespace, warning: SimpleNamespace
) -> None:
    reminders.remind(at(place, 10))

    assert told(cast.alina) == ["Подходит срок ваших обращений: 1", "В очереди подходит срок: 1"]
    assert told(cast.sp2) == []  # another line
    for stranger in (cast.vera, cast.far, cast.clerk):
        assert told(stranger) == []
    with enter(cast.vera.scope):
        assert not Reminder.objects.exists()


def test_a_reminder_follows_the_appeal_and_ends_with_it(
    cast: SimpleNamespace, place: SimpleNamespace, warning: SimpleNamespace
) -> None:
    reminders.remind(at(place, 10))
    do(cast.alina, "hand_over", warning.mine.pk, to=Target(owner=cast.sp2), why="Уезжаю")
    assert told(cast.alina) == ["В очереди подходит срок: 1"]
    assert told(cast.sp2) == ["Подходит срок ваших обращений: 1"]

    do(cast.sp2, "close", warning.mine.pk, outcome="withdrawn", why="Отозвала по телефону")
    assert told(cast.sp2) == []


def test_the_desk_shows_it(
    cast: SimpleNamespace, place: SimpleNamespace, warning: SimpleNamespace, signed_in: Any
) -> None:
    reminders.remind(at(place, 10))
    assert "Подходит срок ваших обращений" in signed_in("alina").get("/").content.decode()


def test_unknown_hours_are_those_of_an_office(place: SimpleNamespace, warning: SimpleNamespace) -> None:
    WorkingHours.objects.all().delete()
    today = at(place, 12).date()
    is_weekday = today.weekday() < 5
    assert reminders.remind(at(place, 12)) == (2 if is_weekday else 0)
