"""Rows of the room."""

from opora.reports.models.export import Export
from opora.reports.models.facts import (
    AppealFact,
    ClaimFact,
    DeliveryFact,
    DisputeFact,
    InsuredCount,
    MeasureFact,
    PublicFact,
    ReasonFact,
    RecourseFact,
    SurveyFact,
)
from opora.reports.models.publication import Publication
from opora.reports.models.reading import Cursor, Stale
from opora.reports.models.schedule import Schedule, Sending
from opora.reports.models.seal import Change, Seal

__all__ = [
    "AppealFact",
    "Change",
    "ClaimFact",
    "Cursor",
    "DeliveryFact",
    "DisputeFact",
    "Export",
    "InsuredCount",
    "MeasureFact",
    "PublicFact",
    "Publication",
    "ReasonFact",
    "RecourseFact",
    "Schedule",
    "Seal",
    "Sending",
    "Stale",
    "SurveyFact",
]
