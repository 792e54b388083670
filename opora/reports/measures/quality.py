"""Marks of judged talks: a sample is drawn at random, so its mean speaks for the work."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from django.db.models import Avg, Count

from opora.appeals.models import Score
from opora.organisations.models import Territory
from opora.reports.measures.lines import organisations
from opora.reports.measures.registry import Asked, Measured, measure


@measure("quality.talks", beside="оценки разговоров")
def talks(asked: Asked) -> Measured:
    """Of talks judged in the days, ``what``: judged — how many, mean — their mean mark in %."""
    zone = ZoneInfo(Territory.objects.get(pk=asked.subject.territory).time_zone)
    since, until = (datetime.combine(one, time(), zone) for one in asked.days)
    scores = Score.objects.filter(organisation_id__in=organisations(asked.subject), scored_at__gte=since)
    found = scores.filter(scored_at__lt=until + timedelta(days=1)).aggregate(judged=Count("pk"), mean=Avg("total"))
    if asked.arguments["what"] == "judged":
        return Measured(found["judged"], "" if found["judged"] else "Разговоры за эти дни не оценивали.")
    if found["mean"] is None:
        return Measured(None)
    return Measured(Decimal(found["mean"]).quantize(Decimal("0.1"), ROUND_HALF_UP))
