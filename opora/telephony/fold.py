"""A call is what follows from its facts, in whatever order and however often they came. No database in here.

Moments are joined by min and max and by «the latest fact of a kind», and facts of one moment stand in the order of
``ORDER``; so a permutation of the same facts gives the same call, and a clock that goes back gives no negative length.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from opora.telephony.ports import Kind, PbxEvent
from opora.telephony.walk import Walk, walk
from opora.telephony.words import Direction, Now, Result

ORDER = {kind: place for place, kind in enumerate(Kind)}
LOST = "lost"  # data["cause"] of an end that we wrote ourselves
LONGEST_NUMBER = 20


@dataclass(frozen=True, slots=True)
class Folded:
    """A call as its facts say. Lengths are whole seconds.

    extension  who talks, or talked last; «» if nobody
    aside      a colleague with whom that employee speaks while the citizen waits, before she hands him over
    is_lost    somebody had answered him, then he waited anew and hung up: after a transfer, or left on hold; or her
               telephone died in the talk
    """

    pbx: str
    call: str
    line: str
    direction: str
    caller: str
    began_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    now: str
    result: str
    ringing: tuple[str, ...]
    extension: str
    aside: str
    waited: int
    talked: int
    held: int
    transfers: int
    recording: str
    voice: str
    score: int | None
    reference: str
    is_lost: bool


def fold(events: Iterable[PbxEvent]) -> Folded:
    """Return the call of some facts about one call. Raises ValueError when there is none."""
    facts = sorted({event.key: event for event in sorted(events, key=_place)}.values(), key=_place)
    if not facts:
        raise ValueError("a call without facts")
    first = facts[0]
    answers = _of(facts, Kind.ANSWERED)
    answered_at = answers[0].at if answers else None
    ended_at = _ended_at(facts)
    direction = Direction.OUT if _word(facts, "direction") == Direction.OUT else Direction.IN
    asked = [fact.at for fact in facts if fact.kind in {Kind.ARRIVED, Kind.QUEUED, Kind.RINGING}]
    began_at = min(asked, default=first.at)
    until = answered_at or ended_at
    walked = walk(facts, direction)
    now = Now.ENDED if ended_at else walked.now
    return Folded(
        pbx=first.pbx,
        call=first.call,
        line=_first(fact.line for fact in facts),
        direction=direction,
        caller=_first(number_of(fact.caller) for fact in facts),
        began_at=began_at,
        answered_at=answered_at,
        ended_at=ended_at,
        now=now,
        result=_result(facts, direction, is_ended=ended_at is not None),
        ringing=tuple(sorted(walked.rung)) if not ended_at else (),
        extension=walked.last,
        aside=walked.aside if not ended_at else "",
        waited=_seconds(began_at, until),
        talked=_seconds(answered_at, walked.over_at or ended_at),
        held=_held(facts, ended_at),
        transfers=len(_of(facts, Kind.TRANSFERRED)),
        recording=_last_word(_of(facts, Kind.RECORDED), "file"),
        voice=_last_word(_of(facts, Kind.SECRETARY), "file"),
        score=_score(facts),
        reference=_word(facts, "reference")[:64],
        is_lost=bool(ended_at and answers and direction == Direction.IN and _is_alone(walked)),
    )


def _is_alone(way: Walk) -> bool:
    return way.is_dead or way.now in {Now.WAITING, Now.RINGING}


def number_of(text: str) -> str:
    """Return the digits of a number as the register keeps them, or «» where nobody can be called by it.

    >>> number_of("89000000001"), number_of("+7 900 000-00-01"), number_of("9000000001")
    ('79000000001', '79000000001', '79000000001')
    >>> number_of("anonymous"), number_of("375291234567"), number_of("102")
    ('', '375291234567', '102')
    """
    digits = "".join(sign for sign in text if sign in "0123456789")
    if len(digits) == 11 and digits[0] == "8":
        return "7" + digits[1:]
    if len(digits) == 10:
        return "7" + digits
    return digits[:LONGEST_NUMBER]


def _place(fact: PbxEvent) -> tuple[datetime, int, str]:
    return fact.at, ORDER[fact.kind], fact.key


def _of(facts: Sequence[PbxEvent], kind: Kind) -> list[PbxEvent]:
    return [fact for fact in facts if fact.kind is kind]


def _first(words: Iterable[str]) -> str:
    return next((word for word in words if word), "")


def _word(facts: Sequence[PbxEvent], name: str) -> str:
    return _first(str(fact.data.get(name) or "") for fact in facts if fact.kind is Kind.ARRIVED)


def _last_word(facts: Sequence[PbxEvent], name: str) -> str:
    return _first(str(fact.data.get(name) or "") for fact in reversed(facts))[:300]


def _ended_at(facts: Sequence[PbxEvent]) -> datetime | None:
    """The latest end that the exchange told; one that we wrote counts only while there is no other."""
    ends = [fact for fact in facts if fact.kind in {Kind.ENDED, Kind.ABANDONED}]
    told = [fact.at for fact in ends if fact.data.get("cause") != LOST]
    return max(told or [fact.at for fact in ends], default=None)


def _result(facts: Sequence[PbxEvent], direction: str, *, is_ended: bool) -> str:
    if not is_ended:
        return ""
    ends = [fact for fact in facts if fact.kind in {Kind.ENDED, Kind.ABANDONED}]
    if all(fact.data.get("cause") == LOST for fact in ends):
        return Result.UNKNOWN
    if _of(facts, Kind.ANSWERED):
        return Result.ANSWERED
    if _of(facts, Kind.SECRETARY):
        return Result.SECRETARY
    return Result.NO_ANSWER if direction == Direction.OUT else Result.ABANDONED


def _held(facts: Sequence[PbxEvent], ended_at: datetime | None) -> int:
    """Seconds on hold; a hold that was never taken off lasts until the end."""
    total, since = 0, None
    for fact in facts:
        if fact.kind is Kind.HELD:
            since = since or fact.at
        elif since and fact.kind in {Kind.RESUMED, Kind.ANSWERED}:
            total += _seconds(since, fact.at)
            since = None
    return total + _seconds(since, ended_at)


def _score(facts: Sequence[PbxEvent]) -> int | None:
    scores = [str(fact.data.get("score")) for fact in _of(facts, Kind.RATED)]
    return next((int(score) for score in reversed(scores) if score in {"1", "2", "3", "4", "5"}), None)


def _seconds(since: datetime | None, until: datetime | None) -> int:
    if since is None or until is None:
        return 0
    return max(0, round((until - since).total_seconds()))
