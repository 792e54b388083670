"""People told from the beginning of a year: a dozen rows instead of its contacts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from opora.informing.models import ToldCount


@dataclass(frozen=True, slots=True)
class Told:
    """``informed`` and ``repeated`` are people, each once; ``contacts`` all that reached them."""

    informed: int = 0
    repeated: int = 0
    contacts: int = 0


def told(territory: str, insurer: int | None, since: date, until: date) -> dict[str, Told] | None:
    """Return sums by stream; ``insurer`` with its branches, None — everybody's. One query.

    None where the sums do not say it: the days are not the first months of one year, or nothing is kept of that year.
    """
    ends_month = (until + timedelta(days=1)).day == 1
    if (since.month, since.day) != (1, 1) or until.year != since.year or not ends_month:
        return None
    found = ToldCount.objects.filter(territory=territory, year=since.year, insurer=insurer)
    kept: dict[str, Told] = {}
    for row in found.order_by().values("stream", "month", "informed", "repeated", "contacts"):
        sums = kept.get(row["stream"], Told())
        if row["month"] <= until.month:
            sums = Told(
                sums.informed + row["informed"], sums.repeated + row["repeated"], sums.contacts + row["contacts"]
            )
        kept[row["stream"]] = sums
    return kept or None
