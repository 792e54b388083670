"""Months of the log ahead of time: after every ``migrate`` and every night (``tasks``)."""

from typing import Any

from django.utils import timezone

from opora.shared.partitions import add_months

TABLE = "audit_auditline"


def keep_months_ahead(**signal: Any) -> list[str]:
    """Make sure the log has its months for a year to come; return the new ones. May run twice."""
    return add_months(TABLE, timezone.now().date())
