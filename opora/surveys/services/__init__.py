"""Commands of the room."""

from opora.surveys.services.answers import take_sheet
from opora.surveys.services.release import forget_people, release
from opora.surveys.services.rounds import change_version, close_round, draft_round, launch_round, lay_sample, open_post
from opora.surveys.services.surveys import copy_survey, new_version

__all__ = [
    "change_version",
    "close_round",
    "copy_survey",
    "draft_round",
    "forget_people",
    "launch_round",
    "lay_sample",
    "new_version",
    "open_post",
    "release",
    "take_sheet",
]
