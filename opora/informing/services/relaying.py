"""A wave laid over the hours to come anew: after a pause, when it has fallen behind its plan, and to make room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from django.db import connection, transaction
from django.db.models import Count

from opora.access.scope import Scope, enter
from opora.audit.services import record
from opora.informing import pacing, planning, sharing
from opora.informing.errors import LimitsRefused
from opora.informing.models import Attempt, Campaign, Touch, Wave
from opora.informing.pacing import FREE
from opora.informing.words import CampaignState, Lane, TouchState, WaveState
from opora.shared.sql import question, text

SQL = Path(__file__).parent.parent / "sql"
# Behind by more allowed hours than this, a wave is laid anew; what is less goes at once and is no flood.  # assumed
LAG = timedelta(hours=2)
SLACK = 1.05  # touches of an hour beyond what is free by this much are no crowd: hours do not begin with windows

_zones = question(SQL, "zones")
log = structlog.get_logger(__name__)


def lay_anew(wave: Wave, now: datetime) -> int:
    """Lay what waits over the hours from ``now`` on, in the order it had; return how many. Raises LimitsRefused.

    Calls promised for an hour still to come stay at it, beside the days of the others. One wave of an insurer's lane is
    laid at a time, so each leaves room for the others.
    """
    sharing.hold(wave.campaign.insurer_id, wave.campaign.lane)
    step = _step(wave, now)
    promised = Attempt.objects.filter(year=wave.campaign.year, again_at__gt=now)
    waiting = Touch.objects.filter(year=wave.campaign.year, wave_id=wave.pk, state=TouchState.PLANNED)
    going = waiting.exclude(id__in=promised.values("touch_id"))
    counts = going.values_list("provider_id").annotate(n=Count("*")).order_by()
    people = {clinic or 0: count for clinic, count in counts}
    if not people:
        return 0
    laid = step.lay(people)
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
        return _relay(wave, now, when=_lags, action="informing.catch_up")


def make_room(insurer: int, *, now: datetime) -> int:
    """Lay bulk waves of an insurer anew that no longer fit beside the others, each by itself; return how many.

    Run twice it finds nothing more to do. Three queries for a wave that fits.
    """
    with enter(Scope.system("bulk waves are looked through")):
        bulk = list(sharing.going_on(insurer).filter(campaign__lane=Lane.BULK))
    moved = 0
    for wave in bulk:
        with enter(Scope.system("a bulk wave makes room")):
            if is_crowded(wave, now):
                moved += bool(_relay(wave, now, when=is_crowded, action="informing.make_room", wait=True))
    return moved


def is_crowded(wave: Wave, now: datetime) -> bool:
    """Tell whether in some hour to come operators get more from this wave than others leave, or a clinic in a day."""
    step = _step(wave, now)
    limits, promised = step.limits, step.others.promised
    own = sharing.shares_of([wave], now=now, zone=step.zone, with_clinics=bool(limits.per_clinic_day))[0]
    this_hour = (step.local.date(), step.local.hour)
    for hour, touches in own.hours.items() if limits.take_operators else ():
        taken = promised.operators[hour[0]][hour[1]] if hour[0] in promised.operators else FREE
        there = step.shifts[hour[0]][hour[1]] if hour[0] in step.shifts else limits.operators
        if taken == FREE or hour == this_hour or not (there or hour[0] in step.shifts):
            continue
        if touches > limits.managed_in_an_hour(there, taken) * SLACK + 1:
            return True
    for day, invited in own.clinics.items():
        others = promised.clinics.get(day, {})
        went = step.gone if day == this_hour[0] else {}
        if any(
            others.get(clinic) and people + others[clinic] + went.get(clinic, 0) > limits.per_clinic_day
            for clinic, people in invited.items()
        ):
            return True
    return False


def _relay(
    wave: Wave, now: datetime, *, when: Callable[[Wave, datetime], bool], action: str, wait: bool = False
) -> int:
    """Lay a wave with limits anew if it still runs and still has to; return how many touches were laid.

    Without ``wait`` nothing is laid while another wave of the insurer's lane is: whoever sends comes again in a minute.
    """
    with transaction.atomic():
        # One command of a campaign at a time, as pause, resume and stop.
        locked = Campaign.objects.select_for_update(of=("self",), no_key=True)
        is_running = locked.filter(pk=wave.campaign_id, state=CampaignState.RUNNING).exists()
        wave = Wave.objects.select_related("campaign__insurer", "rung").get(pk=wave.pk)
        if not is_running or wave.state != WaveState.RUNNING or not _step(wave, now).is_paced:
            return 0
        if not sharing.hold(wave.campaign.insurer_id, wave.campaign.lane, wait=wait) or not when(wave, now):
            return 0
        try:
            laid = lay_anew(wave, now)
        except LimitsRefused:
            log.warning("informing.not_laid_anew", wave=wave.pk)
            return 0
        record(action, wave.campaign, by=None, details={"round": wave.round, "laid": laid})
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
