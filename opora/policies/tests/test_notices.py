"""Texts before a visit: once, in decent hours, with a fate."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from opora.channels.models import Provider
from opora.channels.ports import Accepted, Answer, Outgoing, Refused, Unanswered
from opora.insured.models import Consent, Person
from opora.policies import notices, services
from opora.policies.models import Courier, Delivery, Notice, Visit
from opora.policies.queries import lost_texts
from opora.policies.tests.test_path import as_, planned

__all__ = ["planned"]
NOVOSIBIRSK = ZoneInfo("Asia/Novosibirsk")


class Carrier:
    """A gateway that remembers what it was given; ``answer`` makes its word."""

    def __init__(self) -> None:
        self.given: list[Outgoing] = []
        self.answer: Any = lambda message: Accepted(message.reference, ("1",))

    @asynccontextmanager
    async def session(self, link: Any, on_receipts: Any) -> AsyncIterator["Carrier"]:
        yield self

    async def send_all(self, messages: Sequence[Outgoing]) -> list[Answer]:
        self.given += messages
        return [self.answer(one) for one in messages]


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch, place: Any) -> Carrier:
    Provider.objects.create(organisation=place.alfa, slug="sms", title="СМС", kind="standin", channel="sms")
    made = Carrier()
    monkeypatch.setattr(notices, "gateway", lambda kind: made)
    return made


@pytest.fixture
def notice(planned: Visit, cast: Any, tomorrow: date) -> Notice:
    as_(cast.boris, services.announce, tomorrow)
    return Notice.objects.get()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, tomorrow: date) -> Any:
    def at(hour: int) -> datetime:
        now = datetime(tomorrow.year, tomorrow.month, tomorrow.day, hour, tzinfo=NOVOSIBIRSK)
        monkeypatch.setattr(notices.timezone, "now", lambda: now)
        return now

    return at


def test_it_goes_once_with_the_code(notice: Notice, carrier: Carrier, clock: Any) -> None:
    clock(12)
    assert notices.send_due() == {"sent": 1}
    assert notices.send_due() == {}
    (message,) = carrier.given
    assert message.to == "79000000001"
    assert f"Код для получения: {notices.code_of(notice.pk)}" in message.text
    assert notice.delivery.events.filter(kind="noticed").count() == 1


def test_at_night_it_waits_for_the_morning(notice: Notice, carrier: Carrier, clock: Any) -> None:
    now = clock(6)
    assert notices.send_due() == {}
    notice.refresh_from_db()
    assert (notice.state, carrier.given) == ("waiting", [])
    assert now < notice.not_before <= now + timedelta(hours=3)
    clock(12)
    assert notices.send_due() == {"sent": 1}


def test_who_asked_for_none_gets_none(notice: Notice, carrier: Carrier, clock: Any, polina: Person) -> None:
    Consent.objects.create(
        person=polina, channel="sms", purpose="informing", is_granted=False, decided_on=date(2026, 1, 1)
    )
    clock(12)
    notices.send_due()
    notice.refresh_from_db()
    assert (notice.state, notice.why, carrier.given) == ("failed", "человек просил не присылать СМС", [])


def test_a_visit_taken_off_is_not_announced(notice: Notice, carrier: Carrier, clock: Any, cast: Any) -> None:
    as_(cast.boris, services.drop_visit, notice.visit_id)
    clock(12)
    notices.send_due()
    notice.refresh_from_db()
    assert (notice.state, carrier.given) == ("cancelled", [])


def test_a_visit_that_moves_takes_its_text_along(
    notice: Notice, carrier: Carrier, clock: Any, cast: Any, couriers: Any, tomorrow: date
) -> None:
    other = next(one for one in vars(couriers).values() if one.pk != notice.visit.route.employee_id)
    moved = as_(cast.boris, services.move_visit, notice.visit_id, to=other.pk)
    notice.refresh_from_db()
    assert (notice.state, notice.visit) == ("waiting", moved)
    assert as_(cast.boris, services.announce, tomorrow) == 0
    clock(12)
    assert notices.send_due() == {"sent": 1}


def test_a_text_lost_before_the_move_is_still_a_matter_for_the_telephone(
    notice: Notice, cast: Any, couriers: Any
) -> None:
    Notice.objects.update(state="failed", why="провайдер не принял")
    other = next(one for one in vars(couriers).values() if one.pk != notice.visit.route.employee_id)
    as_(cast.boris, services.move_visit, notice.visit_id, to=other.pk)
    assert list(lost_texts()) == [notice]


def test_a_day_planned_anew_for_another_courier_takes_texts_along(
    notice: Notice, cast: Any, couriers: Any, tomorrow: date
) -> None:
    former = notice.visit.route.employee_id
    Courier.objects.filter(employee=former).update(is_active=False)
    as_(cast.boris, services.plan_day, tomorrow)
    notice.refresh_from_db()
    assert (notice.state, notice.visit.state) == ("waiting", "planned")
    assert notice.visit.route.employee_id != former


def test_who_was_taken_off_and_is_planned_again_is_told(
    notice: Notice, carrier: Carrier, clock: Any, cast: Any, tomorrow: date
) -> None:
    as_(cast.boris, services.drop_visit, notice.visit_id)
    Delivery.objects.update(not_before=tomorrow)
    as_(cast.boris, services.plan_day, tomorrow)
    assert as_(cast.boris, services.announce, tomorrow) == 1
    assert as_(cast.boris, services.announce, tomorrow) == 0
    clock(12)
    assert notices.send_due() == {"sent": 1}
    assert [one.reference for one in carrier.given] == [notice.pk]


def test_without_a_provider_it_says_so(notice: Notice, clock: Any) -> None:
    clock(12)
    notices.send_due()
    assert notice.delivery.events.filter(kind="not_noticed", text="у страховой не подключены СМС").exists()


ANSWERS = [
    (lambda one: Refused(one.reference, "busy", is_permanent=False), "waiting"),
    (lambda one: Refused(one.reference, "bad", is_permanent=True), "failed"),
    (lambda one: Unanswered(one.reference, "timeout"), "sent"),
]


@pytest.mark.parametrize(("answer", "state"), ANSWERS, ids=["busy", "refused", "silent"])
def test_what_the_provider_says(notice: Notice, carrier: Carrier, clock: Any, answer: Any, state: str) -> None:
    clock(12)
    carrier.answer = answer
    notices.send_due()
    notices.send_due()
    notice.refresh_from_db()
    assert (notice.state, len(carrier.given)) == (state, 1)


def test_one_left_half_sent_is_not_sent_again(notice: Notice, carrier: Carrier, clock: Any) -> None:
    now = clock(12)
    Notice.objects.update(state="sending", not_before=now - timedelta(hours=2))
    notices.send_due()
    notice.refresh_from_db()
    assert (notice.state, carrier.given) == ("failed", [])
