"""Names of channels: ``kind:number`` and words below it, ``org:12:queue:sp2``.

``org``, ``emp`` and ``board`` are heard by place (``tickets.prefixes_of``), ``talk`` by the citizen whose talk it is
(``tickets.issue_to_citizen``); ``appeal`` and other cards by a sealed name that the page of the card hands out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opora.access.scope import Scope

BY_PLACE = ("org", "emp", "board", "talk")
BY_SEAL = ("appeal", "person", "bundle")
LONGEST = 120

_NAME = re.compile(rf"(?:{'|'.join((*BY_PLACE, *BY_SEAL))}):[0-9a-z-]{{1,36}}(?::[0-9a-z_.-]{{1,40}}){{0,3}}")


def is_channel(text: str) -> bool:
    return len(text) <= LONGEST and _NAME.fullmatch(text) is not None


def is_sealed(channel: str) -> bool:
    """Whether the channel is heard by a sealed name only."""
    return is_channel(channel) and channel.partition(":")[0] in BY_SEAL


def board(territory: str, holder: int | None = None) -> str:
    """Return the channel of a wall board: of a territory, of one organisation there, of one wherever it works.

    >>> board("50000"), board("50000", 7), board("", 7)
    ('board:50000', 'board:50000:7', 'board:all:7')
    """
    return f"board:{territory or 'all'}" + (f":{holder}" if holder else "")


def board_of(scope: Scope) -> str:
    """Return the channel of the board of whoever sees ``scope``."""
    if scope.sees == "territory":
        return board(scope.territory)
    return board(scope.territory, scope.insurer or scope.provider or scope.organisation or 0)
