"""Months of events and of their words: always a year ahead; words of old months are folded into quarters.

A search goes back through all years, and the planner looks at each partition: forty months cost more than the reading.
"""

from datetime import date
from typing import Any

import structlog
from django.db import OperationalError
from django.utils import timezone

from opora.shared.partitions import add_months, fold_quarter, quarter_of

log = structlog.get_logger(__name__)
FIRST_YEAR = 2011  # the year of 326-ФЗ: no journal of compulsory insurance begins before


def keep_months_ahead(**_: Any) -> None:
    for table in ("appeals_event", "appeals_words"):
        add_months(table, timezone.now().date())


def months_since(today: date) -> date:
    """Return since when words lie month by month; what is older than a year, in whole quarters, is folded.

    >>> months_since(date(2026, 11, 23))
    datetime.date(2025, 10, 1)
    """
    return quarter_of(today.replace(day=1, year=today.year - 1))


def fold_old_quarters() -> int:
    """Fold the words of quarters that are over for a year; return how many. Somebody reads — another night."""
    bound = months_since(timezone.now().date())
    quarters = [date(year, month, 1) for year in range(FIRST_YEAR, bound.year + 1) for month in (1, 4, 7, 10)]
    folded = 0
    for first in quarters:
        if first >= bound:
            break
        try:
            folded += fold_quarter("appeals_words", first)
        except OperationalError as error:
            log.warning("appeals.quarter_not_folded", quarter=str(first), fault=str(error).strip())
    return folded
