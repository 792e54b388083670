"""Where a call stands: its facts in their order, one step each. No database in here.

While an employee talks, a colleague may ring and answer: that is a consultation, and the citizen stays with the first
until she hands him over. Without this the call would seem to ring, and the one who talks would lose it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from opora.telephony.ports import SILENCE, Kind, PbxEvent
from opora.telephony.words import Direction, Now

WAVE = timedelta(seconds=2)  # extensions that began to ring together


@dataclass(slots=True)
class Walk:
    """One call on its way.

    talks    an employee has the citizen; ``last`` is her extension, or that of who had him last
    rung     extensions that ring now, since when
    over_at  since when nobody talks to him any more, though the call goes on: he rates the talk
    own      the extension that dialled a call of ours
    is_dead  the telephone of who had him last fell silent in the talk, and nobody has answered him since
    """

    talks: bool = False
    last: str = ""
    aside: str = ""
    is_held: bool = False
    rung: dict[str, datetime] = field(default_factory=dict)
    over_at: datetime | None = None
    own: str = ""
    is_dead: bool = False

    @property
    def now(self) -> Now:
        if self.talks:
            return Now.HELD if self.is_held or self.aside or self.rung else Now.TALKING
        if self.rung:
            return Now.RINGING
        return Now.AFTER if self.over_at else Now.WAITING


def walk(facts: Iterable[PbxEvent], direction: str) -> Walk:
    """Return where facts that stand in their order lead."""
    way = Walk()
    for fact in facts:
        if fact.kind is Kind.ARRIVED and direction == Direction.OUT and not (way.talks or way.last):
            way.rung = {fact.agent: fact.at} if fact.agent else {}
            way.own = fact.agent or way.own
        elif step := STEPS.get(fact.kind):
            step(way, fact)
    return way


def _queued(way: Walk, fact: PbxEvent) -> None:
    way.talks, way.aside, way.is_held, way.rung = False, "", False, {}
    way.over_at = None


def _ringing(way: Walk, fact: PbxEvent) -> None:
    if fact.agent in {way.aside, way.last} - {""} and way.talks:
        return
    since = fact.at - WAVE
    way.rung = {one: at for one, at in way.rung.items() if at >= since}
    if fact.agent:
        way.rung[fact.agent] = fact.at
    way.over_at = None


def _answered(way: Walk, fact: PbxEvent) -> None:
    if way.talks and fact.agent in way.rung and fact.agent != way.last:
        way.aside = fact.agent
    else:
        way.last, way.aside = fact.agent or way.last or way.own, ""
    way.talks, way.is_held, way.rung, way.over_at, way.is_dead = True, False, {}, None, False


def _held(way: Walk, fact: PbxEvent) -> None:
    way.is_held = way.talks


def _resumed(way: Walk, fact: PbxEvent) -> None:
    way.is_held = False


def _transferred(way: Walk, fact: PbxEvent) -> None:
    """A warm one has its colleague already, or she rings still; for a blind one somebody is still to ring."""
    way.is_held = False
    if way.aside:
        way.last, way.aside = way.aside, ""
    elif fact.data.get("warm") and way.talks and (fact.data.get("to") == way.last or fact.agent not in {"", way.last}):
        way.rung = {}  # the first has hung up before the exchange said so: the colleague has him already
    elif fact.data.get("warm"):
        way.talks = False
    else:
        way.talks, way.rung = False, {}


def _left(way: Walk, fact: PbxEvent) -> None:
    """An extension has put the receiver down."""
    way.rung.pop(fact.agent, None)
    if not fact.agent:
        return
    if fact.agent == way.aside:
        way.aside = ""
    elif fact.agent == way.last and way.talks:
        if way.aside:
            way.last, way.aside = way.aside, ""
        else:
            way.talks = way.is_held = False
            way.over_at = None if way.rung else fact.at
            way.is_dead = fact.data.get("cause") == SILENCE


STEPS: Mapping[Kind, Callable[[Walk, PbxEvent], None]] = {
    Kind.QUEUED: _queued,
    Kind.RINGING: _ringing,
    Kind.ANSWERED: _answered,
    Kind.HELD: _held,
    Kind.RESUMED: _resumed,
    Kind.TRANSFERRED: _transferred,
    Kind.LEFT: _left,
}
