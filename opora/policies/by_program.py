"""Tomorrow is planned by the program, at the hour the dispatcher has set. A day somebody has planned is left alone."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.organisations.models import Organisation
from opora.policies import services
from opora.policies.models import DayPlan, Schedule

log = structlog.get_logger(__name__)
WHY = "routes of tomorrow are planned at the hour set for it"


def plan_due(now: datetime | None = None) -> list[DayPlan]:
    """Plan tomorrow for everybody whose hour has come and whose tomorrow nobody has planned; return what was planned.

    Safe to run twice, also at once: the day is locked, and one that has a plan is never planned here again.
    """
    now = now or timezone.now()
    with enter(Scope.system(WHY)):
        schedules = list(Schedule.objects.filter(is_on=True).select_related("insurer__territory").order_by("pk"))
        houses = {one.pk: _house(one) for one in schedules}
    found = []
    for one in schedules:
        local = now.astimezone(houses[one.pk].zone)
        if local.hour < one.hour:
            continue
        day = local.date() + timedelta(days=1)
        with enter(Scope.system(WHY)):
            plan = services.plan_by_program(day, house=houses[one.pk], schedule=one, now=now)
        if plan is not None:
            log.info("policies.planned", plan=plan.pk, visits=plan.visits, left=plan.left)
            found.append(plan)
    return found


def _house(one: Schedule) -> Organisation:
    """Return who plans in a territory: the insurer at home, its branch elsewhere."""
    if one.insurer.territory_id == one.territory:
        return one.insurer
    branches = Organisation.objects.filter(parent=one.insurer, territory=one.territory, kind=Organisation.Kind.BRANCH)
    return branches.select_related("territory").order_by("pk").first() or one.insurer
