"""Boards hear that something has moved, and nothing else: no id, no number, no word; each asks for its own figures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import batched
from typing import Any

from opora.appeals.events import Chained
from opora.appeals.models import Grant
from opora.live.channels import board
from opora.live.news import News, publish

AT_ONCE = 100  # channels of one piece of news: it has to fit into a message


def tell(sender: Any, events: Sequence[Chained], **_: Any) -> None:
    """Wake the boards of all who may have an appeal of the batch, whoever had it before: the chainer's receiver."""
    appeals = {event.appeal_id for event in events}
    found = Grant.objects.filter(appeal__in=appeals).values_list("territory", "organisation").distinct()
    channels = {channel for territory, holder in found for channel in channels_of(territory, holder)}
    publish([News(some, "board.changed") for some in batched(sorted(channels), AT_ONCE, strict=False)])


def channels_of(territory: str, holder: int) -> tuple[str, ...]:
    """Return whose boards count an appeal that ``holder`` has: the fund's, its branch's there, its own."""
    return board(territory), board(territory, holder), board("", holder)
