"""Tomorrow is planned by the program at its hour, once, and never over what a person has begun."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from opora.access.scope import enter
from opora.insured.models import Person
from opora.policies import by_program, matters, services
from opora.policies.errors import DeliveryChanged, PlanRefused
from opora.policies.models import Courier, DayPlan, Delivery, Notice, Route, Schedule, Visit
from opora.policies.tests.test_path import as_

NOVOSIBIRSK = ZoneInfo("Asia/Novosibirsk")


@pytest.fixture
def evening(tomorrow: date) -> Callable[[int], datetime]:
    """The day before ``tomorrow`` at an hour of Novosibirsk."""

    def at(hour: int) -> datetime:
        return datetime(tomorrow.year, tomorrow.month, tomorrow.day, hour, tzinfo=NOVOSIBIRSK) - timedelta(days=1)

    return at


@pytest.fixture
def set_up(cast: Any, couriers: Any, asked: Any, polina: Person) -> Delivery:
    row: Delivery = asked(polina)
    asked()
    as_(cast.boris, services.save_schedule, is_on=True, hour=17, announces=False)
    return row


def test_it_waits_for_its_hour_and_plans_once(set_up: Delivery, evening: Any, tomorrow: date) -> None:
    assert by_program.plan_due(evening(16)) == []
    (plan,) = by_program.plan_due(evening(17))
    assert (plan.day, plan.visits, plan.left, plan.by) == (tomorrow, 2, 0, None)
    assert Visit.objects.ahead().filter(route__day=tomorrow).count() == 2
    before = list(Visit.objects.values_list("pk", "position", "planned_at"))
    assert by_program.plan_due(evening(18)) == []
    assert list(Visit.objects.values_list("pk", "position", "planned_at")) == before
    event = set_up.events.get(kind="planned")
    assert (event.employee_name, event.employee_id) == ("Программа", None)


def test_a_day_a_person_has_planned_is_left_alone(set_up: Delivery, evening: Any, tomorrow: date, cast: Any) -> None:
    as_(cast.boris, services.plan_day, tomorrow)
    visit = Visit.objects.ahead().get(delivery=set_up)
    as_(cast.boris, services.drop_visit, visit.pk)
    assert by_program.plan_due(evening(20)) == []
    assert DayPlan.objects.get().by == cast.boris
    assert Visit.objects.get(pk=visit.pk).state == "off"


def test_what_a_person_corrects_after_the_program_stays(
    set_up: Delivery, evening: Any, tomorrow: date, cast: Any, asked: Any
) -> None:
    by_program.plan_due(evening(17))
    visit = Visit.objects.ahead().get(delivery=set_up)
    other = Courier.objects.exclude(pk=visit.route.employee_id).get()
    moved = as_(cast.boris, services.move_visit, visit.pk, to=other.pk)
    asked()  # and one more request comes in the evening
    assert by_program.plan_due(evening(21)) == []
    moved.refresh_from_db()
    assert (moved.state, moved.route.employee_id, moved.is_pinned) == ("planned", other.pk, True)


def test_a_route_a_person_began_is_enough_to_leave_the_day(
    set_up: Delivery, evening: Any, tomorrow: date, place: Any, couriers: Any
) -> None:
    Route.objects.create(employee=couriers.kira, day=tomorrow, territory="50000", insurer=place.alfa)
    assert by_program.plan_due(evening(17)) == []


def test_nothing_to_plan_leaves_no_trace(cast: Any, couriers: Any, evening: Any, asked: Any) -> None:
    as_(cast.boris, services.save_schedule, is_on=True, hour=17, announces=False)
    assert by_program.plan_due(evening(18)) == []
    assert not DayPlan.objects.exists()
    asked()
    assert len(by_program.plan_due(evening(19))) == 1, "what came later is still planned"


@pytest.mark.parametrize("what", ["off", "nobody"])
def test_it_plans_only_where_it_is_asked_to(set_up: Delivery, evening: Any, cast: Any, what: str) -> None:
    if what == "off":
        as_(cast.boris, services.save_schedule, is_on=False, hour=17, announces=False)
    else:
        Courier.objects.update(is_active=False)
    assert by_program.plan_due(evening(17)) == []


def test_too_many_are_refused_aloud(set_up: Delivery, evening: Any, cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from opora.policies.services import planning

    monkeypatch.setattr(planning, "MOST", 1)
    (plan,) = by_program.plan_due(evening(17))
    assert plan.refused
    assert by_program.plan_due(evening(18)) == []
    assert not Visit.objects.exists()
    with enter(cast.boris.scope):
        (matter,) = matters.planned_by_program(cast.boris)
    assert matter.state == "late"
    assert "не составлены" in matter.text


def test_it_may_tell_people_at_once(set_up: Delivery, evening: Any, cast: Any) -> None:
    as_(cast.boris, services.save_schedule, is_on=True, hour=17, announces=True)
    by_program.plan_due(evening(17))
    assert Notice.objects.filter(state="waiting").count() == 2


def test_the_dispatcher_reads_it_on_her_desk_and_on_the_page(
    set_up: Delivery, evening: Any, tomorrow: date, cast: Any, signed_in: Any
) -> None:
    by_program.plan_due(evening(17))
    with enter(cast.boris.scope):
        (matter,) = matters.planned_by_program(cast.boris)
    assert matter.text.endswith("составлены в 17:00: 2\xa0визита")
    page = signed_in("boris").get(f"/policies/plan/?day={tomorrow.isoformat()}").content.decode()
    assert "Составила программа по расписанию" in page
    as_(cast.boris, services.plan_day, tomorrow)
    page = signed_in("boris").get(f"/policies/plan/?day={tomorrow.isoformat()}").content.decode()
    assert f"Составлено: {cast.boris.short_name}" in page
    with enter(cast.vera.scope):
        assert not DayPlan.objects.exists()


def test_the_hour_is_set_on_the_page_of_couriers(signed_in: Any, cast: Any, couriers: Any) -> None:
    client = signed_in("boris")
    assert "Маршруты на завтра" in client.get("/policies/couriers/").content.decode()
    said = client.post("/policies/couriers/schedule/", {"is_on": "on", "hour": "18"}, follow=True).content.decode()
    assert "программа составит в 18:00" in said
    assert (Schedule.objects.get().hour, Schedule.objects.get().version) == (18, 1)
    assert "от 0 до 23" in client.post("/policies/couriers/schedule/", {"hour": "24"}, follow=True).content.decode()
    with pytest.raises(DeliveryChanged):
        as_(cast.boris, services.save_schedule, is_on=True, hour=9, announces=False, version=7)
    with pytest.raises(PlanRefused):
        as_(cast.boris, services.save_schedule, is_on=True, hour=24, announces=False)
    assert signed_in("alina").post("/policies/couriers/schedule/", {"hour": "9"}).status_code == 403
