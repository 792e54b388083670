"""The exchange (АТС) as this room needs it: one shape of event, one Protocol; adapters fulfil it, tests play it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string


class Kind(StrEnum):
    """What happened to a call, or to the state of an agent."""

    ARRIVED = "arrived"
    QUEUED = "queued"
    RINGING = "ringing"
    ANSWERED = "answered"
    HELD = "held"
    RESUMED = "resumed"
    TRANSFERRED = "transferred"
    LEFT = "left"
    ABANDONED = "abandoned"
    ENDED = "ended"
    SECRETARY = "secretary"
    RECORDED = "recorded"
    RATED = "rated"
    AGENT = "agent"


SILENCE = "silence"  # data["cause"] of a telephone that was heard no more: its receiver was not put down by a hand


@dataclass(frozen=True, slots=True)
class PbxEvent:
    """One fact told by an exchange. Facts may come late, twice and in any order.

    pbx     name of the exchange, as the settings call it
    key     unique within the exchange: a repeat of a key is harmless
    call    id of the whole call (``Linkedid`` of Asterisk); empty for ``Kind.AGENT``
    at      when it happened by the clock of the exchange, with a time zone
    line    number of the line that was dialled; empty where the exchange does not say it again
    caller  digits of the other side, empty when the number is hidden
    agent   extension of the employee, empty when nobody is named; left: who has put the receiver down
    data    the rest, by kind:
            ``direction``  arrived: "in" (the default) or "out"
            ``reference``  arrived: what ``originate`` was given
            ``to``         transferred: where to; ``warm``: bool
            ``cause``      ended: words of the exchange; left: ``SILENCE`` when the telephone has died
            ``file``       recorded, secretary: reference of the voice file; ``seconds``: its length
            ``asks``       secretary: True when he left the queue and asked to be called back; no file then
            ``score``      rated: 1–5
            ``ready``      agent: bool; ``reason``: words of the break
    """

    pbx: str
    key: str
    call: str
    kind: Kind
    at: datetime
    line: str = ""
    caller: str = ""
    agent: str = ""
    data: Mapping[str, object] = field(default_factory=dict)


class PbxUnavailable(Exception):
    """The exchange does not answer: calls are registered by hand until it does."""


class PbxRefused(PbxUnavailable):
    """The exchange answers and says no: a wrong password, no such channel. Its words are the message."""


class NobodyThere(PbxRefused):
    """Nobody is at the telephone, or on the line, a citizen was to be handed over to: he was left where he is."""


class Pbx(Protocol):
    """An exchange. Every method raises ``PbxUnavailable`` when the link is down."""

    def events(self) -> AsyncIterator[PbxEvent]:
        """Yield facts as they happen, from now on; ends or raises when the link is lost."""

    async def since(self, at: datetime) -> Sequence[PbxEvent]:
        """Facts from the exchange's own log, from ``at`` (inclusive) until now: asked after each reconnect.

        A key is the same as in ``events`` for the same fact; a log that keeps only beginnings and ends gives those.
        """

    async def originate(self, agent: str, number: str, reference: str) -> str:
        """Ring extension ``agent``, then ``number`` (digits); return the id of the call."""

    async def hangup(self, call: str) -> None:
        """End the call; a call already over is no error."""

    async def leave(self, call: str, agent: str) -> None:
        """Put down the receiver of one employee, or let it ring no more; the call goes on if it can."""

    async def regret(self, call: str, colleagues: Sequence[str]) -> None:
        """End a consultation: the extensions asked leave, the citizen is with the first employee again."""

    async def keep(self, call: str) -> None:
        """Let go of the employee's telephone, which starts anew, and ring it again; the citizen hears music."""

    async def hold(self, call: str) -> None:
        """Play music to the citizen."""

    async def resume(self, call: str) -> None:
        """Take the citizen off hold."""

    async def transfer(self, call: str, to: str, *, warm: bool) -> None:
        """Hand the citizen over to extension or line ``to``; warm: both employees talk first. Raises NobodyThere."""

    async def state(self, agent: str, ready: bool, reason: str) -> None:
        """Let calls to the extension through, or stop them with a reason."""


class NoTape(Exception):
    """The exchange has no such file, or not the whole of it yet."""


class Tapes(Protocol):
    """Files of voices on an exchange. Both methods raise ``PbxUnavailable`` when it cannot be reached."""

    def fetch(self, file: str) -> bytes:
        """Return a whole file by the reference a fact has given. Raises NoTape."""

    def erase(self, file: str) -> None:
        """Erase a file on the exchange; one that is not there is no error."""


def tapes_of(pbx: str) -> Tapes:
    """Return the files of an exchange. Raises PbxUnavailable when the settings know none of this name."""
    return cast(Tapes, import_string(settings.PORTS["telephony.Tapes"])(pbx))


@dataclass(frozen=True, slots=True)
class Overflow:
    """Where calls of a line go, and when: ``when`` is ``words.When``; ``seconds`` of waiting, 0 where it is not asked.

    The exchange keeps it by itself and stops at ``until``, also when nobody tells it to.
    """

    line: str
    when: str
    to: str
    seconds: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Hours:
    """When a line has operators: ``spans`` from opening to closing, in order; from ``until`` on nothing is known."""

    line: str
    spans: Sequence[tuple[datetime, datetime]]
    until: datetime


class Steering(Protocol):
    """What an exchange knows of hours and of agreements between organisations: it goes by them by itself."""

    def steer(self, hours: Sequence[Hours], rules: Sequence[Overflow]) -> None:
        """Let the exchange keep these hours, and these rules of their lines and no others. Raises
        ``PbxUnavailable``."""


def steering_of(pbx: str) -> Steering:
    """Return what steers an exchange. Raises PbxUnavailable when the settings know none of this name."""
    return cast(Steering, import_string(settings.PORTS["telephony.Steering"])(pbx))
