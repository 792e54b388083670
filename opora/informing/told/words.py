"""Streams: which contacts are counted together. One is added here, the next nightly recount fills it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from opora.informing.words import Channel, Measure
from opora.informing.yearly import COUNTED


@dataclass(frozen=True, slots=True)
class Stream:
    """Contacts of one of ``measures`` by one of ``channels``; none named — any."""

    name: str
    measures: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()

    def pairs(self) -> list[tuple[str, str, str]]:
        """Return ``(name, measure, channel)`` of everything that belongs here."""
        measures, channels = self.measures or set(Measure.values), self.channels or set(Channel.values)
        return [(self.name, measure, channel) for measure in sorted(measures) for channel in sorted(channels)]


def _of(name: str, *measures: Measure, channels: Collection[Channel] = ()) -> Stream:
    return Stream(name, frozenset(map(str, measures)), frozenset(map(str, channels)))


# The published indicators count prevention and observation; form ЗПЗ each measure and all adults; form ПГ the channels.
STREAMS = (
    _of("prevention", *(one for one in COUNTED if one != Measure.OBSERVATION)),
    _of("observation", Measure.OBSERVATION),
    _of("checkup", Measure.CHECKUP),
    _of("screening", Measure.SCREENING),
    _of("extended", Measure.EXTENDED),
    _of("adults", Measure.CHECKUP, Measure.SCREENING, Measure.EXTENDED, Measure.OBSERVATION),
    _of("phone", channels=(Channel.CALL, Channel.ROBOT)),
    _of("message", channels=(Channel.SMS, Channel.MESSENGER)),
    _of("email", channels=(Channel.EMAIL,)),
    _of("post", channels=(Channel.LETTER,)),
    _of("in_person", channels=set(Channel) - {Channel.CALL, Channel.ROBOT, Channel.SMS, Channel.MESSENGER,
                                              Channel.EMAIL, Channel.LETTER}),
)  # fmt: skip


def stream_of(measures: Collection[str] | None, channels: Collection[str] | None) -> str | None:
    """Return the stream of exactly these contacts (none named — any), None where no such sum is kept.

    >>> stream_of(["observation"], None), stream_of(["fertility"], None)
    ('observation', None)
    """
    wanted = frozenset(measures or ()), frozenset(channels or ())
    return next((one.name for one in STREAMS if (one.measures, one.channels) == wanted), None)
