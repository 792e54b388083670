"""Commands of the room: what comes is stored before it is decided, what leaves is stored before it is sent."""

from opora.doors.services.answers import hear, take_up_left
from opora.doors.services.deciding import decide_left, register_at_once
from opora.doors.services.delivering import deliver, deliver_due, delivered, send_again
from opora.doors.services.fetching import fetch_all, fetch_door, listen_all
from opora.doors.services.flooding import decide_flood, undo_flood
from opora.doors.services.forgetting import forget
from opora.doors.services.greeting import greet
from opora.doors.services.handling import close, link, name_person, reopen, take, unname_person
from opora.doors.services.receiving import receive
from opora.doors.services.registering import follow_intake, open_intake
from opora.doors.services.replying import reply, say

__all__ = [
    "close",
    "decide_flood",
    "decide_left",
    "deliver",
    "deliver_due",
    "delivered",
    "fetch_all",
    "fetch_door",
    "follow_intake",
    "forget",
    "greet",
    "hear",
    "link",
    "listen_all",
    "name_person",
    "open_intake",
    "receive",
    "register_at_once",
    "reopen",
    "reply",
    "say",
    "send_again",
    "take",
    "take_up_left",
    "undo_flood",
    "unname_person",
]
