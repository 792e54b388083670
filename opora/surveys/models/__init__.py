"""Rows of the room. People and answers stand in two files that know nothing of each other."""

from opora.surveys.models.answers import Sheet, Waiting
from opora.surveys.models.people import Attempt, Invitee
from opora.surveys.models.round import Cell, Round
from opora.surveys.models.survey import Survey, SurveyVersion

__all__ = ["Attempt", "Cell", "Invitee", "Round", "Sheet", "Survey", "SurveyVersion", "Waiting"]
