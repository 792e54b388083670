"""The journal of the year: what came to the insurer by which door, its complaints, and those about it to the fund."""

from __future__ import annotations

from random import Random

from opora.classifiers.words import Channel, Kind, Verdict
from opora.simulation.akbars.targets import Rest
from opora.simulation.journal import mix
from opora.simulation.journal.exact import Order
from opora.simulation.journal.shares import divided, scaled

ON_INSURER = "13.6"
# By which doors complaints come; assumed.
COMPLAINED = {Channel.POST: 3, Channel.INTERNET: 3, Channel.FEEDBACK: 3, Channel.LETTER: 2, Channel.VISIT: 1}


def orders(rest: Rest, insurer: int, fund: int, seed: int) -> list[Order]:
    """Return what the journal of the year is to hold; ``insurer`` and ``fund`` are keys."""
    return [*_spoken_of(rest, insurer), *_complaints(rest, insurer, seed), *_on_insurer(rest, fund)]


def _spoken_of(rest: Rest, insurer: int) -> list[Order]:
    """Everything but complaints: doors and kinds in the proportion of ``simulate journal``."""
    doors = {Channel(channel): weight for (kind, channel), weight in mix.DOORS.items() if kind == "insurer"}
    kinds = {Kind(kind): weight for kind, weight in mix.KINDS.items() if kind != Kind.COMPLAINT}
    sorts = {(door, kind): doors[door] * kinds[kind] for door in doors for kind in kinds}
    found = []
    for (channel, kind), number in divided(rest.appeals - rest.complaints, sorts).items():
        talks = scaled(number, rest.on_the_call) if (channel, kind) == (Channel.HOT_LINE, Kind.CONSULTATION) else 0
        found.append(Order(insurer, channel, kind, number - talks))
        found.append(Order(insurer, channel, kind, talks, on_the_call=True))
    return [one for one in found if one.count]


def _complaints(rest: Rest, insurer: int, seed: int) -> list[Order]:
    chance = Random(seed)  # noqa: S311 - figures, not secrets
    causes = [topic for topic, number in rest.causes.items() for _ in range(number)]
    verdicts = [verdict for verdict, number in rest.verdicts.items() for _ in range(number)]
    doors = [channel for channel, number in divided(len(causes), COMPLAINED).items() for _ in range(number)]
    for one in (causes, verdicts, doors):
        chance.shuffle(one)
    return [
        Order(insurer, door, Kind.COMPLAINT, 1, topic, verdict, until=rest.complaints_until, identified=True)
        for door, topic, verdict in zip(doors, causes, verdicts, strict=True)
    ]


def _on_insurer(rest: Rest, fund: int) -> list[Order]:
    """The fund looks into complaints about the insurer; it found them justified and had them settled."""
    return [
        Order(fund, Channel.POST, Kind.COMPLAINT, 1, ON_INSURER, Verdict.PRETRIAL, until=rest.complaints_until,
              identified=True)
        for _ in range(rest.on_insurer)
    ]  # fmt: skip
