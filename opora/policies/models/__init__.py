"""Rows of the room."""

from opora.policies.models.delivery import Delivery, DeliveryEvent
from opora.policies.models.plan import DayPlan, Schedule
from opora.policies.models.proof import AddressPoint, HandOver
from opora.policies.models.route import Courier, Notice, Route, Visit

__all__ = [
    "AddressPoint",
    "Courier",
    "DayPlan",
    "Delivery",
    "DeliveryEvent",
    "HandOver",
    "Notice",
    "Route",
    "Schedule",
    "Visit",
]
