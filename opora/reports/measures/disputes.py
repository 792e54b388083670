"""Disputes that wait."""

from __future__ import annotations

from django.db.models import Q

from opora.complaints.words import Track
from opora.reports.measures.registry import Asked, Measured, measure
from opora.reports.models import DisputeFact


@measure("disputes.pending", of=("disputes",))
def pending(asked: Asked) -> Measured:
    """Suits that were filed before the days and not decided when they began."""
    since = asked.days.since
    found = DisputeFact.objects.filter(territory=asked.subject.territory, track=Track.COURT, filed_on__lt=since)
    found = found.filter(Q(decided_on=None) | Q(decided_on__gte=since))
    if asked.subject.insurer is not None:
        found = found.filter(insurer_id=asked.subject.insurer)
    return Measured(found.count())
