"""Rows of the room: lines, their load by half-hour, shifts."""

from opora.staffing.models.line import Line
from opora.staffing.models.load import CountedCall, Cursor, Load
from opora.staffing.models.shift import Shift

__all__ = ["CountedCall", "Cursor", "Line", "Load", "Shift"]
