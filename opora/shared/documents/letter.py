"""What a letter consists of."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: the full name, and lines under it — address, telephone, e-mail."""

    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: the post as the document names it, and the name with initials."""

    position: str
    name: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. What is left out takes no place; a ``body`` is paragraphs, a line break inside one is kept.

    A ``title`` makes it a document without an addressee (a record card); ``replies_to`` is «На № 17 от 02.03.2026».
    """

    head: Letterhead
    body: tuple[str, ...]
    dated: date | None = None
    number: str = ""
    addressee: tuple[str, ...] = ()
    replies_to: str = ""
    about: str = ""
    title: str = ""
    greeting: str = ""
    enclosures: tuple[str, ...] = ()
    signature: Signature | None = None
    prepared_by: str = ""

    @property
    def marks(self) -> list[str]:
        """Lines at the left of the addressee: date, number, what it answers.

        >>> Letter(Letterhead("Фонд"), (), dated=date(2026, 3, 2), number="17").marks
        ['02.03.2026 № 17']
        """
        day = f"{self.dated:%d.%m}.{self.dated.year:04d}" if self.dated else ""
        own = " ".join(part for part in (day, f"№ {self.number}" if self.number else "") if part)
        return [line for line in (own, self.replies_to) if line]

    @property
    def enclosed(self) -> list[str]:
        """Lines of enclosures: one is written in line, several are numbered."""
        if len(self.enclosures) == 1:
            return [f"Приложение: {self.enclosures[0]}"]
        return (
            ["Приложения:", *(f"{n}. {what}" for n, what in enumerate(self.enclosures, 1))] if self.enclosures else []
        )


def clean(text: str) -> str:
    """Return text without signs no document can hold (control signs, halves of pairs), tabs as blanks.

    >>> clean("Ответ\\x00 готов\\r\\n"), clean("a\\tb")
    ('Ответ готов\\n', 'a    b')
    """
    text = text.replace("\t", 4 * " ")
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs", "Cn"})


def cleaned(lines: Iterable[str]) -> Iterator[str]:
    return (clean(line).strip() for line in lines if line.strip())
