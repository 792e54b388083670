"""Months of events and of their words: always a year ahead."""

from typing import Any

from django.utils import timezone

from opora.shared.partitions import add_months


def keep_months_ahead(**_: Any) -> None:
    for table in ("appeals_event", "appeals_words"):
        add_months(table, timezone.now().date())
