"""What open desks are told: that something has come by a door of their organisation, and nothing of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opora.live.news import News, publish

if TYPE_CHECKING:
    from opora.organisations.models import Employee

EVENT = "doors.message"


def channel(employee: Employee) -> str:
    """Return the channel a page of hers hears."""
    return channel_of(employee.assignment.organisation_id) if employee.assignment else ""


def channel_of(organisation: int) -> str:
    return f"org:{organisation}:doors"


def tell(organisation: int) -> None:
    """Tell desks of the organisation to look anew; by a worker, after the commit of what came."""
    publish([News((channel_of(organisation),), EVENT, {"organisation": organisation})])
