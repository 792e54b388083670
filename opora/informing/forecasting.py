"""A dry run in the words of a manager: who gets what, when it ends, what it costs, whether operators manage."""

from __future__ import annotations

import math
from dataclasses import dataclass

from opora.informing import merge, recipients
from opora.informing.errors import TextRefused
from opora.informing.planning import DryRun, Step
from opora.informing.rules import SPOKEN, WRITTEN
from opora.informing.texts.rules import languages
from opora.informing.words import Channel, Lane
from opora.organisations.models import Organisation

SHOWN = 10
PAGE = 1800  # characters of an A4 page of 12 points below an address block; assumed
WHO = {"имя": "Анна", "имя_отчество": "Анна Петровна"}


@dataclass(frozen=True, slots=True)
class Sample:
    """A text as one person reads it; ``language`` in words, and how many get it in that language."""

    language: str
    people: int
    text: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """``run`` beside what a page says of it. ``samples`` are the texts for an invented person of the largest clinic."""

    run: DryRun
    channel: Channel
    listed: int
    matched: int
    clinics: list[tuple[str, int]]
    others: int
    samples: list[Sample]
    talk_seconds: int
    callback_percent: int
    takes_operators: bool = True
    urgent_hours: tuple[int, int] | None = None

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
    def is_phoned(self) -> bool:
        """Operators of the shift phone."""
        return self.channel in SPOKEN and self.takes_operators

    @property
    def together(self) -> str:
        """Whom the operators needed answer beside this wave, in words; empty — nobody."""
        usual = round(self.run.usual_an_hour)
        calls = f"с обычными звонками линии (до {usual} в час)"
        also = [calls] * bool(usual) + ["с другими кампаниями"] * bool(self.run.shared)
        return f" вместе {' и '.join(also)}" if also else ""

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
        samples=_samples(step, run, first[0].provider_id if first else None),
        talk_seconds=step.limits.talk_seconds,
        callback_percent=step.limits.callback_percent,
        takes_operators=step.limits.take_operators,
        urgent_hours=(step.limits.opens, step.limits.closes) if step.campaign.lane == Lane.URGENT else None,
    )


def _samples(step: Step, run: DryRun, provider: int | None) -> list[Sample]:
    """The texts that somebody gets; the one for most people where nobody gets any."""
    names, values = dict(languages()), {**recipients.values(step.campaign).of(provider), **WHO}
    texts = step.templates
    shown = [one for one in run.languages if one in texts] or list(texts)[:1]
    return [Sample(names.get(one, one), run.languages.get(one, 0), _merged(texts[one].text, values)) for one in shown]


def _merged(text: str, values: dict[str, str]) -> str:
    try:
        return merge.render(text, values)
    except TextRefused:
        return text
