"""Rows of the room."""

from opora.findings.models.facts import NOBODY, Cursor, Day, Fact
from opora.findings.models.finding import Finding, FindingAppeal, FindingEvent
from opora.findings.models.watch import Alarm, Watch

__all__ = ["NOBODY", "Alarm", "Cursor", "Day", "Fact", "Finding", "FindingAppeal", "FindingEvent", "Watch"]
