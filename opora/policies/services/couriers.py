"""Who delivers, on which days, from where."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F

from opora.access.rights import Right
from opora.appeals.actor import actor_of
from opora.audit.services import record
from opora.organisations.models import Assignment, Employee
from opora.policies.errors import DeliveryChanged, NoSuchDelivery, PlanRefused
from opora.policies.models import Courier, Schedule
from opora.policies.services._step import check_right, own_insurer


@transaction.atomic
def save_courier(employee_id: int, *, by: Employee, version: int | None = None, **fields: Any) -> Courier:
    """Write down when and from where a courier works. Raises NoSuchDelivery, PlanRefused, DeliveryChanged."""
    check_right(Right.POLICIES_PLAN, by)
    insurer = own_insurer(actor_of(by))
    if insurer is None:
        raise PlanRefused("Курьеры работают у страховой.")
    place = deliverers(by).filter(employee=employee_id).select_related("organisation").first()
    if place is None:
        raise NoSuchDelivery("Среди ваших сотрудников такого курьера нет.")
    if fields["until"] <= fields["since"]:
        raise PlanRefused("Рабочий день кончается раньше, чем начинается.")
    row = Courier.objects.select_for_update().filter(pk=employee_id).first()
    if row is not None and version is not None and row.version != version:
        raise DeliveryChanged("Курьера за это время изменил другой сотрудник. Обновите страницу и повторите.")
    fields |= {"insurer_id": insurer, "territory": place.organisation.territory_id}
    if row is None:
        row = Courier.objects.create(employee_id=employee_id, **fields)
    else:
        Courier.objects.filter(pk=row.pk).update(**fields, version=F("version") + 1)
        row.refresh_from_db()
    record("policies.courier", ("policies.courier", str(row.pk)), by=by)
    return row


@transaction.atomic
def save_schedule(*, is_on: bool, hour: int, announces: bool, by: Employee, version: int | None = None) -> Schedule:
    """Say at which hour the program plans tomorrow for her insurer there. Raises PlanRefused, DeliveryChanged."""
    check_right(Right.POLICIES_PLAN, by)
    actor = actor_of(by)
    insurer = own_insurer(actor)
    if insurer is None:
        raise PlanRefused("Курьеры работают у страховой.")
    if not 0 <= hour <= 23:
        raise PlanRefused("Час — от 0 до 23.")
    keys = {"insurer_id": insurer, "territory": actor.territory}
    fields = {"is_on": is_on, "hour": hour, "announces": announces}
    row = Schedule.objects.select_for_update().filter(**keys).first()
    if row is not None and version is not None and row.version != version:
        raise DeliveryChanged("Расписание за это время изменил другой сотрудник. Обновите страницу и повторите.")
    if row is None:
        row = Schedule.objects.create(**keys, **fields)
    else:
        Schedule.objects.filter(pk=row.pk).update(**fields, version=F("version") + 1)
        row.refresh_from_db()
    record("policies.schedule", ("policies.schedule", str(row.pk)), by=by)
    return row


def deliverers(by: Employee) -> Any:
    """Return assignments of today, of her organisation and its branches, whose role delivers. One query."""
    scope = by.scope
    found = Assignment.objects.current().filter(
        role__rights__contains=[Right.POLICIES_DELIVER], employee__is_active=True
    )
    if scope.insurer is None:
        return found.none()
    mine = found.filter(organisation__territory=scope.territory) if scope.territory else found
    return mine.filter(organisation__pk=scope.insurer) | mine.filter(organisation__parent=scope.insurer)


__all__ = ["deliverers", "save_courier", "save_schedule"]
