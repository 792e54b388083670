"""From a request to a hand-over, and everything that may go otherwise."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from opora.access.scope import enter
from opora.audit.models import AuditLine
from opora.insured.models import Person
from opora.policies import notices, services
from opora.policies.errors import (
    AddressNeeded,
    AlreadyAsked,
    DeliveryChanged,
    DeliveryClosed,
    NoRight,
    PlanRefused,
    RecordRefused,
    WordsNeeded,
)
from opora.policies.models import Delivery, DeliveryEvent, HandOver, Route, Visit
from opora.policies.services import Address, Report
from opora.policies.tests.conftest import HOME, PNG

type Asked = Callable[..., Delivery]


def told(visit: Visit, outcome: str, *, signature: bytes = b"", **more: Any) -> Report:
    now = timezone.now()
    return Report(uuid4(), visit.pk, outcome, now, now, signature, **more)  # type: ignore[arg-type]


def as_(who: Any, do: Any, *given: Any, **more: Any) -> Any:
    with enter(who.scope):
        return do(*given, **more, by=who)


@pytest.fixture
def planned(cast: Any, couriers: Any, asked: Asked, polina: Person, tomorrow: date) -> Visit:
    delivery = asked(polina)
    as_(cast.boris, services.plan_day, tomorrow)
    return Visit.objects.select_related("route__employee").get(delivery=delivery)


def test_a_request_leaves_an_event_and_an_audit_line(asked: Asked, polina: Person) -> None:
    row = asked(polina)
    assert row.recipient == polina.full_name
    assert row.documents == ["Паспорт", "СНИЛС"]
    assert row.events.get().kind == "asked"
    assert AuditLine.objects.filter(action="policies.ask", subject_id=str(row.pk)).exists()


def test_one_open_request_at_a_time(asked: Asked, polina: Person, cast: Any) -> None:
    row = asked(polina)
    with pytest.raises(AlreadyAsked):
        asked(polina)
    as_(cast.alina, services.withdraw, row.pk)
    assert asked(polina).pk != row.pk


def test_the_database_itself_keeps_one_open_request(asked: Asked, polina: Person) -> None:
    row = asked(polina)
    row.pk = None
    with pytest.raises(IntegrityError, match="delivery_one_open_per_person"), transaction.atomic():
        row.save(force_insert=True)


WRONG = [
    ({"died_on": date(2026, 1, 1)}, NoRight, "умер"),
    ({"policy": None}, NoRight, "Действующего полиса"),
    ({"category": "disabled_1"}, NoRight, "нет категории"),
    ({"address": Address("г. Новосибирск", "ул. Ленина", "")}, AddressNeeded, "номера дома"),
    ({"address": Address("", "ул. Ленина", "1")}, AddressNeeded, "населённый пункт"),
]


@pytest.mark.parametrize(("change", "refusal", "words"), WRONG)
def test_what_is_refused_says_why(
    asked: Asked, polina: Person, change: dict[str, Any], refusal: type[Exception], words: str
) -> None:
    if "died_on" in change:
        Person.objects.filter(pk=polina.pk).update(died_on=change["died_on"])
    if "policy" in change:
        polina.policies.update(until=date(2020, 1, 1))
    polina.refresh_from_db()
    given = {name: value for name, value in change.items() if name in {"category", "address"}}
    with pytest.raises(refusal, match=words):
        asked(polina, **given)


def test_a_paper_proves_a_category(asked: Asked, polina: Person) -> None:
    assert asked(polina, category="disabled_1", category_proof="Справка МСЭ № 1").category_proof


def test_another_insurer_sees_nothing(asked: Asked, polina: Person, cast: Any) -> None:
    row = asked(polina)
    assert not Delivery.objects.accessible_to(cast.vera).exists()
    with enter(cast.vera.scope):
        assert not Delivery.objects.filter(pk=row.pk).exists()


def test_a_stale_page_changes_nothing(asked: Asked, polina: Person, cast: Any) -> None:
    row = asked(polina)
    as_(cast.alina, services.change, row.pk, address=HOME, phone="+79000000002", version=row.version)
    with pytest.raises(DeliveryChanged):
        as_(cast.alina, services.withdraw, row.pk, version=row.version)


def test_a_refusal_needs_words_and_ends_the_request(asked: Asked, polina: Person, cast: Any) -> None:
    row = asked(polina)
    with pytest.raises(WordsNeeded):
        as_(cast.alina, services.refuse, row.pk, why=" ")
    assert not as_(cast.alina, services.refuse, row.pk, why="Полис уже у человека").is_open
    with pytest.raises(DeliveryClosed):
        as_(cast.alina, services.put_off, row.pk, until=date(2099, 1, 1))


def test_a_plan_puts_a_request_into_a_route(planned: Visit, tomorrow: date) -> None:
    assert planned.route.day == tomorrow
    assert planned.planned_at is not None
    assert planned.delivery.state == "planned"


def test_planning_again_keeps_the_visit_and_the_pin(planned: Visit, cast: Any, couriers: Any, tomorrow: date) -> None:
    other = next(one for one in vars(couriers).values() if one.pk != planned.route.employee_id)
    moved = as_(cast.boris, services.move_visit, planned.pk, to=other.pk)
    as_(cast.boris, services.plan_day, tomorrow)
    moved.refresh_from_db()
    assert (moved.route.employee_id, moved.state, moved.is_pinned) == (other.pk, "planned", True)
    assert moved.planned_at is not None
    assert Visit.objects.get(pk=planned.pk).state == "off"


def test_what_cannot_be_visited_says_why(cast: Any, couriers: Any, asked: Asked, tomorrow: date) -> None:
    from opora.policies.models import Courier

    Courier.objects.update(since=540, until=1080)
    row = asked(windows=[(1200, 1260)])
    as_(cast.boris, services.plan_day, tomorrow)
    row.refresh_from_db()
    assert (row.state, row.left_why) == ("waiting", "hours")


def test_a_fund_does_not_plan(cast: Any, couriers: Any, tomorrow: date) -> None:
    with pytest.raises(PlanRefused, match="страховая"):
        as_(cast.admin, services.plan_day, tomorrow)


def test_changed_hours_take_the_visit_off(planned: Visit, cast: Any) -> None:
    as_(cast.alina, services.change, planned.delivery_id, address=HOME, phone="+79000000001", windows=[(600, 720)])
    planned.refresh_from_db()
    assert planned.state == "off"
    assert planned.delivery.state == "waiting"


def test_a_signature_is_a_proof(planned: Visit) -> None:
    taken = as_(planned.route.employee, services.report, told(planned, "delivered", signature=PNG))
    proof = HandOver.objects.get(delivery=planned.delivery_id)
    assert taken.state == "accepted"
    assert (proof.proof, len(proof.signature)) == ("signature", 64)
    planned.delivery.refresh_from_db()
    assert (planned.delivery.state, planned.delivery.is_open) == ("delivered", False)


def test_the_same_record_twice_is_written_once(planned: Visit) -> None:
    record = told(planned, "delivered", signature=PNG)
    first, again = (as_(planned.route.employee, services.report, record) for _ in range(2))
    assert first == again
    assert DeliveryEvent.objects.filter(kind="delivered").count() == 1


def test_the_second_courier_is_told_and_her_record_kept(planned: Visit, cast: Any, couriers: Any) -> None:
    first = planned.route.employee
    other = next(one for one in vars(couriers).values() if one.pk != first.pk)
    moved = as_(cast.boris, services.move_visit, planned.pk, to=other.pk)
    as_(first, services.report, told(planned, "delivered", signature=PNG))  # she was without network
    moved.refresh_from_db()
    assert moved.state == "off"
    taken = as_(other, services.report, told(moved, "delivered", signature=PNG))
    assert taken.state == "kept"
    assert first.short_name in taken.sentence
    assert HandOver.objects.get().courier == first
    assert DeliveryEvent.objects.filter(kind="second").count() == 1


def test_a_code_of_the_text_is_a_proof_and_a_wrong_one_is_not(planned: Visit, cast: Any, tomorrow: date) -> None:
    assert as_(cast.boris, services.announce, tomorrow) == 1
    assert as_(cast.boris, services.announce, tomorrow) == 0
    code = notices.code_of(planned.notices.get().pk)
    wrong = f"{(int(code) + 1) % 10_000:04}"
    assert as_(planned.route.employee, services.report, told(planned, "delivered", code=wrong)).state == "refused"
    assert as_(planned.route.employee, services.report, told(planned, "delivered", code=code)).state == "accepted"
    assert HandOver.objects.get().proof == "code"


def test_codes_are_not_guessed(planned: Visit, cast: Any, tomorrow: date) -> None:
    as_(cast.boris, services.announce, tomorrow)
    code = notices.code_of(planned.notices.get().pk)
    for _ in range(5):
        as_(planned.route.employee, services.report, told(planned, "delivered", code=f"{(int(code) + 7) % 10_000:04}"))
    assert as_(planned.route.employee, services.report, told(planned, "delivered", code=code)).state == "refused"


def test_nobody_home_comes_back_until_tries_are_over(planned: Visit, cast: Any, tomorrow: date) -> None:
    visit = planned
    for tries in (1, 2, 3):
        Route.objects.filter(pk=visit.route_id).update(day=timezone.localdate() - timedelta(days=4 - tries))
        as_(visit.route.employee, services.report, told(visit, "not_home"))
        row = Delivery.objects.get(pk=planned.delivery_id)
        assert row.tries == tries
        if tries < 3:
            assert row.state == "waiting"
            as_(cast.boris, services.plan_day, tomorrow)
            visit = row.visits.get(state="planned")
    assert row.state == "clarify"
    assert as_(cast.alina, services.return_to_plan, row.pk).tries == 0


OUTCOMES = [("declined", "declined"), ("wrong_address", "clarify"), ("put_off", "waiting")]


@pytest.mark.parametrize(("outcome", "state"), OUTCOMES)
def test_other_outcomes(planned: Visit, outcome: str, state: str) -> None:
    as_(planned.route.employee, services.report, told(planned, outcome, note="со слов соседки"))
    planned.delivery.refresh_from_db()
    assert planned.delivery.state == state


def test_a_wrong_clock_of_the_phone_is_noted(planned: Visit) -> None:
    now = timezone.now()
    hour = timedelta(hours=1)
    record = Report(uuid4(), planned.pk, "delivered", now - 26 * hour, now - 24 * hour, PNG)  # type: ignore[arg-type]
    as_(planned.route.employee, services.report, record)
    proof, event = HandOver.objects.get(), DeliveryEvent.objects.get(kind="delivered")
    assert abs(proof.at - (now - 2 * hour)) < timedelta(minutes=1)
    assert proof.device_at == now - 26 * hour
    assert 86_000 < event.details["clock_behind"] < 87_000


def test_a_visit_of_somebody_else_is_not_hers(planned: Visit, couriers: Any) -> None:
    other = next(one for one in vars(couriers).values() if one.pk != planned.route.employee_id)
    with pytest.raises(RecordRefused):
        as_(other, services.report, told(planned, "delivered", signature=PNG))


def test_a_courier_sees_her_own_route_alone(planned: Visit, asked: Asked, couriers: Any) -> None:
    from opora.policies.services.reporting import scope_of

    asked()
    other = next(one for one in vars(couriers).values() if one.pk != planned.route.employee_id)
    with enter(scope_of(planned.route.employee)):
        assert list(Delivery.objects.values_list("pk", flat=True)) == [planned.delivery_id]
        assert not Person.objects.exists()
    with enter(scope_of(other)):
        assert not Delivery.objects.exists()
        assert not Visit.objects.exists()


def test_rows_are_not_deleted(planned: Visit) -> None:
    from django.db import InternalError

    for model in (Delivery, Route, Visit):
        with pytest.raises((InternalError, Exception), match=r"not deleted|protected"), transaction.atomic():
            model.objects.all()._raw_delete("default")


def test_what_a_silent_courier_left_goes_back(planned: Visit, cast: Any) -> None:
    Route.objects.update(day=timezone.localdate() - timedelta(days=2))
    assert as_(cast.boris, services.return_silent) == 1
    assert as_(planned.route.employee, services.report, told(planned, "delivered", signature=PNG)).state == "accepted"
