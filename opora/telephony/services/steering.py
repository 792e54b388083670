"""Exchanges are told when lines have operators and whose calls go where; they go by it also while we are away."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.utils import timezone

from opora.access.scope import Scope, enter
from opora.telephony.hours import told
from opora.telephony.models import Line
from opora.telephony.ports import Hours, PbxUnavailable, steering_of
from opora.telephony.services.agreements import rules_of

WHY = "an exchange serves the lines of several organisations"
log = structlog.get_logger(__name__)


def hours_of(pbx: str, now: datetime | None = None) -> list[Hours]:
    """Return when the lines of an exchange have operators, two weeks ahead."""
    now = now or timezone.now()
    with enter(Scope.system(WHY)):
        lines = Line.objects.filter(pbx=pbx).select_related("organisation__territory").order_by("number")
        return [told(line, now) for line in lines.prefetch_related("organisation__working_hours", "days")]


def steer_all() -> dict[str, int]:
    """Tell every exchange its hours and rules; return how many rules. One that is away is told the next time."""
    with enter(Scope.system(WHY)):
        exchanges = sorted(set(Line.objects.filter(closed_on=None).values_list("pbx", flat=True)))
    done: dict[str, int] = {}
    for pbx in exchanges:
        hours, rules = hours_of(pbx), rules_of(pbx)
        try:
            steering_of(pbx).steer(hours, rules)
        except PbxUnavailable:
            log.info("telephony.not_steered", pbx=pbx, lines=len(hours), rules=len(rules))
        else:
            done[pbx] = len(rules)
    return done
