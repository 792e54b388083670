"""Commands of the room. Each line is committed before anybody is told of it; the same command again changes nothing."""

from opora.chat.services.answering import answer, hand_over, mark_read, note_card, return_to_queue, take, take_next
from opora.chat.services.ending import close_silent, consult, drop, follow_intake, open_intake, promise
from opora.chat.services.forgetting import forget
from opora.chat.services.places import change_place, open_place
from opora.chat.services.talking import citizen_read, say, talk_of, touch, typing

__all__ = [
    "answer",
    "change_place",
    "citizen_read",
    "close_silent",
    "consult",
    "drop",
    "follow_intake",
    "forget",
    "hand_over",
    "mark_read",
    "note_card",
    "open_intake",
    "open_place",
    "promise",
    "return_to_queue",
    "say",
    "take",
    "take_next",
    "talk_of",
    "touch",
    "typing",
]
