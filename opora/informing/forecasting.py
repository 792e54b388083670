"""A dry run in the words of a manager: who gets what, when it ends, what it costs, whether operators manage."""

from __future__ import annotations

import math
from dataclasses import dataclass

from opora.informing import merge, recipients
from opora.informing.errors import TextRefused
from opora.informing.planning import DryRun, Step
from opora.informing.rules import WRITTEN
from opora.informing.words import Channel
from opora.organisations.models import Organisation

SHOWN = 10
PAGE = 1800  # characters of an A4 page of 12 points below an address block; assumed
WHO = {"имя": "Анна", "имя_отчество": "Анна Петровна"}


@dataclass(frozen=True, slots=True)
class Forecast:
    """``run`` beside what a page says of it. ``sample`` is the text for an invented person of the largest clinic."""

    run: DryRun
    channel: Channel
    listed: int
    matched: int
    clinics: list[tuple[str, int]]
    others: int
    sample: str
    talk_seconds: int
    callback_percent: int

    @property
    def days(self) -> int:
        """Days of the calendar from the first touch to the last, both counted."""
        return (self.run.ends.date() - self.run.starts.date()).days + 1

    @property
    def pages(self) -> int:
        """Pages of all letters, when each is as long as the longest."""
        return self.run.letters * max(1, math.ceil(self.run.longest / PAGE))

    @property
    def is_carried(self) -> bool:
        """Somebody carries the texts, or none are needed."""
        return self.run.cost is not None

    @property
    def is_written(self) -> bool:
        return self.channel in WRITTEN

    @property
    def operators_manage(self) -> bool:
        return self.run.operators >= self.run.operators_needed


def forecast(run: DryRun, step: Step, listed: tuple[int, int]) -> Forecast:
    """Put a dry run into words. Two queries more."""
    first = run.clinics[:SHOWN]
    names = dict(Organisation.objects.filter(pk__in=[one.provider_id for one in first]).values_list("pk", "name"))
    return Forecast(
        run=run,
        channel=Channel(step.rung.channel),
        listed=listed[0],
        matched=listed[1],
        clinics=[(names.get(one.provider_id or 0, "Без клиники"), one.people) for one in first],
        others=sum(one.people for one in run.clinics[SHOWN:]),
        sample=_sample(step, first[0].provider_id if first else None),
        talk_seconds=step.limits.talk_seconds,
        callback_percent=step.limits.callback_percent,
    )


def _sample(step: Step, provider: int | None) -> str:
    if step.template is None:
        return ""
    values = {**recipients.values(step.campaign).of(provider), **WHO}
    try:
        return merge.render(step.template.text, values)
    except TextRefused:
        return step.template.text
