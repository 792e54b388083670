"""The door: which program makes which file."""

from typing import Literal

from opora.shared.documents.letter import Letter

Format = Literal["docx", "pdf"]
TYPES: dict[Format, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def letter(letter: Letter, to: Format) -> bytes:
    """Return the file. The same letter gives the same bytes with the same versions of the libraries.

    The libraries are loaded with the first letter: together they cost every start more than a second.
    """
    if to == "docx":
        from opora.shared.documents.word import letter_docx

        return letter_docx(letter)
    from opora.shared.documents.page import letter_pdf

    return letter_pdf(letter)
