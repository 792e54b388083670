"""The calendar moves people between insurers and clinics without anybody writing a row."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from opora.audit.models import AuditLine
from opora.insured import fold
from opora.insured.models import Attachment, Person, Policy
from opora.organisations.models import Organisation, Territory

# 18:30 UTC on 1 March is already 2 March in Novosibirsk (UTC+7).
EVENING = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)


@pytest.fixture
def moving(polina: Person, place: SimpleNamespace) -> Person:
    """Polina, insured by Alfa until 1 March and by Beta from the 2nd; written long before, as an import does."""
    polina.policies.update(until=FIRST)
    Policy.objects.create(person=polina, kind=3, number=polina.enp, insurer=place.beta, since=SECOND)
    polina.attachments.update(until=FIRST)
    Attachment.objects.create(person=polina, provider=place.clinic2, since=SECOND)
    Person.objects.update(insurer=place.alfa, provider=place.clinic)
    return polina


def test_the_new_day_comes_by_the_clock_of_the_territory(moving: Person, place: SimpleNamespace) -> None:
    assert fold.refresh(at=EVENING.replace(hour=16)) == 0

    assert fold.refresh(at=EVENING) == 1

    moving.refresh_from_db()
    assert (moving.insurer, moving.provider) == (place.beta, place.clinic2)
    assert AuditLine.objects.get(action="insured.fold.refresh").details == {"changed": 1}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_row_that_is_written_turns_by_the_clock_of_the_territory_too(
    polina: Person, place: SimpleNamespace, zone: str
) -> None:
    """These two zones never have one date: whatever the hour, one of them differs from that of the server."""
    Territory.objects.filter(pk=polina.territory_id).update(time_zone=zone)
    today = timezone.localdate(timezone=ZoneInfo(zone))
    polina.policies.update(until=today - timedelta(days=1))
    polina.attachments.update(until=today - timedelta(days=1))
    assert folded(polina) == (None, None)

    Policy.objects.create(person=polina, kind=3, number=polina.enp, insurer=place.beta, since=today)
    Attachment.objects.create(person=polina, provider=place.clinic2, since=today)
    assert folded(polina) == (place.beta, place.clinic2)

    Policy.objects.filter(insurer=place.beta).update(since=today + timedelta(days=1))
    Attachment.objects.filter(provider=place.clinic2).update(since=today + timedelta(days=1))
    assert folded(polina) == (None, None)


def folded(person: Person) -> tuple[Organisation | None, Organisation | None]:
    person.refresh_from_db()
    return person.insurer, person.provider


def test_twice_is_harmless(moving: Person) -> None:
    fold.refresh(at=EVENING)

    assert fold.refresh(at=EVENING) == 0


def test_a_worker_that_slept_catches_up(moving: Person, place: SimpleNamespace) -> None:
    assert fold.refresh(at=datetime(2026, 3, 7, 20, tzinfo=UTC)) == 1


def test_a_policy_that_ends_leaves_nobody(polina: Person, place: SimpleNamespace) -> None:
    polina.policies.update(until=FIRST)
    Person.objects.update(insurer=place.alfa)
    fold.refresh(at=EVENING)
    polina.refresh_from_db()

    assert polina.insurer is None


def test_the_schedule_names_every_task(db: None) -> None:
    from config import schedule

    schedule.app.perform_import_paths()
    periodic = {entry.task.name: entry.cron for entry in schedule.app.periodic_registry.periodic_tasks.values()}
    assert periodic["insured.refresh_fold"] == "5 12-22 * * *"
