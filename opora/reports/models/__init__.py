"""Rows of the room."""

from opora.reports.models.facts import (
    AppealFact,
    ClaimFact,
    DeliveryFact,
    DisputeFact,
    MeasureFact,
    ReasonFact,
    SurveyFact,
)
from opora.reports.models.reading import Cursor, Stale
from opora.reports.models.seal import Change, Seal

__all__ = [
    "AppealFact",
    "Change",
    "ClaimFact",
    "Cursor",
    "DeliveryFact",
    "DisputeFact",
    "MeasureFact",
    "ReasonFact",
    "Seal",
    "Stale",
    "SurveyFact",
]
