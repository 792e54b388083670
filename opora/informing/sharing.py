"""What operators and clinics are promised to other waves of an insurer: a wave that is laid gets what is left.

The urgent lane comes first: it sees urgent waves alone, and bulk waves make room for it afterwards
(``services.relaying.make_room``). A paused wave has given its share back. Touches of a wave stand where they stand: an
hour of its own clock is counted by the clock of the territory.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Count, Q, QuerySet

from opora.informing.callbacks import touches_ahead
from opora.informing.models import Campaign, Touch, Wave
from opora.informing.pacing import DAY, LONGEST, Limits, Promised, Taken
from opora.informing.rules import WRITTEN
from opora.informing.words import CampaignState, Lane, Purpose, TouchState, WaveState
from opora.shared.sql import question

SQL = Path(__file__).parent / "sql"
_invited = question(SQL, "invited")
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('opora.informing.pacing.' || %s, %s))"
TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('opora.informing.pacing.' || %s, %s))"
HALF = timedelta(minutes=30)
GO_ON = (WaveState.PLANNED, WaveState.RUNNING)
INVITE_NOBODY = (Purpose.ASK_WHY, Purpose.ASK_SATISFACTION)

type Hour = tuple[date, int]


@dataclass(frozen=True)
class Share:
    """One wave that goes on: its touches by hour of the territory, its invitations by day and clinic.

    What is overdue and goes by itself stands in the hour of now; a call list that is overdue waits for whoever phones.
    """

    wave: Wave
    limits: Limits
    hours: Counter[Hour] = field(default_factory=Counter)
    clinics: dict[date, Counter[int]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.wave.campaign.title

    def taken(self, hour: Hour, talk_seconds: int) -> Taken:
        """What it takes of the operators in an hour; ``talk_seconds`` are those of the wave that asks."""
        touches, one = self.hours[hour], self.limits.taken
        return Taken(touches * one.calls * self.limits.talk_seconds / talk_seconds, touches * one.talks)


@dataclass(frozen=True, slots=True)
class Sharer:
    """Another campaign in the days of ours: the most ``calls`` back of an hour, the most ``operators`` who phone at
    once, people ``invited`` into clinics, and its last day there."""

    title: str
    calls: int
    operators: int
    invited: int
    until: date


@dataclass(frozen=True)
class Others:
    """The waves a wave has to leave room for. ``local`` is now by the clock of the territory, without a zone.

    ``went`` are people invited into clinics today already, by other campaigns; ``behind`` are those who will make room.
    """

    shares: list[Share]
    local: datetime
    talk_seconds: int
    went: Counter[int] = field(default_factory=Counter)
    behind: list[str] = field(default_factory=list)

    @cached_property
    def promised(self) -> Promised:
        """What is promised to all of them. Of the hour that goes on only the rest counts, as a rate."""
        operators: dict[date, list[Taken]] = {}
        clinics: defaultdict[date, Counter[int]] = defaultdict(Counter)
        now = (self.local.date(), self.local.hour)
        rest = max(1 / 60, 1 - self.local.minute / 60)
        for share in self.shares:
            for hour in share.hours:
                more, part = share.taken(hour, self.talk_seconds), rest if hour == now else 1
                day = operators.setdefault(hour[0], [Taken()] * 24)
                there = day[hour[1]]
                day[hour[1]] = Taken(there.calls + more.calls / part, there.talks + more.talks / part)
            for day_of, invited in share.clinics.items():
                clinics[day_of].update(invited)
        if self.went:
            clinics[self.local.date()].update(self.went)
        return Promised({day: tuple(hours) for day, hours in operators.items()}, clinics)

    def between(self, since: date, until: date) -> list[Sharer]:
        """Return who takes what on the days of a wave, most calls first."""
        found = []
        for share in self.shares:
            taken = {hour: share.taken(hour, self.talk_seconds) for hour in share.hours if since <= hour[0] <= until}
            invited = {day: clinics.total() for day, clinics in share.clinics.items() if since <= day <= until}
            calls = max((one.calls for one in taken.values()), default=0.0)
            talks = max((one.talks for one in taken.values()), default=0.0)
            if calls or talks or invited:
                last = max([day for day, _ in taken] + list(invited))
                one = Sharer(share.title, math.ceil(calls), math.ceil(talks), sum(invited.values()), last)
                found.append(one)
        return sorted(found, key=lambda one: (-one.calls, -one.operators, -one.invited, one.title))


def hold(insurer: int, lane: str, *, wait: bool = True) -> bool:
    """Let one wave of a lane be laid at a time, up to the end of the transaction: who comes after sees its touches.

    Without ``wait`` returns False where another is being laid.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK if wait else TRY_LOCK, [str(lane), insurer])
        return wait or bool(cursor.fetchone()[0])


def others(campaign: Campaign, limits: Limits, *, now: datetime, zone: ZoneInfo) -> Others:
    """Return the waves that ``campaign`` has to leave room for; none where nobody shares anything with it.

    Two queries; three more where a clinic's day has a limit.
    """
    local = now.astimezone(zone).replace(tzinfo=None)
    if not (limits.take_operators or limits.per_clinic_day):
        return Others([], local, limits.talk_seconds)
    found = list(going_on(campaign.insurer_id).exclude(campaign=campaign.pk))
    is_urgent = campaign.lane == Lane.URGENT
    before = [wave for wave in found if wave.campaign.lane == Lane.URGENT or not is_urgent]
    shares = shares_of(before, now=now, zone=zone, with_clinics=bool(limits.per_clinic_day))
    went = Counter[int]()
    if limits.per_clinic_day:
        midnight = datetime.combine(local.date(), time(), tzinfo=zone)
        lately = Q(waves__state__in=(*GO_ON, WaveState.PAUSED)) | Q(waves__finished_at__gte=midnight)
        of_today = Campaign.objects.filter(lately, insurer=campaign.insurer_id).exclude(pk=campaign.pk)
        went = went_today(of_today.distinct(), now=now, zone=zone, but=INVITE_NOBODY)
    behind = [wave.campaign.title for wave in found if wave not in before]
    return Others(shares, local, limits.talk_seconds, went, behind)


def going_on(insurer: int) -> QuerySet[Wave]:
    """Waves of an insurer that take operators and days of clinics now, the oldest first."""
    running = Wave.objects.filter(
        campaign__insurer=insurer, campaign__state=CampaignState.RUNNING, state__in=GO_ON
    ).select_related("campaign__insurer", "rung")
    return running.order_by("launched_at", "pk")


def shares_of(waves: Collection[Wave], *, now: datetime, zone: ZoneInfo, with_clinics: bool) -> list[Share]:
    """Return what waves have before them from now on."""
    found = {one.pk: Share(one, Limits.read(one.campaign.limits, one.campaign.lane, one.rung.channel)) for one in waves}
    if not found:
        return []
    until = now + (LONGEST + 1) * DAY
    for row in touches_ahead(waves=list(found), since=now - LONGEST * DAY, until=until):
        share = found[row.wave_id]
        if row.at > now - HALF or share.wave.rung.channel in WRITTEN:
            at = max(row.at, now).astimezone(zone)
            share.hours[at.date(), at.hour] += row.touches
    if with_clinics:
        inviting = [pk for pk, one in found.items() if one.wave.rung.purpose not in INVITE_NOBODY]
        for row in _invited(waves=inviting, now=now, zone=str(zone)):
            found[row.wave_id].clinics.setdefault(row.day, Counter())[row.provider_id] += row.people
    return list(found.values())


def went_today(
    campaigns: QuerySet[Campaign], *, now: datetime, zone: ZoneInfo, but: Collection[str] = ()
) -> Counter[int]:
    """Touches of campaigns that went today by the clock of the territory, ``but`` for these purposes, by clinic (0 —
    of none)."""
    midnight = datetime.combine(now.astimezone(zone).date(), time(), tzinfo=zone)
    chosen = list(campaigns.values_list("pk", "year"))
    of_campaigns = Touch.objects.filter(
        year__in={year for _, year in chosen}, campaign_id__in=[campaign for campaign, _ in chosen]
    )
    today = Q(sent_at__gte=midnight) | Q(sent_at=None, state=TouchState.DONE, final_at__gte=midnight)
    in_hand = Q(state__in=[TouchState.CLAIMED, TouchState.SENDING], claimed_at__gte=midnight)
    went = of_campaigns.filter(today | in_hand).exclude(purpose__in=but).order_by()
    counts = went.values_list("provider_id").annotate(n=Count("*"))
    return Counter({clinic or 0: count for clinic, count in counts})
