"""Questions of informing: how campaigns stand. Counts come from counters, never from touches."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from opora.informing.models import Campaign, TouchTally, Wave
from opora.informing.words import Outcome, TouchState

_S = TouchState
WENT = (_S.SENT, _S.DELIVERED, _S.DONE, _S.SILENT)


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
        return self._of(_S.PLANNED, _S.CLAIMED, _S.SENDING)

    @property
    def sent(self) -> int:
        """Went out, whatever became of it afterwards."""
        return self._of(*WENT)

    @property
    def delivered(self) -> int:
        return self._of(_S.DELIVERED, _S.DONE)

    @property
    def failed(self) -> int:
        return self._of(_S.FAILED, _S.EXPIRED)

    @property
    def cancelled(self) -> int:
        return self._of(_S.CANCELLED)

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
