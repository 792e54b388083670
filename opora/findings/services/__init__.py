"""Commands of the room: one verb, one transaction, one audit line."""

from opora.findings.services.deciding import close, decide, note, reopen
from opora.findings.services.following import follow_due, follow_up
from opora.findings.services.opening import bundle_open, dismiss, gather, open_finding, remove
from opora.findings.services.writing import answer, note_measures, note_reply, write_letter

__all__ = [
    "answer",
    "bundle_open",
    "close",
    "decide",
    "dismiss",
    "follow_due",
    "follow_up",
    "gather",
    "note",
    "note_measures",
    "note_reply",
    "open_finding",
    "remove",
    "reopen",
    "write_letter",
]
