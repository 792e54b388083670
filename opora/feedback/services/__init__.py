"""Commands of the room. Each also moves the appeal of the message, in one transaction."""

from opora.feedback.services.carrying import carry, carry_due
from opora.feedback.services.fetching import fetch_all, fetch_door
from opora.feedback.services.folding import take_in
from opora.feedback.services.following import follow
from opora.feedback.services.taking_up import take_up_left
from opora.feedback.services.working import (
    approve,
    assign,
    extend,
    prepare,
    redirect,
    return_answer,
    send_again,
    take,
)

__all__ = [
    "approve",
    "assign",
    "carry",
    "carry_due",
    "extend",
    "fetch_all",
    "fetch_door",
    "follow",
    "prepare",
    "redirect",
    "return_answer",
    "send_again",
    "take",
    "take_in",
    "take_up_left",
]
