"""Commands of the room: one verb, one transaction, one audit line."""

from opora.complaints.services.claims import claim, decide_claim, review
from opora.complaints.services.controls import Found, assign, cancel, finish, hand_over, sign, write_act
from opora.complaints.services.ending import (
    close_case,
    end_dispute,
    open_dispute,
    reopen_case,
    restore,
    set_verdict,
)
from opora.complaints.services.following import follow
from opora.complaints.services.opening import decide, doubt, find_doubted, note, open_case, set_standing, take
from opora.complaints.services.records import accept, add_paper, answer, ask, send_back, withdraw
from opora.complaints.services.recourse import (
    correct_recourse,
    decide_recourse,
    file_recourse,
    pay_recourse,
    take_payment_back,
    withdraw_recourse,
)
from opora.complaints.services.reminding import remind

__all__ = [
    "Found",
    "accept",
    "add_paper",
    "answer",
    "ask",
    "assign",
    "cancel",
    "claim",
    "close_case",
    "correct_recourse",
    "decide",
    "decide_claim",
    "decide_recourse",
    "doubt",
    "end_dispute",
    "file_recourse",
    "find_doubted",
    "finish",
    "follow",
    "hand_over",
    "note",
    "open_case",
    "open_dispute",
    "pay_recourse",
    "remind",
    "reopen_case",
    "restore",
    "review",
    "send_back",
    "set_standing",
    "set_verdict",
    "sign",
    "take",
    "take_payment_back",
    "withdraw",
    "withdraw_recourse",
    "write_act",
]
