"""Questions of informing: how campaigns stand. Counts come from counters, never from touches."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import Sum

from opora.channels.balance import Mood
from opora.channels.models import Provider
from opora.channels.queries import moods_of
from opora.informing.audience import Audience
from opora.informing.models import Campaign, TouchTally, Wave
from opora.informing.rules import WRITTEN
from opora.informing.words import Exclude, Outcome, TouchState, WaveState
from opora.organisations.models import Organisation
from opora.shared.sql import question

_effect = question(Path(__file__).parent / "sql", "effect")
_listed = question(Path(__file__).parent / "sql", "listed")

_S = TouchState
# What a number of the map stands for: the states of the rows it opens into.
GROUPS: dict[str, tuple[TouchState, ...]] = {
    "waiting": (_S.PLANNED, _S.CLAIMED, _S.SENDING),
    "went": (_S.SENT, _S.DELIVERED, _S.DONE, _S.SILENT),
    "sent": (_S.SENT, _S.DELIVERED, _S.DONE, _S.SILENT, _S.FAILED),
    "reached": (_S.DELIVERED, _S.DONE),
    "failed": (_S.FAILED, _S.EXPIRED),
    "cancelled": (_S.CANCELLED,),
    "unknown": (_S.SILENT,),
}
# Numbers that tell of messages somebody took: one of which nobody knows that is not among them.
KNOWN = frozenset({"went", "sent"})


def audience(campaign: Campaign) -> list[str]:
    """Whom the campaign is for, a line each; nothing — the whole plan. One query when clinics were chosen."""
    chosen = Audience.read(campaign.audience)
    clinics = Organisation.objects.filter(pk__in=chosen.providers).order_by("name") if chosen.providers else ()
    return chosen.in_words([clinic.name for clinic in clinics])


@dataclass(slots=True)
class Progress:
    """One wave: counts by state and by outcome; ``came`` are visits after a touch of it, ``cost`` in roubles."""

    wave: Wave
    states: dict[str, int] = field(default_factory=dict)
    outcomes: dict[str, int] = field(default_factory=dict)
    came: int = 0
    segments: int = 0
    cost: Decimal = Decimal(0)

    @property
    def channel(self) -> str:
        return str(self.wave.rung.get_channel_display())

    @property
    def planned(self) -> int:
        return sum(self.states.values())

    @property
    def waiting(self) -> int:
        return self._of(*GROUPS["waiting"])

    @property
    def sent(self) -> int:
        """Went out, whatever became of it afterwards."""
        return self._of(*GROUPS["went"]) - self.unknown

    @property
    def tried(self) -> int:
        """Was sent or phoned, those included that came back or were not reached."""
        return self._of(*GROUPS["sent"]) - self.unknown

    @property
    def unknown(self) -> int:
        """Given to a provider who said nothing, not after the repeat either."""
        return self.outcomes.get(Outcome.UNKNOWN, 0)

    @property
    def delivered(self) -> int:
        return self._of(*GROUPS["reached"])

    @property
    def failed(self) -> int:
        return self._of(*GROUPS["failed"])

    @property
    def cancelled(self) -> int:
        return self._of(*GROUPS["cancelled"])

    @property
    def left_out(self) -> list[tuple[str, str, int]]:
        """Code, words and number of the reasons why people were left out, in the order of judgement."""
        found = self.wave.reasons
        return [(str(one), one.label, found[one]) for one in Exclude if found.get(one)]

    @property
    def goes_on(self) -> bool:
        return self.wave.state in {WaveState.PLANNED, WaveState.RUNNING, WaveState.PAUSED}

    def _of(self, *states: TouchState) -> int:
        return sum(self.states.get(state, 0) for state in states)

    def as_json(self) -> dict[str, Any]:
        return {
            "wave": self.wave.round,
            "channel": self.wave.rung.channel,
            "state": self.wave.state,
            "planned": self.planned,
            "excluded": self.wave.excluded,
            "states": self.states,
            "outcomes": self.outcomes,
            "came": self.came,
            "segments": self.segments,
            "cost": str(self.cost),
        }


def progress(campaign: Campaign) -> list[Progress]:
    """Return the waves of a campaign with their counts. Two queries over counters, whatever the number of touches."""
    found = {wave.pk: Progress(wave) for wave in campaign.waves.select_related("rung").order_by("round")}
    sums = TouchTally.objects.filter(campaign_id=campaign.pk, wave_id__in=found)
    for row in sums.values("wave_id", "state", "outcome", "came").annotate(
        n=Sum("change"), parts=Sum("segments"), price=Sum("cost")
    ):
        if not (row["n"] or row["parts"] or row["price"]):
            continue
        one = found[row["wave_id"]]
        one.states[row["state"]] = one.states.get(row["state"], 0) + row["n"]
        if row["outcome"] in Outcome.values:
            one.outcomes[row["outcome"]] = one.outcomes.get(row["outcome"], 0) + row["n"]
        one.came += row["n"] if row["came"] else 0
        one.segments += row["parts"]
        one.cost += row["price"]
    return list(found.values())


def waited_for(campaign: Campaign, waves: list[Progress]) -> list[str]:
    """Return the names of providers for whom a wave waits because none of them takes anything; nothing — it goes.

    Two queries while a wave of messages runs.
    """
    channels = {one.wave.rung.channel for one in waves if one.wave.state == WaveState.RUNNING and one.waiting}
    found: list[str] = []
    for channel in sorted(channels & WRITTEN):
        providers = list(Provider.objects.carrying(channel, campaign.insurer))
        feelings = moods_of(providers)
        if all(feelings[one.pk].mood is Mood.DOWN for one in providers):
            found += [one.title for one in providers]
    return found


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of the map. ``rows`` names what it opens into; ``percent`` is of the step that ``of`` says."""

    title: str
    count: int
    percent: int
    of: str
    rows: str


def funnel(waves: list[Progress]) -> list[Bar]:
    """Return the map: listed, matched, planned, sent, delivered, came. Counters only.

    Lists and the plan are as they stood at the first wave; what was sent counts every wave, so who was written to twice
    is there twice.
    """
    if not waves:
        return []
    first = waves[0].wave
    planned = waves[0].planned + first.excluded
    sent, reached = sum(one.tried for one in waves), sum(one.delivered for one in waves)
    steps = [
        ("Строк в списках", first.listed, first.listed, "строк", "listed"),
        ("Найдены в регистре", first.matched, first.listed, "строк", "matched"),
        ("В плане", planned, planned, "плана", "planned"),
        ("Отправлено и обзвонено", sent, planned, "плана", "sent"),
        ("Дошло или поговорили", reached, sent, "отправленного", "reached"),
        ("Пришли после обращения", sum(one.came for one in waves), planned, "плана", "came"),
    ]
    if unknown := sum(one.unknown for one in waves):
        steps.insert(4, ("Неизвестно, ушло ли", unknown, planned, "плана", "unknown"))
    seen = steps if first.listed else steps[2:]
    return [Bar(title, count, percent(count, whole), of, rows) for title, count, whole, of, rows in seen]


def percent(count: int, whole: int) -> int:
    return round(100 * count / whole) if whole else 0


def listed(campaign: Campaign) -> tuple[int, int]:
    """Return how many lines of lists name somebody for the campaign's measure, and how many of them are found."""
    row = _listed(
        insurer=campaign.insurer_id, territory=campaign.territory, year=campaign.year, measure=campaign.measure
    )[0]
    return row.listed, row.matched


@dataclass(frozen=True, slots=True)
class Group:
    """So many people, so many came; ``low`` and ``high`` are the 95 % interval of the share (Wilson), in percent."""

    people: int
    came: int

    @property
    def share(self) -> float:
        return 100 * self.came / self.people if self.people else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.came, self.people)


@dataclass(frozen=True, slots=True)
class Effect:
    """Attendance with and without our touch."""

    touched: Group
    held_out: Group

    @property
    def difference(self) -> float:
        return self.touched.share - self.held_out.share

    @property
    def is_certain(self) -> bool:
        """The intervals do not meet."""
        return self.touched.interval[0] > self.held_out.interval[1]


def effect(campaign: Campaign) -> Effect | None:
    """Compare those touched with the hold-out group of the first wave; None before there is one."""
    first = campaign.waves.order_by("round").first()
    if first is None:
        return None
    row = _effect(year=campaign.year, campaign=campaign.pk, wave=first.pk, measure=campaign.measure)[0]
    return Effect(Group(row.touched, row.touched_came), Group(row.held, row.held_came))


def wilson(came: int, people: int) -> tuple[float, float]:
    """Return the 95 % interval of a share in percent (E. B. Wilson, 1927).

    >>> tuple(round(edge, 1) for edge in wilson(10, 100))
    (5.5, 17.4)
    """
    if not people:
        return 0.0, 100.0
    z = 1.959964
    share = came / people
    centre = share + z * z / (2 * people)
    spread = z * math.sqrt(share * (1 - share) / people + z * z / (4 * people * people))
    scale = 100 / (1 + z * z / people)
    return max(0.0, (centre - spread) * scale), min(100.0, (centre + spread) * scale)
