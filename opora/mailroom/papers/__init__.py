"""What the mailroom prints: a stamp label, envelopes, the list for the post, as PDF and DOCX.

The libraries are loaded with the first paper (``shared.documents``): a start must not pay for them. The layout of the
list is our own: the forms of the post were not at hand (docs/mailroom.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from opora.mailroom.papers.shapes import ENVELOPES, LABELS, Envelope, Item, ListPaper, Stamp

if TYPE_CHECKING:
    from opora.shared.documents import Format

__all__ = [
    "ENVELOPES",
    "LABELS",
    "Envelope",
    "Item",
    "ListPaper",
    "Stamp",
    "print_envelopes",
    "print_list",
    "print_stamp",
]


def print_stamp(what: Stamp, size: str, *, place: int = 1) -> bytes:
    """Return the label of a letter as PDF: «roll» for a label printer, «sheet» — the place (from 1) on an A4 sheet."""
    from opora.mailroom.papers.labels import stamp_pdf

    return stamp_pdf(what, size, place=place)


def print_envelopes(what: Sequence[Envelope], size: str) -> bytes:
    """Return envelopes as PDF, one on a page of the size of the envelope (``ENVELOPES``)."""
    from opora.mailroom.papers.envelopes import envelopes_pdf

    return envelopes_pdf(what, size)


def print_list(what: ListPaper, to: Format) -> bytes:
    """Return the list for the post."""
    if to == "docx":
        from opora.mailroom.papers.lists_word import list_docx

        return list_docx(what)
    from opora.mailroom.papers.lists import list_pdf

    return list_pdf(what)
