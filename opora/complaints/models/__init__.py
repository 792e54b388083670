"""Rows of the room."""

from opora.complaints.models.case import Case, CaseEvent, CaseTally, Dispute, DoubtedService, Restoration
from opora.complaints.models.claim import Claim
from opora.complaints.models.control import ActNumbering, Control, Violation
from opora.complaints.models.expert import Employment, Expert
from opora.complaints.models.records import Paper, RecordsRequest, Reminder
from opora.complaints.models.recourse import Recourse, RecourseEvent, RecoursePayment

__all__ = [
    "ActNumbering",
    "Case",
    "CaseEvent",
    "CaseTally",
    "Claim",
    "Control",
    "Dispute",
    "DoubtedService",
    "Employment",
    "Expert",
    "Paper",
    "RecordsRequest",
    "Recourse",
    "RecourseEvent",
    "RecoursePayment",
    "Reminder",
    "Restoration",
    "Violation",
]
