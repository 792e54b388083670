"""Documents on paper: a letter as DOCX, to be finished in an editor, and as PDF, to be sent.

    documents.letter(Letter(...), "pdf")  # bytes

Words: Letter (what a letter consists of), Letterhead (who writes), Signature. Nothing is taken from the machine: the
font lies in this folder (``fonts/LICENSE``), the same letter gives the same bytes, and its properties name nobody.
"""

from pathlib import Path

from opora.shared.documents.letter import Letter, Letterhead, Signature
from opora.shared.documents.rendering import TYPES, Format, letter

FONTS = Path(__file__).parent / "fonts"

__all__ = ["FONTS", "TYPES", "Format", "Letter", "Letterhead", "Signature", "letter"]
