"""Rows of the hot line: lines, facts told by the exchange, calls folded from them, agents, tasks to call back."""

from opora.telephony.models.agent import Agent, Spell
from opora.telephony.models.call import Call, CallEvent, Known, PopUp
from opora.telephony.models.callback import CallBack
from opora.telephony.models.command import Command
from opora.telephony.models.extension import ExtensionRange
from opora.telephony.models.line import Line, LineDay
from opora.telephony.models.overflow import Agreement
from opora.telephony.models.recording import Keeping, Recording

__all__ = [
    "Agent",
    "Agreement",
    "Call",
    "CallBack",
    "CallEvent",
    "Command",
    "ExtensionRange",
    "Keeping",
    "Known",
    "Line",
    "LineDay",
    "PopUp",
    "Recording",
    "Spell",
]
