"""Rows of the journal. What they hold together is described in docs/journal.md."""

from opora.appeals.models.answer import Answer, File
from opora.appeals.models.appeal import Appeal, AppealText, Numbering
from opora.appeals.models.board import DayTally, PromiseTally, Queued, Screen
from opora.appeals.models.chain import ChainHead, ChainLink, DailyHead, Unchained, Verification
from opora.appeals.models.clock import Clock
from opora.appeals.models.event import Event
from opora.appeals.models.grant import Grant, Tally
from opora.appeals.models.party import Party, Reason
from opora.appeals.models.policy import ApprovalRule, Route, VisibilityRule
from opora.appeals.models.quality import QualitySample, SampleSource, Score, ScoreSheet
from opora.appeals.models.reminder import Reminder
from opora.appeals.models.search import Words
from opora.appeals.models.together import Bundle, Relation
from opora.appeals.models.views import Export, ListColumns, SavedView
from opora.appeals.models.wait import Wait
from opora.appeals.models.work import Callback, Draft, IntakeTime

__all__ = [
    "Answer",
    "Appeal",
    "AppealText",
    "ApprovalRule",
    "Bundle",
    "Callback",
    "ChainHead",
    "ChainLink",
    "Clock",
    "DailyHead",
    "DayTally",
    "Draft",
    "Event",
    "Export",
    "File",
    "Grant",
    "IntakeTime",
    "ListColumns",
    "Numbering",
    "Party",
    "PromiseTally",
    "QualitySample",
    "Queued",
    "Reason",
    "Relation",
    "Reminder",
    "Route",
    "SampleSource",
    "SavedView",
    "Score",
    "ScoreSheet",
    "Screen",
    "Tally",
    "Unchained",
    "Verification",
    "VisibilityRule",
    "Wait",
    "Words",
]
