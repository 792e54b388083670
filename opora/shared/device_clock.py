"""A device that worked without a network says when something was by a clock of its own, which may be wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Clocks:
    """When something happened: ``at`` as reckoned, ``behind`` — how much the device's clock is behind the server's."""

    at: datetime
    behind: timedelta

    @property
    def differ(self) -> bool:
        return abs(self.behind) > CLOCKS_DIFFER


def reckon(device_at: datetime, device_now: datetime, server_now: datetime) -> Clocks:
    """Return the moment of a record by the server's clock: the device says when it was and what time it thinks it is.

    A record is never later than now, whatever the device says.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    >>> hour = timedelta(hours=1)
    >>> found = reckon(noon - 3 * hour, noon - 2 * hour, noon)
    >>> found.at.hour, found.behind == 2 * hour, found.differ
    (11, True, True)
    """
    behind = server_now - device_now
    return Clocks(min(device_at + behind, server_now), behind)
