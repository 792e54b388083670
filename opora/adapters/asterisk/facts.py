"""What the exchange tells turned into facts. A row of CEL is the same over AMI and in the log, so its key is too."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from opora.adapters.asterisk.settings import AsteriskSettings
from opora.adapters.asterisk.wire import Block
from opora.telephony.ports import SILENCE, Kind, PbxEvent

HALVES = "Local/"  # channels inside the exchange: behind each stands one of a telephone
ZONE_STEP = 900  # seconds: time zones differ by quarters of an hour
NO_VOICE = 44  # «requested channel not available»: what PJSIP says when ``rtp_timeout`` has gone by
TICK, LATE = timedelta(microseconds=1), timedelta(milliseconds=900)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of CEL."""

    type: str
    at: datetime
    caller: str
    exten: str
    channel: str
    app: str
    data: str
    unique: str
    linked: str
    extra: str

    @property
    def is_first(self) -> bool:
        """Whether the channel is the one the whole call is named after."""
        return self.unique == self.linked

    @property
    def second(self) -> int:
        return int(self.at.timestamp())

    @property
    def extras(self) -> Mapping[str, object]:
        try:
            read = json.loads(self.extra or "{}")
        except ValueError:
            return {}
        return read if isinstance(read, dict) else {}


def live_row(block: Block) -> Row | None:
    """Return the row of CEL that came over AMI; None for any other event.

    AMI gives the second by the clock on the exchange's wall and (``timestampevents``) the moment of its own word of it.
    A row it tells in a later second happened near the end of its own, as far as can be known.
    """
    if block.get("Event") != "CEL":
        return None
    wall = datetime.strptime(block["EventTime"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    said = datetime.fromtimestamp(float(block["Timestamp"]), UTC)
    zone = timedelta(seconds=round((wall - said).total_seconds() / ZONE_STEP) * ZONE_STEP)
    second = wall - zone
    at = said if second == said.replace(microsecond=0) else second + LATE
    return Row(
        type=block.get("UserDefType") or block["EventName"],
        at=at,
        caller=block.get("CallerIDnum", ""),
        exten=block.get("Exten", ""),
        channel=block.get("Channel", ""),
        app=block.get("Application", ""),
        data=block.get("AppData", ""),
        unique=block["UniqueID"],
        linked=block["LinkedID"],
        extra=block.get("Extra", ""),
    )


class Hearing:
    """What one connection tells, in its order.

    Of rows that AMI tells in a later second the second alone is known, so several would stand at one moment and an
    employee could seem to hang up before she has answered. The exchange tells rows in their order: none is earlier
    than the one before it.
    """

    def __init__(self, settings: AsteriskSettings) -> None:
        self._settings = settings
        self._last = datetime.fromtimestamp(0, UTC)

    def fact(self, block: Block) -> PbxEvent | None:
        """Return what an event of AMI means. Raises KeyError, ValueError for one that is not whole."""
        row = live_row(block)
        if row is None:
            return _told(block, self._settings)
        after = self._last + TICK
        if row.at < after and row.second == int(after.timestamp()):  # keys name the second: it stays
            row = replace(row, at=after)
        self._last = max(self._last, row.at)
        return fact(row, self._settings)


def digits(number: str) -> str:
    """Return the digits of a number; "" for a hidden one.

    >>> digits("+7 (913) 000-00-01"), digits("anonymous")
    ('79130000001', '')
    """
    return re.sub(r"\D", "", number)


def fact(row: Row, settings: AsteriskSettings) -> PbxEvent | None:
    """Return what a row of CEL means, or None when it says nothing about a call as people see it."""
    make = FACTS.get(row.type)
    return make(row, settings) if make else None


def own_call(agent: str) -> str:
    """Return a new id for a call that we let an employee make: it tells whose it is."""
    return f"opora-{agent}-{uuid4()}"


def caller_of(call: str) -> str:
    """Return the employee who makes a call of ours, or "".

    >>> caller_of(own_call("104")), caller_of("1795382252.6")
    ('104', '')
    """
    parts = call.split("-", 2)
    return parts[1] if parts[0] == "opora" and len(parts) == 3 else ""


def _made(row: Row, settings: AsteriskSettings, kind: Kind, mark: str, **fields: object) -> PbxEvent:
    return PbxEvent(settings.name, f"{row.unique}:{mark}", row.linked, kind, row.at, **fields)  # type: ignore[arg-type]


def _started(row: Row, settings: AsteriskSettings) -> PbxEvent | None:
    if row.channel.startswith(HALVES):
        return None
    agent = settings.agent_of(row.channel)
    if agent:
        return None if row.is_first else _made(row, settings, Kind.RINGING, "ringing", agent=agent)
    if row.is_first:
        return _made(row, settings, Kind.ARRIVED, "arrived", line=row.exten, caller=digits(row.caller))
    return None


def _dialled(row: Row, settings: AsteriskSettings) -> PbxEvent | None:
    data = {"direction": "out", "reference": row.extras.get("extra", "")}
    return _made(
        row,
        settings,
        Kind.ARRIVED,
        "arrived",
        caller=digits(row.exten),
        agent=settings.agent_of(row.channel),
        data=data,
    )


def _queued(row: Row, settings: AsteriskSettings) -> PbxEvent | None:
    if row.app != "Queue" or row.channel.startswith(HALVES):
        return None  # a half of a channel: an employee asks a line, the citizen still waits with her
    return _made(row, settings, Kind.QUEUED, f"queued:{row.second}", line=row.data.split(",")[0])


def _answered(row: Row, settings: AsteriskSettings) -> PbxEvent | None:
    if row.is_first or row.channel.startswith(HALVES):
        return None  # the exchange itself has answered the citizen, or the employee her own call
    agent = settings.agent_of(row.channel) or caller_of(row.linked)
    return _made(row, settings, Kind.ANSWERED, "answered", agent=agent)


def _left(row: Row, settings: AsteriskSettings) -> PbxEvent | None:
    agent = settings.agent_of(row.channel)
    if not agent or row.channel.startswith(HALVES):
        return None
    data = {"cause": SILENCE} if row.extras.get("hangupcause") == NO_VOICE else {}
    return _made(row, settings, Kind.LEFT, "left", agent=agent, data=data)


def _handed_over(row: Row, settings: AsteriskSettings) -> PbxEvent:
    extras = row.extras
    is_warm = row.type == "ATTENDEDTRANSFER"
    # Which of the two sides is the target Asterisk tells now so, now the other way round.
    sides = [str(extras.get(name, "")) for name in ("transfer_target_channel_name", "transferee_channel_name")]
    to = next(filter(None, map(settings.agent_of, sides)), "") if is_warm else extras.get("extension", "")
    agent = settings.agent_of(row.channel)
    data = {"to": to, "warm": is_warm}
    return _made(row, settings, Kind.TRANSFERRED, f"transferred:{row.second}", agent=agent, data=data)


def _held(row: Row, settings: AsteriskSettings) -> PbxEvent:
    kind = Kind.HELD if row.type == "OPORA_HELD" else Kind.RESUMED
    return _made(row, settings, kind, f"{kind}:{row.second}", agent=settings.agent_of(row.channel))


def _voice(row: Row, settings: AsteriskSettings) -> PbxEvent:
    kind = Kind.SECRETARY if row.type == "OPORA_SECRETARY" else Kind.RECORDED
    return _made(row, settings, kind, str(kind), data={"file": row.extras.get("extra", "")})


def _asked(row: Row, settings: AsteriskSettings) -> PbxEvent:
    return _made(row, settings, Kind.SECRETARY, "asked", data={"asks": True})


def _rated(row: Row, settings: AsteriskSettings) -> PbxEvent | None:
    score = str(row.extras.get("extra", ""))
    if score not in {"1", "2", "3", "4", "5"}:
        return None
    return _made(row, settings, Kind.RATED, "rated", data={"score": int(score)})


def ended(row: Row, settings: AsteriskSettings, cause: str = "") -> PbxEvent:
    """Return the end of the whole call; the channel that told it may be any of its channels."""
    data = {"cause": cause} if cause else {}
    return PbxEvent(settings.name, f"{row.linked}:ended", row.linked, Kind.ENDED, row.at, data=data)


FACTS: Mapping[str, Callable[[Row, AsteriskSettings], PbxEvent | None]] = {
    "CHAN_START": _started,
    "APP_START": _queued,
    "ANSWER": _answered,
    "HANGUP": _left,
    "BLINDTRANSFER": _handed_over,
    "ATTENDEDTRANSFER": _handed_over,
    "LINKEDID_END": ended,
    "OPORA_OUT": _dialled,
    "OPORA_HELD": _held,
    "OPORA_RESUMED": _held,
    "OPORA_SECRETARY": _voice,
    "OPORA_RECORDED": _voice,
    "OPORA_CALLBACK": _asked,
    "OPORA_RATED": _rated,
}


def abandoned(settings: AsteriskSettings, *, unique: str, call: str, at: datetime, line: str) -> PbxEvent:
    """The citizen hung up before anybody answered: the queue says it, CEL does not."""
    return PbxEvent(settings.name, f"{unique}:abandoned", call, Kind.ABANDONED, at, line=line)


def agent_state(
    settings: AsteriskSettings, *, interface: str, ready: bool, reason: str, at: datetime
) -> PbxEvent | None:
    """An employee takes calls or does not; told once for every queue she is in, and one fact for all of them."""
    agent = settings.agent_of(f"{interface}-")
    if not agent:
        return None
    mark = "ready" if ready else "paused"
    data = {"ready": ready, "reason": "" if ready else reason}
    return PbxEvent(settings.name, f"{agent}:{mark}:{int(at.timestamp())}", "", Kind.AGENT, at, agent=agent, data=data)


def _told(block: Block, settings: AsteriskSettings) -> PbxEvent | None:
    """Return what an event of AMI that is no row of CEL means."""
    told = block.get("Event")
    if told not in {"QueueCallerAbandon", "QueueMemberPause"}:
        return None
    at = datetime.fromtimestamp(float(block["Timestamp"]), UTC)
    if told == "QueueCallerAbandon":
        unique, call = block["Uniqueid"], block["Linkedid"]
        return abandoned(settings, unique=unique, call=call, at=at, line=block["Queue"])
    is_ready = block["Paused"] == "0"
    reason = block.get("PausedReason", "")
    return agent_state(settings, interface=block["Interface"], ready=is_ready, reason=reason, at=at)
