"""Commands of the hot line: facts are taken in, agents change state, tasks are carried."""

from opora.telephony.services.agents import change_state, leave_seat, take_seat
from opora.telephony.services.commands import answer_order, ask_about_call, dial, forget_commands, look, take_orders
from opora.telephony.services.taking import close_lost, take_in
from opora.telephony.services.tasks import call_back_later, called_back, give_up, take_task

__all__ = [
    "answer_order",
    "ask_about_call",
    "call_back_later",
    "called_back",
    "change_state",
    "close_lost",
    "dial",
    "forget_commands",
    "give_up",
    "leave_seat",
    "look",
    "take_in",
    "take_orders",
    "take_seat",
    "take_task",
]
