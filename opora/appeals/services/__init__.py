"""Commands of the journal. Each runs in the caller's transaction and scope, locks the appeal, checks the right, the
place, the stage and the ``version`` the caller saw, and leaves the row, its events and an audit line.

Refusals are ``appeals.errors``. ``by`` is an Employee or a Caller of the API.
"""

from opora.appeals.services._places import Target
from opora.appeals.services.answers import (
    answer_interim,
    approve_answer,
    confirm_delivery,
    prepare_answer,
    return_answer,
    send_answer,
    submit_answer,
)
from opora.appeals.services.closing import close, reopen
from opora.appeals.services.notes import note
from opora.appeals.services.owners import hand_over, reassign, return_back, take

__all__ = [
    "Target",
    "answer_interim",
    "approve_answer",
    "close",
    "confirm_delivery",
    "hand_over",
    "note",
    "prepare_answer",
    "reassign",
    "reopen",
    "return_answer",
    "return_back",
    "send_answer",
    "submit_answer",
    "take",
]
