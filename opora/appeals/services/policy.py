"""The rules a territory or an organisation sets for itself. The fund sets those of its territory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from opora.appeals import routing, visibility
from opora.appeals.actor import actor_of
from opora.appeals.errors import NotYours
from opora.appeals.models import ApprovalRule, Route, VisibilityRule
from opora.audit.services import record
from opora.organisations.models import Organisation

if TYPE_CHECKING:
    from opora.organisations.models import Employee


def sets_territory(employee: Employee) -> bool:
    """Say whether she may set the rules of the territory: routes and sight."""
    return employee.assignment is not None and employee.assignment.organisation.kind == Organisation.Kind.FUND


def own_routes(*, by: Employee) -> int:
    """Copy the country's routes to the territory: from now on only its own are followed. Returns how many it has."""
    territory = _territory(by)
    have = Route.objects.filter(territory=territory).count()
    if have:
        return have
    copies = list(Route.objects.filter(territory=""))
    for route in copies:
        route.pk, route.territory = None, territory
    Route.objects.bulk_create(copies)
    record("appeals.rules.own_routes", ("organisations.territory", territory), by=by)
    routing.forget()
    return len(copies)


def save_route(route: Route, *, by: Employee) -> Route:
    """Add or change a route of her territory."""
    territory = _territory(by)
    if route.pk is None:
        own_routes(by=by)
        route.territory = territory
    if route.territory != territory:
        raise NotYours("Общие маршруты не меняют: сначала заведите маршруты своего региона.")
    route.save()
    record("appeals.rules.route", route, by=by, details={"send_to": route.send_to, "position": route.position})
    routing.forget()
    return route


def set_visibility(
    *, reason: str, organisation_kind: str, appeal_kind: str, depths: tuple[int, int, int], by: Employee
) -> VisibilityRule:
    """Set how deep is seen in her territory; the country's rule stays under it. Grants already given do not change."""
    territory = _territory(by)
    new = dict(zip(("depth1", "depth2", "depth3"), depths, strict=True))
    key: dict[str, Any] = {"reason": reason, "organisation_kind": organisation_kind, "appeal_kind": appeal_kind}
    rule, _ = VisibilityRule.objects.update_or_create(territory=territory, **key, defaults=new)
    record("appeals.rules.visibility", rule, by=by, details={**key, "depths": list(depths)})
    visibility.forget()
    return rule


def set_approval(needed: Mapping[str, bool], *, by: Employee) -> None:
    """Set for which kinds the answers of her organisation are approved by a second person."""
    holder = actor_of(by).holder
    for kind, is_needed in needed.items():
        ApprovalRule.objects.update_or_create(organisation_id=holder, kind=kind, defaults={"is_needed": is_needed})
    changed: dict[str, Any] = {"needed": sorted(kind for kind, is_needed in needed.items() if is_needed)}
    record("appeals.rules.approval", ("organisations.organisation", str(holder)), by=by, details=changed)


def _territory(by: Employee) -> str:
    if not sets_territory(by):
        raise NotYours("Маршруты и видимость задаёт фонд территории.")
    return actor_of(by).territory
