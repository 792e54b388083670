"""The door: which program makes which file."""

from typing import Literal

from opora.shared.documents.letter import Letter
from opora.shared.documents.page import letter_pdf
from opora.shared.documents.word import letter_docx

Format = Literal["docx", "pdf"]
TYPES: dict[Format, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def letter(letter: Letter, to: Format) -> bytes:
    """Return the file. The same letter gives the same bytes with the same versions of the libraries."""
    return letter_docx(letter) if to == "docx" else letter_pdf(letter)
