"""Commands of the room."""

from opora.mailroom.services.collecting import collect, collect_left
from opora.mailroom.services.ending import delivered, returned
from opora.mailroom.services.forgetting import forget
from opora.mailroom.services.intaking import file_away, follow_intake, link, open_intake, reopen
from opora.mailroom.services.listing import add_tracks, hand_over, make_list, set_track, take_off
from opora.mailroom.services.picking import address, drop
from opora.mailroom.services.registering import amend, duplicates, register
from opora.mailroom.services.scanning import add_scan, open_page, open_scan, remove_scan

__all__ = [
    "add_scan",
    "add_tracks",
    "address",
    "amend",
    "collect",
    "collect_left",
    "delivered",
    "drop",
    "duplicates",
    "file_away",
    "follow_intake",
    "forget",
    "hand_over",
    "link",
    "make_list",
    "open_intake",
    "open_page",
    "open_scan",
    "register",
    "remove_scan",
    "reopen",
    "returned",
    "set_track",
    "take_off",
]
