"""Commands of the journal. Each runs in the caller's transaction and scope, locks the appeal, checks the right, the
place, the stage and the ``version`` the caller saw, and leaves the row, its events and an audit line.

Refusals are ``appeals.errors``. ``by`` is an Employee or a Caller of the API.
"""

from opora.appeals.services._places import Target
from opora.appeals.services.access import grant_access, revoke_access
from opora.appeals.services.amending import amend
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
from opora.appeals.services.extension import extend, pause, resume
from opora.appeals.services.forwarding import forward
from opora.appeals.services.notes import note
from opora.appeals.services.owners import hand_over, reassign, return_back, take

__all__ = [
    "Target",
    "amend",
    "answer_interim",
    "approve_answer",
    "close",
    "confirm_delivery",
    "extend",
    "forward",
    "grant_access",
    "hand_over",
    "note",
    "pause",
    "prepare_answer",
    "reassign",
    "reopen",
    "resume",
    "return_answer",
    "return_back",
    "revoke_access",
    "send_answer",
    "submit_answer",
    "take",
]
