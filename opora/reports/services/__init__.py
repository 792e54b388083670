"""Commands of the room."""

from opora.reports.services.sealing import seal

__all__ = ["seal"]
