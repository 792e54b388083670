"""The loop is closed: who came, after which touch, and what is not sent any more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from opora.shared.sql import question

if TYPE_CHECKING:
    from opora.informing.models import Roll

came = question(Path(__file__).parent / "sql", "came")


@dataclass(frozen=True, slots=True)
class Closed:
    """Plan lines closed, touches that visits answer, touches spared, planned visits that took place."""

    closed: int = 0
    answered: int = 0
    spared: int = 0
    visited: int = 0


def close(roll: Roll) -> Closed:
    """Let the visits of a roll close what they concern. A second time changes nothing."""
    row = came(roll=roll.pk)[0]
    return Closed(row.closed, row.answered, row.spared, row.visited)
