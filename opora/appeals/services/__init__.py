"""Commands of the journal. Each runs in the caller's transaction and scope, locks the appeal, checks the right, the
place, the stage and the ``version`` the caller saw, and leaves the row, its events and an audit line.

Refusals are ``appeals.errors``. ``by`` is an Employee or a Caller of the API.
"""

from opora.appeals.places import Target
from opora.appeals.services.access import grant_access, revoke_access
from opora.appeals.services.amending import amend
from opora.appeals.services.answers import (
    answer_interim,
    approve_answer,
    confirm_delivery,
    prepare_answer,
    return_answer,
    send_answer,
    settle_undelivered,
    submit_answer,
)
from opora.appeals.services.bundles import add_to_bundle, answer_bundle, bundle, remove_from_bundle
from opora.appeals.services.callbacks import complete_callback, miss_callback, promise_callback
from opora.appeals.services.closing import close, reopen
from opora.appeals.services.extension import extend, pause, resume
from opora.appeals.services.files import add_file, read_file, remove_file
from opora.appeals.services.forwarding import forward
from opora.appeals.services.notes import note
from opora.appeals.services.owners import hand_over, reassign, return_back, take
from opora.appeals.services.registering import register_answered
from opora.appeals.services.relations import link, unlink

__all__ = [
    "Target",
    "add_file",
    "add_to_bundle",
    "amend",
    "answer_bundle",
    "answer_interim",
    "approve_answer",
    "bundle",
    "close",
    "complete_callback",
    "confirm_delivery",
    "extend",
    "forward",
    "grant_access",
    "hand_over",
    "link",
    "miss_callback",
    "note",
    "pause",
    "prepare_answer",
    "promise_callback",
    "read_file",
    "reassign",
    "register_answered",
    "remove_file",
    "remove_from_bundle",
    "reopen",
    "resume",
    "return_answer",
    "return_back",
    "revoke_access",
    "send_answer",
    "settle_undelivered",
    "submit_answer",
    "take",
    "unlink",
]
