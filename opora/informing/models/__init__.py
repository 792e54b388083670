"""Rows of informing. What they hold together is described in docs/informing.md."""

from opora.informing.models.campaign import Campaign, Rung, Template, TouchTally, Wave
from opora.informing.models.export import Export
from opora.informing.models.gap import Gap, GapCount
from opora.informing.models.health import Observation, PlannedVisit, Referral
from opora.informing.models.letter import LetterItem, PrintRun
from opora.informing.models.month import Informed, MonthCount, ToldCount
from opora.informing.models.plan import PlanEntry, Seal
from opora.informing.models.public import PublicEvent, PublicInforming
from opora.informing.models.quality import Reachability, Unreached
from opora.informing.models.roll import Entry, Reported, Roll, Visit, Volume
from opora.informing.models.touch import Attempt, Exclusion, Touch

__all__ = [
    "Attempt",
    "Campaign",
    "Entry",
    "Exclusion",
    "Export",
    "Gap",
    "GapCount",
    "Informed",
    "LetterItem",
    "MonthCount",
    "Observation",
    "PlanEntry",
    "PlannedVisit",
    "PrintRun",
    "PublicEvent",
    "PublicInforming",
    "Reachability",
    "Referral",
    "Reported",
    "Roll",
    "Rung",
    "Seal",
    "Template",
    "ToldCount",
    "Touch",
    "TouchTally",
    "Unreached",
    "Visit",
    "Volume",
    "Wave",
]
