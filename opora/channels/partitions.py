"""Months of receipts: always a year ahead."""

from typing import Any

from django.utils import timezone

from opora.shared.partitions import add_months

TABLE = "channels_receipt"


def keep_months_ahead(**_: Any) -> None:
    add_months(TABLE, timezone.now().date())
