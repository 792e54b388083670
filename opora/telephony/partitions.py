"""Months of facts: always a year ahead."""

from typing import Any

from django.utils import timezone

from opora.shared.partitions import add_months


def keep_months_ahead(**_: Any) -> None:
    add_months("telephony_callevent", timezone.now().date())
