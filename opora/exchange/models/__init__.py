"""Rows of the exchange. Described in docs/formats/stored-exchange.md."""

from opora.exchange.models.parcel import Parcel, ParcelFinding
from opora.exchange.models.provenance import Provenance

__all__ = ["Parcel", "ParcelFinding", "Provenance"]
