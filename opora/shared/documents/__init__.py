"""Documents on paper: a letter as DOCX, to be finished in an editor, and as PDF, to be sent.

    documents.letter(Letter(...), "pdf")  # bytes

Words: Letter (what a letter consists of), Letterhead (who writes), Signature. Nothing is taken from the machine: the
font lies in this folder (``fonts/LICENSE``), the same letter gives the same bytes, and its properties name nobody.
"""

from opora.shared.documents.letter import Letter, Letterhead, Signature
from opora.shared.documents.rendering import TYPES, Format, letter

__all__ = ["TYPES", "Format", "Letter", "Letterhead", "Signature", "letter"]
