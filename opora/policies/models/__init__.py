"""Rows of the room."""

from opora.policies.models.delivery import Delivery, DeliveryEvent
from opora.policies.models.proof import AddressPoint, HandOver
from opora.policies.models.route import Courier, Notice, Route, Visit

__all__ = ["AddressPoint", "Courier", "Delivery", "DeliveryEvent", "HandOver", "Notice", "Route", "Visit"]
