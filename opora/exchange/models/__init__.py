"""Rows of the exchange. Described in docs/formats/stored-exchange.md."""

from opora.exchange.models.parcel import Parcel, ParcelFinding
from opora.exchange.models.provenance import Provenance
from opora.exchange.models.sent import Fate, SentRecord, Source

__all__ = ["Fate", "Parcel", "ParcelFinding", "Provenance", "SentRecord", "Source"]
