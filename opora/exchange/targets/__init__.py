"""Where records of a format are stored. A format without a target is checked and kept as a file."""

from collections.abc import Callable
from functools import partial

from opora.exchange.lists import BATCHES
from opora.exchange.targets.employees import EmployeesTarget
from opora.exchange.targets.journal import JournalTarget
from opora.exchange.targets.lists import ListsTarget
from opora.exchange.targets.target import Stored, Target

TARGETS: dict[str, Callable[[], Target]] = {
    "g1r-journal-xml": JournalTarget,
    "g1-journal-xlsx": JournalTarget,
    "users-xml": EmployeesTarget,
    **{slug: partial(ListsTarget, slug) for slug in BATCHES},
}

__all__ = ["TARGETS", "Stored", "Target"]
