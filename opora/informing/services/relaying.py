"""A wave laid over the hours to come anew: after a pause, and when it has fallen behind its plan."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from django.db import connection, transaction
from django.db.models import Count

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.informing import pacing, planning
from opora.informing.errors import LimitsRefused
from opora.informing.models import Attempt, Campaign, Touch, Wave
from opora.informing.words import CampaignState, TouchState, WaveState
from opora.shared.sql import question, text

SQL = Path(__file__).parent.parent / "sql"
# Behind by more allowed hours than this, a wave is laid anew; what is less goes at once and is no flood.  # assumed
LAG = timedelta(hours=2)

_zones = question(SQL, "zones")
log = structlog.get_logger(__name__)


def lay_anew(wave: Wave, now: datetime) -> int:
    """Lay what waits over the hours from ``now`` on, in the order it had; return how many. Raises LimitsRefused.

    Calls promised for an hour still to come stay at it, beside the days of the others.
    """
    step = _step(wave, now)
    promised = Attempt.objects.filter(year=wave.campaign.year, again_at__gt=now)
    waiting = Touch.objects.filter(year=wave.campaign.year, wave_id=wave.pk, state=TouchState.PLANNED)
    going = waiting.exclude(id__in=promised.values("touch_id"))
    counts = going.values_list("provider_id").annotate(n=Count("*")).order_by()
    people = {clinic or 0: count for clinic, count in counts}
    if not people:
        return 0
    laid = pacing.lay(step.limits, step.local, people, step.works, step.shifts, step.gone)
    parameters = {"year": wave.campaign.year, "wave": wave.pk, "now": now, **planning.as_parameters(laid)}
    with connection.cursor() as cursor:
        cursor.execute(text(SQL / "replan.sql"), parameters)
        return int(cursor.rowcount)


def catch_up(wave: Wave, *, now: datetime) -> int:
    """Lay a running wave with limits anew if it lags: days of an outage do not go in one hour.

    Return how many touches were laid; 0 — it keeps pace, which costs three queries. Of several workers one lays, the
    others wait and find nothing to do.
    """
    with enter(Scope.system("a wave that lags is laid anew")):
        if not _lags(wave, now):
            return 0
        with transaction.atomic():
            # One command of a campaign at a time, as pause, resume and stop.
            locked = Campaign.objects.select_for_update(of=("self",), no_key=True)
            is_running = locked.filter(pk=wave.campaign_id, state=CampaignState.RUNNING).exists()
            wave = Wave.objects.select_related("campaign__insurer", "rung").get(pk=wave.pk)
            if not is_running or wave.state != WaveState.RUNNING or not _lags(wave, now):
                return 0
            if not _step(wave, now).is_paced:
                return 0
            try:
                laid = lay_anew(wave, now)
            except LimitsRefused:
                log.warning("informing.not_laid_anew", wave=wave.pk)
                return 0
            record("informing.catch_up", wave.campaign, by=None, details={"round": wave.round, "laid": laid})
            return laid


def _lags(wave: Wave, now: datetime) -> bool:
    """Tell whether somebody waits for longer than ``LAG`` of allowed hours beyond his own."""
    step = _step(wave, now)
    for row in _zones(year=wave.campaign.year, wave=wave.pk):
        since, until = (at.astimezone(ZoneInfo(row.zone)).replace(tzinfo=None) for at in (row.oldest, now))
        if until - since > LAG and pacing.allowed_time(step.limits, since, until, step.works) > LAG:
            return True
    return False


def _step(wave: Wave, now: datetime) -> planning.Step:
    return planning.Step(wave.campaign, wave.rung, wave.round, now)
