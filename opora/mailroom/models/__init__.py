"""Rows of the mailroom."""

from opora.mailroom.models.incoming import Incoming, Numbering, Page, Scan, Words
from opora.mailroom.models.outgoing import Outgoing, PostList
from opora.mailroom.models.story import PaperEvent

__all__ = ["Incoming", "Numbering", "Outgoing", "Page", "PaperEvent", "PostList", "Scan", "Words"]
