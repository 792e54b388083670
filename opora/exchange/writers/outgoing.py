"""What writers of informing are told: from whom, when, which number; and how a list is packed."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from opora.informing.incoming import Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One package on its way out. ``sender`` is the code of the insurer, ``made_at`` an aware moment of her clock.

    ``number`` counts packages of the period the partner counts in; ``package`` is the id of the package where the
    partner wants one; ``region`` the two digits of the territory; ``provider`` the code of the clinic it is about,
    ``answers`` the name of the file that is answered.
    """

    sender: str
    made_at: datetime
    number: int = 1
    package: str = ""
    region: str = ""
    provider: str = ""
    version: str = ""
    answers: str = ""


class ListWriter(Protocol):
    """``slug`` is the format our own reader recognises the bytes as."""

    slug: str
    title: str

    def name(self, outgoing: Outgoing) -> str:
        """Return the file name the partner expects."""

    def write(self, batch: Batch, outgoing: Outgoing) -> bytes:
        """Return the file. Raises CodeUnknown for a word the partner has no code for, FactMissing for a hole."""


def packed(name: str, content: bytes, made_at: datetime) -> bytes:
    """Return an archive of one member: the same content gives the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        member = zipfile.ZipInfo(name, made_at.timetuple()[:6])
        member.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(member, content)
    return stream.getvalue()
